import { Ended, exitCodes } from '../errors.ts'
import { isUnreachable } from '../rest/client.ts'
import { type OperationEvent, operationEvents } from '../rest/operation-events.ts'
import { route } from '../rest/route.ts'
import type { Operation } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { createLineView } from './line-view.ts'
import { createLiveView } from './live-view.ts'
import type { ProgressView } from './progress-view.ts'
import { newOperationView, type OperationView, withProgress } from './state.ts'

const stopSignals = ['SIGINT', 'SIGTERM'] as const

export interface FollowTarget {
  id: string
  /** Shown with each step when several operations are followed together. */
  label?: string
}

export interface Followed {
  view: OperationView
  record: Operation
}

/**
 * Shows operations until each has ended and answers their final records in the same order.
 * Ctrl-C stops only the following: it says how to return and throws `Ended` with 130.
 */
export async function followOperations(
  session: Session,
  targets: FollowTarget[],
  verbose = session.verbose,
): Promise<Followed[]> {
  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  for (const signal of stopSignals) process.once(signal, onInterrupt)
  const display = createDisplay(session)
  const onLost = oncePerOutage(() => display.note('The daemon does not answer; trying again …'))
  const views = targets.map(({ id, label }) => newOperationView(id, label))
  const watch = (index: number) => watchOne({ session, display, views, index, verbose, onLost, signal: stop.signal })
  try {
    return await Promise.all(views.map((_, index) => watch(index)))
  } catch (error) {
    if (!stop.signal.aborted) throw error
    display.close()
    session.err.write(`${howToReturn(targets)}\n`)
    throw new Ended(exitCodes.interrupted)
  } finally {
    display.close()
    stop.abort()
    for (const signal of stopSignals) process.off(signal, onInterrupt)
  }
}

interface Watch {
  session: Session
  display: ProgressView
  views: OperationView[]
  index: number
  verbose: boolean
  onLost(): void
  signal: AbortSignal
}

const OUTAGE_MS = 5_000

/** Operations that are followed together lose the same daemon at the same time: one word is enough. */
function oncePerOutage(tell: () => void): () => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return () => {
    if (Date.now() - toldAt > OUTAGE_MS) tell()
    toldAt = Date.now()
  }
}

async function watchOne(watch: Watch): Promise<Followed> {
  const { session, display, views, index, onLost, signal } = watch
  const { id } = views[index]!
  let lastSeq = 0
  let last: OperationEvent | undefined
  for await (const event of operationEvents(session.api, id, { signal, onLost })) {
    last = event
    if (event.event === 'log') {
      const seq = event.data.seq ?? lastSeq + 1
      // A feed that is joined again may repeat lines.
      if (seq > lastSeq) showLog(watch, event)
      lastSeq = Math.max(lastSeq, seq)
    } else if (event.event === 'progress') {
      views[index] = withProgress(views[index]!, event.data, Date.now())
      display.update(views)
    }
  }
  const record = await session.api.get<Operation>(route`/operations/${id}`).catch((error: unknown) => {
    // A daemon that is being stopped tells how the operation ended, and is gone.
    if (isUnreachable(error) && last?.event === 'complete') return { operation_id: id, ...last.data }
    throw error
  })
  const { status, steps }: Operation = record
  views[index] = withProgress(views[index]!, { status, steps }, Date.now())
  display.update(views)
  return { view: views[index], record }
}

function showLog({ display, views, index, verbose }: Watch, { data }: OperationEvent & { event: 'log' }): void {
  // The step list says the same as the log's lines about steps that start.
  const startsStep = data.stream === 'step' && /^Step \d/.test(data.message)
  if (verbose && !startsStep) display.log(views[index]!, data.message)
}

function createDisplay(session: Session): ProgressView {
  const display = session.live ? createLiveView(session.out, session.paint) : createLineView(session.messages)
  let open = true
  return {
    ...display,
    close() {
      if (open) display.close()
      open = false
    },
  }
}

function howToReturn(targets: FollowTarget[]): string {
  const ids = targets.map(({ id }) => id)
  const what = ids.length === 1 ? 'The operation goes on. Return to it' : 'The operations go on. Return to them'
  return `${what}: wild-cli operation logs ${ids.join(' ')}`
}
