import { useParams } from '@solidjs/router'
import { createEffect, createSignal, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, FailureNotice, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { showGood } from '../ui/toasts.tsx'
import { Secrets } from './config/secrets.tsx'

const ConfigQuery = graphql('query Config($instance: String!) { configYaml(instance: $instance) }')
const ReplaceMutation = graphql(
  'mutation ReplaceConfig($instance: String!, $yaml: String!) { replaceConfigYaml(instance: $instance, yaml: $yaml) }',
)

export default function ConfigPage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    ConfigQuery,
    () => ({ instance: params.instance }),
    (news) => news.kind === 'instance' && news.instance === params.instance,
  )
  const [refusal, setRefusal] = createSignal<Failure>()
  const [base, setBase] = createSignal('')
  const [draft, setDraft] = createSignal<string>()
  createEffect(() => {
    if (query.data && draft() === undefined) setBase(query.data.configYaml)
  })
  const text = () => draft() ?? query.data?.configYaml ?? ''
  const changedOnDisk = () => draft() !== undefined && query.data !== undefined && query.data.configYaml !== base()

  function revert(): void {
    setDraft(undefined)
    setRefusal(undefined)
  }

  async function save(): Promise<void> {
    setRefusal(undefined)
    const done = await act(ReplaceMutation, { instance: params.instance, yaml: text() }, setRefusal)
    if (!done) return
    showGood(done.replaceConfigYaml ? 'Configuration saved.' : 'Nothing had changed.')
    setDraft(undefined)
  }

  return (
    <>
      <PageHeader
        title="Configuration"
        about="config.yaml as it is on disk. Comments and order stay; the previous text is kept."
      />
      <Loaded query={query}>
        {() => (
          <>
            <Show when={refusal()}>
              {(failure) => (
                <div class="mb-3">
                  <FailureNotice failure={failure()} />
                </div>
              )}
            </Show>
            <Show when={changedOnDisk()}>
              <div class="mb-3">
                <Notice tone="warn">
                  The file was changed elsewhere while you were editing. Saving replaces that change; reverting shows
                  it.
                </Notice>
              </div>
            </Show>
            <textarea
              class="field font-mono text-sm leading-6 h-[max(20rem,60dvh)] whitespace-pre overflow-auto"
              aria-label="config.yaml"
              spellcheck={false}
              value={text()}
              onInput={(event) => setDraft(event.currentTarget.value)}
            />
            <div class="flex gap-2 mt-3">
              <Button kind="main" disabled={draft() === undefined} onClick={save}>
                Save
              </Button>
              <Button disabled={draft() === undefined} onClick={revert}>
                Revert
              </Button>
            </div>
          </>
        )}
      </Loaded>
      <Secrets instance={params.instance} />
    </>
  )
}
