import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import { type Db, locksTable, logTable } from '../platform/db.ts'
import { isEnded, type OperationRecord, type StepRecord, type TakenBack } from './record.ts'

/** An operation told to a person: what happened, what state things are in, what to do next. Sentences, no secrets. */
export interface Account {
  /** `It failed at "Waiting for VIP".` */
  happened: string
  /** The step it failed or was cancelled at, or the one that runs. */
  step?: StepRecord
  /** The command that step ran last. */
  command?: string
  /** The last lines that command printed. */
  output: string[]
  state: string[]
  next: string[]
  /** The command that runs it again; absent while it runs. */
  retry?: string
}

const outputLines = 20

/** Pieces together what the record, the log and the command records know. Reads only. */
export function operationAccount(db: Db, record: OperationRecord): Account {
  const steps = leaves(record.steps)
  const step = turningPoint(record, steps)
  const retry = isEnded(record.status) ? `wild-cli operation retry ${record.id}` : undefined
  const trouble = step && record.status !== 'completed' && isEnded(record.status)
  return {
    happened: happened(record, steps, step),
    step,
    ...(trouble ? evidence(db, record, step) : { output: [] }),
    state: stateOfThings(db, record, steps),
    next: whatNext(record, retry),
    retry,
  }
}

/** Steps that are not made of others. */
function leaves(steps: StepRecord[]): StepRecord[] {
  const parents = new Set(steps.map(({ parent }) => parent))
  return steps.filter(({ id }) => !parents.has(id))
}

function turningPoint({ status }: OperationRecord, steps: StepRecord[]): StepRecord | undefined {
  if (status === 'completed') return undefined
  const last = (wanted: StepRecord['state']) => steps.findLast(({ state }) => state === wanted)
  if (!isEnded(status)) return last('running')
  // Optional work may have failed earlier; what ended the operation comes last.
  return status === 'cancelled' ? (last('cancelled') ?? last('failed')) : (last('failed') ?? last('cancelled'))
}

/** `"Applying", part of "Installing Traefik"`. */
function named(step: StepRecord, all: StepRecord[]): string {
  const parent = all.find(({ id }) => id === step.parent)
  return `"${step.title}"${parent && parent.title !== step.title ? `, part of "${parent.title}"` : ''}`
}

function happened(
  { status, warnings, steps: all }: OperationRecord,
  steps: StepRecord[],
  step: StepRecord | undefined,
): string {
  const where = step && named(step, all)
  switch (status) {
    case 'pending':
      return 'It is about to start.'
    case 'running':
      return where ? `It is at ${where}.` : 'It is getting ready.'
    case 'completed':
      if (warnings.length) return `It completed with ${count(warnings.length, 'warning')}.`
      return steps.length && steps.every(({ state }) => state === 'skipped')
        ? 'Everything was done already: nothing was changed.'
        : 'It completed.'
    case 'cancelled':
      return where ? `It was stopped at ${where}.` : 'It was stopped before its first step.'
    case 'failed':
      return where ? `It failed at ${where}.` : 'It failed before its first step.'
  }
}

/** The command that failed, or the last one of the step, and the end of what it printed. */
function evidence(db: Db, { id, error }: OperationRecord, step: StepRecord): Pick<Account, 'command' | 'output'> {
  const { command, output } = error?.details ?? {}
  const last = lastCommand(db, id, step.id)
  const failed = Array.isArray(command) ? command.join(' ') : command === undefined ? last.command : String(command)
  const logged = failed === last.command ? last.output : []
  const said = typeof output === 'string' && output.trim() ? output.trimEnd().split('\n') : logged
  return { command: failed, output: said.slice(-outputLines) }
}

/** As the log tells it. Lines of earlier commands would only look as if they were its own. */
function lastCommand(db: Db, operation: string, step: string): Pick<Account, 'command' | 'output'> {
  const ofStep = and(eq(logTable.operation, operation), eq(logTable.step, step))
  const started = db
    .select()
    .from(logTable)
    .where(and(ofStep, eq(logTable.stream, 'command')))
    .orderBy(desc(logTable.seq))
    .limit(1)
    .get()
  if (!started) return { output: [] }
  const rows = db
    .select({ message: logTable.message })
    .from(logTable)
    .where(and(ofStep, gt(logTable.seq, started.seq), inArray(logTable.stream, ['stdout', 'stderr'])))
    .orderBy(desc(logTable.seq))
    .limit(outputLines)
    .all()
  return { command: started.message.replace(/^EXEC: /, ''), output: rows.reverse().map(({ message }) => message) }
}

function stateOfThings(db: Db, record: OperationRecord, steps: StepRecord[]): string[] {
  const inState = (...states: StepRecord['state'][]) => steps.filter(({ state }) => states.includes(state)).length
  const parts = [
    [inState('done'), 'done'],
    [inState('skipped'), 'done before'],
    [inState('running'), 'running'],
    [inState('failed'), 'failed'],
    [inState('cancelled'), 'stopped half-way'],
    [inState('blocked'), 'not started'],
    [inState('pending'), 'to come'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  const lines = told.length ? [`Of ${count(steps.length, 'step')}: ${told.join(', ')}.`] : []
  if (!isEnded(record.status))
    return [
      ...lines,
      `${record.instance ?? 'This'} is held for it: what would get in its way is refused until it has ended.`,
    ]
  if (record.status !== 'completed') lines.push(...leftBehind(record, steps))
  const [held] = db.select().from(locksTable).where(eq(locksTable.operation, record.id)).limit(1).all()
  const freed = held
    ? 'That it has ended could not be written down yet (the disk may be full); the daemon keeps trying, then other work can start.'
    : 'It holds nothing any more: other work can start.'
  return [...lines, freed]
}

/** What became of the half-finished step. */
function leftBehind({ error }: OperationRecord, steps: StepRecord[]): string[] {
  if (error?.code === 'DAEMON_RESTARTED')
    return ['The step that was running was cut off; what it had done by then is still there.']
  const undone = (error?.details.taken_back ?? []) as TakenBack[]
  const titleOf = (id: string) => steps.find((step) => step.id === id)?.title ?? id
  const told = undone.map(({ step, whole }) =>
    whole
      ? `What "${titleOf(step)}" had half done was taken back.`
      : `What "${titleOf(step)}" had half done could not be taken back entirely; the log says why.`,
  )
  const kept = steps.some(({ state }) => state === 'done') ? ['What was done stays done.'] : []
  return [...told, ...kept]
}

function whatNext(record: OperationRecord, retry: string | undefined): string[] {
  const { status, error, warnings, id } = record
  if (!retry) return [`Wait for it, or stop it: wild-cli operation cancel ${id}`]
  if (status === 'completed') return warnings.length ? ['Read its warnings.'] : []
  const { hint } = error?.details ?? {}
  const own = typeof hint === 'string' && !hint.startsWith('wild-cli operation retry')
  const again = `Run it again: what is done is skipped. ${retry}`
  return own ? [hint.startsWith('wild-cli ') ? `Try: ${hint}` : hint, again] : [again]
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
