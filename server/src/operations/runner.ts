import type { Clock } from '../platform/clock.ts'
import { asWildError, WildError } from '../platform/errors.ts'
import { isGroup, type Step, type StepContext, type StepItem, type StepList } from './define.ts'
import type { StepRecord } from './record.ts'
import { runSideBySide, type Waiting } from './side-by-side.ts'
import { retry } from './wait.ts'

const defaultTimeoutMs = 10 * 60_000
const undoTimeoutMs = 60_000
/** How long an aborted `run` may take to come back before its undo starts. */
const settleMs = 10_000

/** What the runner tells the engine while it works through the list. */
export interface RunnerHost {
  readonly clock: Clock
  readonly signal: AbortSignal
  step(id: string): StepRecord
  changed(step: StepRecord): void
  /** A context whose lines, commands and progress belong to this step. */
  context(step: StepRecord, signal: AbortSignal): StepContext
  announce(step: StepRecord, position: string): void
  note(step: StepRecord, message: string): void
  warn(step: StepRecord, message: string): void
  /** The step's undo has run; `whole` is false when it failed. */
  takenBack(step: StepRecord, whole: boolean): void
  log(error: unknown, message: string): void
}

function idOf(item: StepItem, parent?: string): string {
  return parent ? `${parent}/${item.name}` : item.name
}

/** Flat list of steps of a tree, parents before children, ids like `metallb/apply`. */
export function flatten(items: StepItem[], parent?: string): StepRecord[] {
  return items.flatMap((item) => {
    const id = idOf(item, parent)
    const record: StepRecord = {
      id,
      parent,
      title: item.title,
      weight: item.weight ?? 1,
      state: 'pending',
      progress: 0,
      attempt: 0,
    }
    return isGroup(item) ? [record, ...flatten(item.steps, id)] : [record]
  })
}

/** Runs a list: in order, or side by side where it says so. */
export async function runList(host: RunnerHost, list: StepList, parent?: string, prefix = ''): Promise<void> {
  if ((list.parallel ?? 1) <= 1) return runInOrder(host, list.steps, parent, prefix)
  await runSideBySide(list.steps as Waiting[] as (StepItem & Waiting)[], {
    limit: list.parallel!,
    async run(item, index) {
      await runItem(host, item, parent, `${prefix}${index + 1}/${list.steps.length}`)
      return host.step(idOf(item, parent)).state !== 'failed'
    },
    block: (item) => block(host, item, parent),
  })
}

/** Runs a list in order; the first failure ends it and marks what was not started `blocked`. */
async function runInOrder(
  host: RunnerHost,
  items: StepItem[],
  parent: string | undefined,
  prefix: string,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    try {
      await runItem(host, item, parent, `${prefix}${index + 1}/${items.length}`)
    } catch (error) {
      for (const later of items.slice(index + 1)) block(host, later, parent)
      throw error
    }
  }
}

async function runItem(host: RunnerHost, item: StepItem, parent: string | undefined, position: string): Promise<void> {
  host.signal.throwIfAborted()
  const record = host.step(idOf(item, parent))
  if (!isGroup(item)) return runStep(host, item, record, position)
  try {
    begin(host, record)
    host.announce(record, position)
    await runList(host, item, record.id, `${position} · `)
    const children = item.steps.map((child) => host.step(`${record.id}/${child.name}`))
    end(host, record, children.every((child) => child.state === 'skipped') ? 'skipped' : 'done')
  } catch (error) {
    endBadly(host, record, error)
    if (!item.optional || host.signal.aborted) throw error
    host.warn(record, `${item.title} did not succeed: ${asWildError(error).message}`)
  }
}

async function runStep(host: RunnerHost, step: Step, record: StepRecord, position: string): Promise<void> {
  const limit = step.timeoutMs ?? defaultTimeoutMs
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(stepTimeout(step, limit)), limit)
  const signal = AbortSignal.any([host.signal, timeout.signal])
  let running = false
  try {
    begin(host, record)
    host.announce(record, position)
    const ctx = host.context(record, signal)
    await settled(signal, async () => step.needs?.(ctx))
    const already = await settled(signal, async () => step.done?.(ctx))
    if (already) {
      host.note(record, `${step.title}: already done${typeof already === 'string' ? ` (${already})` : ''}`)
      return end(host, record, 'skipped', typeof already === 'string' ? already : undefined)
    }
    running = true
    await settled(signal, () =>
      retry(step.tries ?? 1, host.clock, signal, (attempt) => attemptRun(host, step, record, ctx, attempt)),
    )
    await settled(signal, async () => step.check?.(ctx))
    record.progress = 100
    end(host, record, 'done')
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error
    endBadly(host, record, reason)
    if (running) await undo(host, step, record)
    throw reason
  } finally {
    clearTimeout(timer)
  }
}

async function attemptRun(
  host: RunnerHost,
  step: Step,
  record: StepRecord,
  ctx: StepContext,
  attempt: number,
): Promise<void> {
  record.attempt = attempt
  host.changed(record)
  if (attempt > 1) host.note(record, `${step.title}: try ${attempt}`)
  await step.run(ctx)
}

/** The work's outcome; after an abort it gets a moment to come back by itself, then the abort counts. */
async function settled<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), settleMs)
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    const running = work()
    running.catch(() => undefined)
    const value = await Promise.race([running, aborted])
    signal.throwIfAborted()
    return value
  } finally {
    clearTimeout(timer)
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}

async function undo(host: RunnerHost, step: Step, record: StepRecord): Promise<void> {
  if (!step.undo) return
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(stepTimeout(step, undoTimeoutMs)), undoTimeoutMs)
  try {
    host.note(record, `${step.title}: taking back what was left behind`)
    await settled(limit.signal, () => step.undo!(host.context(record, limit.signal)))
    host.takenBack(record, true)
  } catch (error) {
    host.takenBack(record, false)
    host.warn(record, `${step.title}: could not take everything back: ${asWildError(error).message}`)
    host.log(error, 'undo failed')
  } finally {
    clearTimeout(timer)
  }
}

function begin(host: RunnerHost, record: StepRecord): void {
  record.state = 'running'
  record.startedAt = new Date(host.clock.now()).toISOString()
  host.changed(record)
}

function end(host: RunnerHost, record: StepRecord, state: StepRecord['state'], message?: string): void {
  record.state = state
  record.endedAt = new Date(host.clock.now()).toISOString()
  if (message) record.message = message
  host.changed(record)
}

/** Marks a step that did not succeed. That this cannot be written (disk full) must not hide why, nor keep undo from running. */
function endBadly(host: RunnerHost, record: StepRecord, reason: unknown): void {
  try {
    end(host, record, host.signal.aborted ? 'cancelled' : 'failed', asWildError(reason).message)
  } catch (error) {
    host.log(error, 'could not store the end of a step')
  }
}

function block(host: RunnerHost, item: StepItem, parent?: string): void {
  const record = host.step(idOf(item, parent))
  record.state = 'blocked'
  try {
    host.changed(record)
  } catch (error) {
    host.log(error, 'could not store a blocked step')
  }
  if (isGroup(item)) for (const child of item.steps) block(host, child, record.id)
}

function stepTimeout(step: Step, limit: number): WildError {
  return new WildError('TIMEOUT', `"${step.title}" did not finish within ${Math.round(limit / 1000)} s.`, {
    step: step.name,
  })
}
