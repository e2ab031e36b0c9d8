import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { documentOf, rootField, snakeKeys } from './shape.ts'
import { event, eventStream, heartbeat, stillHere } from './sse.ts'
import { openSubscription } from './subscription.ts'

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
  heartbeatMs?: number
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
  return eventStream(events, () => stop.abort())
}

type Wakeup =
  | { kind: 'line'; item: IteratorResult<Line> }
  | { kind: 'state'; item: IteratorResult<State> }
  | { kind: 'heartbeat' }

/** Lines and states in the order they come; `complete` only after the last line. */
async function* merged(world: StreamWorld, after: number, signal: AbortSignal): AsyncGenerator<string> {
  const lines = await openSubscription<Line>(world, logDocument, { ...world.variables, after })
  const states = await openSubscription<State>(world, stateDocument, world.variables)
  const end = () => void Promise.allSettled([lines.return?.(), states.return?.()])
  signal.addEventListener('abort', end, { once: true })
  let nextLine: Promise<Wakeup> | undefined = lines.next().then((item) => ({ kind: 'line', item }))
  let nextState: Promise<Wakeup> | undefined = states.next().then((item) => ({ kind: 'state', item }))
  let last: State | undefined
  try {
    yield ': following\n\n'
    while (nextLine || nextState) {
      const beat = heartbeat(world.heartbeatMs)
      const woken: Wakeup = await Promise.race([
        ...(nextLine ? [nextLine] : []),
        ...(nextState ? [nextState] : []),
        beat.promise,
      ])
      beat.cancel()
      if (signal.aborted) return
      if (woken.kind === 'heartbeat') yield stillHere
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
