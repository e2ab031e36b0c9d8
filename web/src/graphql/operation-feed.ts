import { createSignal, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { socket } from './client.ts'
import { type Failure, failureOf } from './failure.ts'

export interface FeedStep {
  id: string
  parent: string | null
  title: string
  state: 'pending' | 'running' | 'done' | 'skipped' | 'failed' | 'cancelled' | 'blocked'
  progress: number
  message: string | null
  attempt: number
  startedAt: string | null
  endedAt: string | null
}

/** What happened, what state things are in, what to do next. */
export interface Account {
  happened: string
  step: { id: string } | null
  command: string | null
  output: string[]
  state: string[]
  next: string[]
  retry: string | null
}

export interface FeedOperation {
  operationId: string
  type: string
  title: string
  instance: string | null
  target: string | null
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
  progress: number
  message: string
  steps: FeedStep[]
  result: Record<string, unknown> | null
  error: { code: string; message: string; details: Record<string, unknown> } | null
  warnings: string[]
  usualMs: number | null
  account: Account
  via: string
  createdAt: string
  startedAt: string | null
  completedAt: string | null
}

export interface FeedLine {
  seq: number
  at: string
  stream: 'step' | 'command' | 'stdout' | 'stderr'
  step: string | null
  message: string
}

const operationQuery = `subscription ($id: String!) { operation(id: $id) {
  operationId type title instance target status progress message result warnings usualMs via createdAt startedAt completedAt
  steps { id parent title state progress message attempt startedAt endedAt } error { code message details }
  account { happened step { id } command output state next retry } } }`
const logQuery =
  'subscription ($id: String!, $after: Int) { operationLog(id: $id, after: $after) { seq at stream step message } }'

/** Lines kept on the page; older ones are on the daemon. */
const keptLines = 100_000

/** Pure: lines seen before (a reconnect replays some) change nothing; only the newest are kept. */
export function addLines(lines: FeedLine[], incoming: FeedLine[]): FeedLine[] {
  const last = lines.at(-1)?.seq ?? 0
  const fresh = incoming.filter(({ seq }) => seq > last)
  return fresh.length ? [...lines, ...fresh].slice(-keptLines) : lines
}

/** One operation with its log, live. A lost connection resumes after the last line seen, so nothing is lost or doubled. */
export function createOperationFeed(id: string) {
  const [state, setState] = createStore<{ operation?: FeedOperation }>({})
  const [lines, setLines] = createSignal<FeedLine[]>([])
  const [failure, setFailure] = createSignal<Failure>()
  let waiting: FeedLine[] = []
  let frame = 0

  function flush(): void {
    frame = 0
    const batch = waiting
    waiting = []
    setLines((known) => addLines(known, batch))
  }

  // The client sends the same payload object again after a reconnect: keeping its cursor up to date is resuming.
  const payload = { query: logQuery, variables: { id, after: 0 } }
  const stopLog = socket.subscribe<{ operationLog: FeedLine }>(payload, {
    next({ data }) {
      if (!data) return
      payload.variables.after = data.operationLog.seq
      waiting.push(data.operationLog)
      frame ||= requestAnimationFrame(flush)
    },
    error: () => undefined,
    complete: () => undefined,
  })
  const stopState = socket.subscribe<{ operation: FeedOperation }>(
    { query: operationQuery, variables: { id } },
    {
      next: ({ data, errors }) => {
        if (errors) setFailure(failureOf(errors))
        if (data) setState('operation', reconcile(structuredClone(data.operation), { key: 'id' }))
      },
      error: (error) => setFailure(failureOf(error)),
      complete: () => undefined,
    },
  )
  onCleanup(() => {
    stopLog()
    stopState()
    cancelAnimationFrame(frame)
  })
  return {
    get operation() {
      return state.operation
    },
    lines,
    failure,
  }
}
