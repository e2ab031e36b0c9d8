import { useParams, useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { config } from '../strings/config.ts'
import { historyText } from '../strings/history.ts'
import { confirm } from '../ui/confirm.tsx'
import { Button, FailureNotice, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { showGood } from '../ui/toasts.tsx'
import { createDraft, createProblems } from './config/draft.ts'
import { File } from './config/file.tsx'
import { Form } from './config/form.tsx'
import { guardLeaving } from './config/guard.ts'
import { Difference, History } from './config/history.tsx'

const ConfigQuery = graphql(
  `query Config($instance: String!) {
    configYaml(instance: $instance)
    configHistory(instance: $instance) { version at via reason keys sha256 }
    configKeys(instance: $instance) { path kind help question required isSet value suggestion default }
  }`,
)
const ReplaceMutation = graphql(
  'mutation ReplaceConfig($instance: String!, $yaml: String!, $base: String) { replaceConfigYaml(instance: $instance, yaml: $yaml, base: $base) }',
)
const parts = [
  { id: 'settings', title: config.settingsTitle },
  { id: 'history', title: historyText.title },
]
const views = [
  { id: 'form', title: config.form },
  { id: 'file', title: config.file },
]

export default function ConfigPage() {
  const params = useParams<{ instance: string }>()
  // Another instance is another page: no draft goes over.
  return (
    <Show when={params.instance} keyed>
      {(instance) => <Config instance={instance} />}
    </Show>
  )
}

function Config(props: { instance: string }) {
  const query = createLiveQuery(
    ConfigQuery,
    () => ({ instance: props.instance }),
    (news) => news.kind === 'instance' && news.instance === props.instance,
  )
  const file = createMemo(() => {
    const newest = query.data?.configHistory[0]
    return (
      query.data && {
        text: query.data.configYaml,
        sha256: newest?.sha256 ?? '',
        version: newest?.version ?? 0,
      }
    )
  })
  const draft = createDraft(file)
  const problems = createProblems(
    () => props.instance,
    () => (query.data ? draft.text() : undefined),
  )
  const [refusal, setRefusal] = createSignal<Failure>()
  const [view, setView] = createSignal('form')
  const [search, setSearch] = useSearchParams<{ view?: string }>()
  const part = () => (search.view === 'history' ? 'history' : 'settings')
  const choose = (id: string) => setSearch({ view: id === 'settings' ? undefined : id }, { replace: true })
  const [typing, setTyping] = createSignal<ReadonlySet<string>>(new Set())
  guardLeaving(() => draft.open() || typing().size > 0)

  function markTyping(path: string, dirty: boolean): void {
    if (typing().has(path) === dirty) return
    const next = new Set(typing())
    if (dirty) next.add(path)
    else next.delete(path)
    setTyping(next)
  }
  function revert(): void {
    draft.drop()
    setRefusal(undefined)
  }
  async function save(): Promise<void> {
    if (!draft.open()) return
    setRefusal(undefined)
    const base = draft.base()?.sha256 || undefined
    const done = await act(ReplaceMutation, { instance: props.instance, yaml: draft.text(), base }, setRefusal)
    if (!done) return
    showGood(done.replaceConfigYaml ? config.saved : config.nothingChanged)
    draft.drop()
    query.refresh()
  }
  async function keepMine(): Promise<void> {
    const { keepMineTitle: title, keepMineLines: lines } = config
    if (!(await confirm({ title, lines: [...lines], action: config.save, danger: true }))) return
    draft.rebase()
    await save()
  }

  return (
    <>
      <PageHeader title={config.title} about={config.about} />
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
            <Show when={draft.overtaken()}>
              <div class="mb-3">
                <Notice tone="warn">
                  <p>{config.changedElsewhere}</p>
                  <section aria-label={config.whatChanged}>
                    <Difference instance={props.instance} version={draft.base()!.version} />
                  </section>
                  <div class="mt-3">
                    <Button kind="danger" onClick={keepMine}>
                      {config.keepMine}
                    </Button>
                  </div>
                </Notice>
              </div>
            </Show>
            <Tabs label={config.parts} tabs={parts} value={part()} onChange={choose} />
            {/* Hidden, not gone: what is typed stays. */}
            <div
              id="settings"
              role="tabpanel"
              aria-label={config.settingsTitle}
              classList={{ hidden: part() !== 'settings' }}
            >
              <div class="lg:hidden">
                <Tabs label={config.views} tabs={views} value={view()} onChange={setView} />
              </div>
              <div class="grid gap-6 lg:grid-cols-2 items-start">
                <section classList={{ 'max-lg:hidden': view() !== 'form' }} class="min-w-0" aria-label={config.form}>
                  <Form instance={props.instance} keys={data.configKeys} locked={draft.open()} onDirty={markTyping} />
                </section>
                <section
                  classList={{ 'max-lg:hidden': view() !== 'file' }}
                  class="min-w-0 lg:sticky lg:top-6"
                  aria-label={config.file}
                >
                  <div class="flex gap-2 mb-3 items-center">
                    <Button kind="main" disabled={!draft.open()} onClick={save}>
                      {config.save}
                    </Button>
                    <Button disabled={!draft.open()} onClick={revert}>
                      {config.revert}
                    </Button>
                  </div>
                  <File
                    text={draft.text()}
                    keys={data.configKeys}
                    problems={problems()}
                    onType={draft.type}
                    onSave={save}
                  />
                </section>
              </div>
            </div>
            <Show when={part() === 'history'}>
              <div id="history" role="tabpanel" aria-label={historyText.title}>
                <History instance={props.instance} versions={data.configHistory} />
              </div>
            </Show>
          </>
        )}
      </Loaded>
    </>
  )
}
