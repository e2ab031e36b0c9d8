import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { historyText } from '../../strings/history.ts'
import { createClock } from '../../ui/clock.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, FailureNotice, Loaded } from '../../ui/parts.tsx'
import { Diff } from '../../ui/plan.tsx'
import { ago } from '../../ui/time.ts'
import { showGood } from '../../ui/toasts.tsx'

/** One state of config.yaml, as the page lists it. */
export interface Version {
  version: number
  at: string
  via: string
  reason: string
  keys: string[]
}

const DiffQuery = graphql(
  'query ConfigDiff($instance: String!, $version: Int!) { configDiff(instance: $instance, version: $version) }',
)
const RestoreMutation = graphql(
  'mutation RestoreConfig($instance: String!, $version: Int!) { restoreConfig(instance: $instance, version: $version) }',
)
const shownAtFirst = 10

/** Every state config.yaml was in: what became of it since, and the way back. */
export function History(props: { instance: string; versions: Version[] }) {
  const now = createClock(30_000)
  const [open, setOpen] = createSignal<number>()
  const [all, setAll] = createSignal(false)
  const [refusal, setRefusal] = createSignal<Failure>()
  const shown = () => (all() ? props.versions : props.versions.slice(0, shownAtFirst))

  async function restore(version: number): Promise<void> {
    setRefusal(undefined)
    const { goBackTo, goBackLines, goBack: action } = historyText
    if (!(await confirm({ title: goBackTo(version), lines: goBackLines(version), action }))) return
    const done = await act(RestoreMutation, { instance: props.instance, version }, setRefusal)
    if (done) showGood(done.restoreConfig ? historyText.isBack(version) : historyText.sameAlready)
  }

  return (
    <section aria-label={historyText.title}>
      <p class="text-quiet text-sm mb-3">{historyText.about}</p>
      <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <ol class="card divide-y divide-line">
        <For each={shown()}>
          {(item, index) => (
            <li class="p-4">
              <div class="flex flex-wrap items-center justify-between gap-2">
                <div class="min-w-0">
                  <p class="wrap-anywhere">
                    {item.version}. {item.reason}
                  </p>
                  <p class="text-sm text-quiet">{historyText.changed(ago(item.at, now()), item.via)}</p>
                </div>
                <Show when={index() > 0} fallback={<span class="text-sm text-quiet">{historyText.now}</span>}>
                  <div class="flex gap-2">
                    <Button
                      aria-expanded={open() === item.version}
                      onClick={() => setOpen(open() === item.version ? undefined : item.version)}
                    >
                      {open() === item.version ? historyText.hide : historyText.compare}
                    </Button>
                    <Button onClick={() => restore(item.version)}>{historyText.goBack}</Button>
                  </div>
                </Show>
              </div>
              <Show when={open() === item.version}>
                <Difference instance={props.instance} version={item.version} />
              </Show>
            </li>
          )}
        </For>
      </ol>
      <Show when={!all() && props.versions.length > shownAtFirst}>
        <div class="mt-2">
          <Button onClick={() => setAll(true)}>{historyText.all(props.versions.length)}</Button>
        </div>
      </Show>
    </section>
  )
}

/** What became of the file since a version. */
export function Difference(props: { instance: string; version: number }) {
  const query = createLiveQuery(
    DiffQuery,
    () => ({ instance: props.instance, version: props.version }),
    (news) => news.kind === 'instance' && news.instance === props.instance,
  )
  return (
    <div class="mt-3">
      <Loaded query={query}>
        {(data) => (
          <Show when={data.configDiff} fallback={<p class="text-sm text-quiet">{historyText.same}</p>}>
            {(text) => <Diff text={text()} />}
          </Show>
        )}
      </Loaded>
    </div>
  )
}
