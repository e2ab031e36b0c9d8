import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { connection, socket } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import type { FeedLine } from '../../graphql/operation-feed.ts'
import { workload as texts } from '../../strings/workload.ts'
import { LogView } from '../../ui/log-view.tsx'
import { FailureNotice } from '../../ui/parts.tsx'
import type { Of } from './of.ts'

interface PodLine {
  pod: string
  container: string
  at: string | null
  text: string
}
type ShownLine = PodLine & { seq: number }

const query = `subscription ($instance: String!, $kind: WorkloadKind!, $name: String!, $tail: Int) {
  workloadLog(instance: $instance, kind: $kind, name: $name, tail: $tail) { pod container at text } }`
const tail = 500
const mostLines = 20_000

/** What its pods print, live: of all of them, or of one. */
export default function WorkloadLog(props: Of) {
  const [lines, setLines] = createSignal<ShownLine[]>([])
  const [failure, setFailure] = createSignal<Failure>()
  const [pod, setPod] = createSignal('')
  let waiting: ShownLine[] = []
  let frame = 0
  let seq = 0
  /** When each container printed last, and how far the lines before a lost connection went. */
  const last = new Map<string, string>()
  let before = new Map<string, string>()
  function onConnection(now: ReturnType<typeof connection>): void {
    if (now === 'lost') before = new Map(last)
  }
  createEffect(on(connection, onConnection, { defer: true }))

  function take(line: PodLine): void {
    const from = `${line.pod} ${line.container}`
    // The daemon sends the last lines again when the connection is back.
    if (line.at && line.at <= (before.get(from) ?? '')) return
    if (line.at) last.set(from, line.at)
    waiting.push({ ...line, seq: ++seq })
    frame ||= requestAnimationFrame(flush)
  }
  function flush(): void {
    frame = 0
    const batch = waiting
    waiting = []
    setLines((known) => [...known, ...batch].slice(-mostLines))
  }

  const stop = socket.subscribe<{ workloadLog: PodLine }>(
    { query, variables: { instance: props.instance, kind: props.kind, name: props.name, tail } },
    {
      next({ data, errors }) {
        setFailure(errors ? failureOf(errors) : undefined)
        if (data) take(data.workloadLog)
      },
      error: (error) => setFailure(failureOf(error)),
      complete: () => undefined,
    },
  )
  onCleanup(() => {
    stop()
    cancelAnimationFrame(frame)
  })

  const pods = createMemo(() => [...new Set(lines().map((line) => line.pod))])
  const shown = createMemo(() =>
    lines()
      .filter((line) => !pod() || line.pod === pod())
      .map((line): FeedLine => {
        const whose = pods().length > 1 && !pod() ? `${line.pod}  ` : ''
        return { seq: line.seq, at: line.at ?? '', stream: 'stdout', step: null, message: `${whose}${line.text}` }
      }),
  )

  return (
    <div class="grid gap-3 grid-cols-1">
      <Show when={failure()}>{(found) => <FailureNotice failure={found()} />}</Show>
      <Show when={pods().length > 1}>
        <label class="text-sm flex items-center gap-2">
          {texts.pod}
          <select class="field !w-auto min-w-0" onChange={(event) => setPod(event.currentTarget.value)}>
            <option value="">{texts.allPods}</option>
            <For each={pods()}>{(name) => <option value={name}>{name}</option>}</For>
          </select>
        </label>
      </Show>
      <LogView lines={shown()} />
    </div>
  )
}
