import { useParams } from '@solidjs/router'
import { createEffect, createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, FailureNotice, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { showGood } from '../ui/toasts.tsx'
import { History } from './config/history.tsx'
import { Secrets } from './config/secrets.tsx'

const ConfigQuery = graphql(
  'query Config($instance: String!) { configYaml(instance: $instance) configHistory(instance: $instance) { version at via reason keys sha256 } configProblems(instance: $instance) { line path severity message } }',
)
const ReplaceMutation = graphql(
  'mutation ReplaceConfig($instance: String!, $yaml: String!, $base: String) { replaceConfigYaml(instance: $instance, yaml: $yaml, base: $base) }',
)

export default function ConfigPage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    ConfigQuery,
    () => ({ instance: params.instance }),
    (news) => news.kind === 'instance' && news.instance === params.instance,
  )
  const [refusal, setRefusal] = createSignal<Failure>()
  const [base, setBase] = createSignal({ text: '', sha256: '' })
  const [draft, setDraft] = createSignal<string>()
  createEffect(() => {
    const { data } = query
    if (data && draft() === undefined) setBase({ text: data.configYaml, sha256: data.configHistory[0]?.sha256 ?? '' })
  })
  const text = () => draft() ?? query.data?.configYaml ?? ''
  const changedOnDisk = () => draft() !== undefined && query.data !== undefined && query.data.configYaml !== base().text

  function revert(): void {
    setDraft(undefined)
    setRefusal(undefined)
  }

  async function save(): Promise<void> {
    setRefusal(undefined)
    const done = await act(
      ReplaceMutation,
      { instance: params.instance, yaml: text(), base: base().sha256 || undefined },
      setRefusal,
    )
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
                  The file was changed elsewhere while you were editing, so this draft cannot be saved over it. Copy
                  what you need, then revert to see the change.
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
            <Show when={data.configProblems.length}>
              <ul class="card p-4 mt-4 grid gap-2 text-sm" aria-label="Problems">
                <For each={data.configProblems}>
                  {(problem) => (
                    <li class="wrap-anywhere">
                      <span class={problem.severity === 'error' ? 'text-bad' : 'text-warn'}>{problem.severity}</span>{' '}
                      <Show when={problem.path}>{(path) => <code>{path()}</code>}</Show>
                      <Show when={problem.line}>{(line) => <span class="text-quiet"> line {line()}</span>}</Show>:{' '}
                      {problem.message}
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <History instance={params.instance} versions={data.configHistory} />
          </>
        )}
      </Loaded>
      <Secrets instance={params.instance} />
    </>
  )
}
