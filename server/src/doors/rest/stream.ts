import { type ExecutionResult, execute, type GraphQLSchema, parse, subscribe } from 'graphql'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { documentOf, rootField, snakeKeys } from './shape.ts'

const heartbeatMs = 15_000
const logDocument = parse(
  'subscription ($id: String!, $after: Int) { operationLog(id: $id, after: $after) { seq at stream step message } }',
)
const stateDocument = parse(
  'subscription ($id: String!) { operation(id: $id) { status progress message steps { id parent title state progress message startedAt endedAt } result error { code message details } warnings } }',
)

interface StreamWorld {
  route: RestRoute
  variables: Record<string, unknown>
  context: RequestContext
  request: Request
  schema: GraphQLSchema
}

type Line = { seq: number; at: string; stream: string; step: string | null; message: string }
type State = { status: string; result: unknown; error: unknown } & Record<string, unknown>

/**
 * Server-sent events of one operation: `log` (with ids), `progress`, at last `complete`. `Last-Event-ID` resumes after
 * that line. It pulls rows only as fast as the reader takes them, so a slow reader costs no memory.
 */
export async function streamOperation(world: StreamWorld): Promise<Response> {
  const { schema, variables, context, request } = world
  const first = (await execute({
    schema,
    document: documentOf(world.route.document),
    variableValues: variables,
    contextValue: context,
  })) as ExecutionResult
  if (first.errors?.length) throw first.errors[0]
  const after = Number.parseInt(request.headers.get('last-event-id') ?? '0', 10) || 0
  const stop = new AbortController()
  request.signal.addEventListener('abort', () => stop.abort(), { once: true })
  const events = merged(world, after, stop.signal)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await events.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      stop.abort()
      await events.return(undefined)
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  })
}

function event(name: string, data: unknown, id?: number): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

async function open<T>(
  world: StreamWorld,
  document: ReturnType<typeof parse>,
  variables: Record<string, unknown>,
): Promise<AsyncIterator<T>> {
  const source = await subscribe({
    schema: world.schema,
    document,
    variableValues: variables,
    contextValue: world.context,
  })
  if (!(Symbol.asyncIterator in source)) throw source.errors?.[0] ?? new Error('no stream')
  const field = rootField(document)
  const iterator = source[Symbol.asyncIterator]()
  return {
    async next() {
      const item = await iterator.next()
      if (item.done) return { value: undefined as never, done: true }
      if (item.value.errors?.length) throw item.value.errors[0]
      return { value: item.value.data?.[field.name.value] as T, done: false }
    },
    async return() {
      await iterator.return?.()
      return { value: undefined as never, done: true }
    },
  }
}

type Wakeup =
  | { kind: 'line'; item: IteratorResult<Line> }
  | { kind: 'state'; item: IteratorResult<State> }
  | { kind: 'heartbeat' }

/** Lines and states in the order they come; `complete` only after the last line. */
async function* merged(world: StreamWorld, after: number, signal: AbortSignal): AsyncGenerator<string> {
  const lines = await open<Line>(world, logDocument, { ...world.variables, after })
  const states = await open<State>(world, stateDocument, world.variables)
  const end = () => void Promise.allSettled([lines.return?.(), states.return?.()])
  signal.addEventListener('abort', end, { once: true })
  let nextLine: Promise<Wakeup> | undefined = lines.next().then((item) => ({ kind: 'line', item }))
  let nextState: Promise<Wakeup> | undefined = states.next().then((item) => ({ kind: 'state', item }))
  let last: State | undefined
  try {
    yield ': following\n\n'
    while (nextLine || nextState) {
      const beat = heartbeat()
      const woken: Wakeup = await Promise.race([
        ...(nextLine ? [nextLine] : []),
        ...(nextState ? [nextState] : []),
        beat.promise,
      ])
      beat.cancel()
      if (signal.aborted) return
      if (woken.kind === 'heartbeat') yield ': still here\n\n'
      else if (woken.kind === 'line') {
        nextLine = woken.item.done ? undefined : lines.next().then((item) => ({ kind: 'line', item }))
        if (!woken.item.done) yield lineEvent(woken.item.value)
      } else {
        nextState = woken.item.done ? undefined : states.next().then((item) => ({ kind: 'state', item }))
        if (!woken.item.done) {
          last = woken.item.value
          yield event('progress', progressOf(last))
        }
      }
    }
    yield event('complete', {
      status: last?.status,
      error: last?.error ?? undefined,
      result: last?.result ?? undefined,
    })
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}

function lineEvent({ seq, at, stream, step, message }: Line): string {
  return event('log', { timestamp: at, message, stream, seq, step: step ?? undefined }, seq)
}

function progressOf(state: State): unknown {
  const field = rootField(stateDocument)
  const { result: _result, error: _error, ...shown } = snakeKeys(state, field.selectionSet) as Record<string, unknown>
  return shown
}

function heartbeat(): { promise: Promise<Wakeup>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<Wakeup>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'heartbeat' }), heartbeatMs)
  })
  return { promise, cancel: () => clearTimeout(timer) }
}
