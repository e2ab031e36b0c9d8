import { stringifyDocument } from '@urql/core'
import type { ResultOf } from 'gql.tada'
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { client, socket } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { system } from '../../strings/system.ts'
import { FailureNotice } from '../../ui/notice.tsx'
import { chosen, toneOf, wordsOf } from './log-words.ts'

const LogQuery = graphql(
  'query DaemonLog($level: LogLevel) { daemonLog(lines: 1000, level: $level) { time level message fields } }',
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
  const [search, setSearch] = createSignal('')
  const [requests, setRequests] = createSignal(false)
  const [failure, setFailure] = createSignal<Failure>()
  const shown = createMemo(() => chosen(lines(), { requests: requests(), search: search() }).toReversed())
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
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2 mb-3 text-sm">
        <label class="flex items-center gap-2">
          {system.level}
          <select
            class="field !w-auto"
            value={level()}
            onChange={(event) => setLevel(event.currentTarget.value as Level)}
          >
            <For each={Object.entries(system.levels)}>{([id, words]) => <option value={id}>{words}</option>}</For>
          </select>
        </label>
        <label class="flex items-center gap-2">
          <input type="checkbox" checked={requests()} onChange={(event) => setRequests(event.currentTarget.checked)} />
          {system.logRequests}
        </label>
        <input
          class="field !w-auto grow max-w-xs"
          type="search"
          placeholder={system.logSearch}
          aria-label={system.logSearch}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div class="card p-4 overflow-x-auto font-mono text-small" role="log" aria-label={system.views.log}>
        <For each={shown()} fallback={<p class="text-quiet">{system.logEmpty}</p>}>
          {(line) => {
            const { what, more } = wordsOf(line)
            return (
              <p class={`whitespace-pre-wrap wrap-anywhere py-0.5 ${colours[toneOf(line)] ?? ''}`}>
                <time class="text-quiet" datetime={line.time} title={new Date(line.time).toLocaleString()}>
                  {new Date(line.time).toLocaleTimeString()}
                </time>{' '}
                {what} <span class="text-quiet">{more}</span>
              </p>
            )
          }}
        </For>
      </div>
    </>
  )
}
