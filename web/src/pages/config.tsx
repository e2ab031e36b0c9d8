import { useParams } from '@solidjs/router'
import { createEffect, createSignal, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, Loaded, PageHeader } from '../ui/parts.tsx'
import { showGood } from '../ui/toasts.tsx'

const ConfigQuery = graphql(
  'query Config($instance: String!) { configYaml(instance: $instance) secrets(instance: $instance) }',
)
const ReplaceMutation = graphql(
  'mutation ReplaceConfig($instance: String!, $yaml: String!) { replaceConfigYaml(instance: $instance, yaml: $yaml) }',
)

export default function ConfigPage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    ConfigQuery,
    () => ({ instance: params.instance }),
    () => params.instance,
  )
  const [base, setBase] = createSignal('')
  const [draft, setDraft] = createSignal<string>()
  createEffect(() => {
    if (query.data && draft() === undefined) setBase(query.data.configYaml)
  })
  const text = () => draft() ?? query.data?.configYaml ?? ''
  const changedOnDisk = () => draft() !== undefined && query.data !== undefined && query.data.configYaml !== base()

  async function save(): Promise<void> {
    const done = await act(ReplaceMutation, { instance: params.instance, yaml: text() })
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
        {(data) => (
          <>
            <Show when={changedOnDisk()}>
              <p class="card p-3 mb-3 border-l-4 border-l-warn">
                The file was changed elsewhere while you were editing. Saving replaces that change; reverting shows it.
              </p>
            </Show>
            <textarea
              class="field font-mono text-sm leading-6 min-h-[28rem]"
              aria-label="config.yaml"
              spellcheck={false}
              value={text()}
              onInput={(event) => setDraft(event.currentTarget.value)}
            />
            <div class="flex gap-2 mt-3">
              <Button kind="main" disabled={draft() === undefined} onClick={save}>
                Save
              </Button>
              <Button disabled={draft() === undefined} onClick={() => setDraft(undefined)}>
                Revert
              </Button>
            </div>
            <h2 class="font-semibold mt-8 mb-2">Secrets</h2>
            <p class="text-quiet text-sm mb-2">
              Which secrets there are; values are never shown here. Set one with: wild-cli secret set PATH
            </p>
            <pre class="card p-4 text-sm whitespace-pre-wrap break-words">{JSON.stringify(data.secrets, null, 2)}</pre>
          </>
        )}
      </Loaded>
    </>
  )
}
