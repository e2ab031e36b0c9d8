import { stringifyDocument } from '@urql/core'
import type { ResultOf } from 'gql.tada'
import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { client, socket } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { system } from '../../strings/system.ts'
import { FailureNotice } from '../../ui/notice.tsx'

const LogQuery = graphql(
  'query DaemonLog($level: LogLevel) { daemonLog(lines: 300, level: $level) { time level message fields } }',
)
const LogSubscription = graphql(
  'subscription DaemonLogLines($level: LogLevel) { daemonLog(level: $level) { time level message fields } }',
)

type Line = ResultOf<typeof LogQuery>['daemonLog'][number]
type Level = keyof typeof system.levels

/** Lines kept on the page; older ones are in the file. */
const kept = 1_000
const colours: Record<string, string> = { warn: 'text-warn', error: 'text-bad', fatal: 'text-bad', debug: 'text-quiet' }

/** The log of the daemon as it is written. */
export function Log() {
  const [level, setLevel] = createSignal<Level>('info')
  const [lines, setLines] = createSignal<Line[]>([])
  const [failure, setFailure] = createSignal<Failure>()
  let stop = () => {}

  createEffect(
    on(level, async (wanted) => {
      stop()
      setLines([])
      const { data, error } = await client.query(LogQuery, { level: wanted }).toPromise()
      if (wanted !== level()) return
      setFailure(error ? failureOf(error) : undefined)
      setLines(data?.daemonLog ?? [])
      stop = socket.subscribe<{ daemonLog: Line }>(
        { query: stringifyDocument(LogSubscription), variables: { level: wanted } },
        {
          next: ({ data: news }) => news && setLines((before) => [...before, news.daemonLog].slice(-kept)),
          error: (reason) => setFailure(failureOf(reason)),
          complete: () => undefined,
        },
      )
    }),
  )
  onCleanup(() => stop())

  return (
    <>
      <Show when={failure()}>{(found) => <FailureNotice failure={found()} />}</Show>
      <label class="flex items-center gap-2 mb-3 text-sm">
        {system.level}
        <select
          class="field !w-auto"
          value={level()}
          onChange={(event) => setLevel(event.currentTarget.value as Level)}
        >
          <For each={Object.entries(system.levels)}>{([id, words]) => <option value={id}>{words}</option>}</For>
        </select>
      </label>
      <div class="card p-4 overflow-x-auto font-mono text-small" role="log" aria-label={system.views.log}>
        <For each={lines().toReversed()} fallback={<p class="text-quiet">{system.logEmpty}</p>}>
          {(line) => (
            <p class={`whitespace-pre-wrap wrap-anywhere ${colours[line.level] ?? ''}`}>
              <span class="text-quiet">{new Date(line.time).toLocaleTimeString()}</span> {line.message}{' '}
              <span class="text-quiet">{fieldsOf(line.fields)}</span>
            </p>
          )}
        </For>
      </div>
    </>
  )
}

/** `instance=home status=200`; an error says its message. */
function fieldsOf(fields: unknown): string {
  return Object.entries((fields ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${name}=${wordOf(value)}`)
    .join(' ')
}

function wordOf(value: unknown): string {
  const said = typeof value === 'object' && value !== null && 'message' in value ? value.message : value
  return typeof said === 'string' ? said : JSON.stringify(said)
}
