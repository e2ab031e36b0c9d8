import { CliError, Ended, type ErrorDetails, exitCodes } from '../errors.ts'
import { reportError } from '../report-error.ts'
import { route } from '../rest/route.ts'
import type { Operation, Started } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { type Followed, type FollowTarget, followOperations } from './follow.ts'
import { usualText } from './plan-text.ts'
import { wasAlreadyDone } from './state.ts'

export interface OutcomeWords {
  /** Said when the operation completed: `The cluster is bootstrapped.` */
  success: string | ((record: Operation) => string)
  /** Prints what the operation found or made, in place of the usual summary. */
  show?: (record: Operation) => void
  /** The command that usually comes after: `wild-cli cluster bootstrap`. */
  next?: string
}

/** Follows one operation to its end and tells how it went; throws the CliError of an operation that did not complete. */
export async function seeThrough(session: Session, started: Started, words: OutcomeWords): Promise<void> {
  if (!session.wait) {
    if (session.structured) return session.print(started)
    return tellStarted(session, started)
  }
  await tellUsual(session, started.operation_id)
  const [followed] = await followOperations(session, [{ id: started.operation_id }])
  const { record } = followed!
  if (session.structured) await session.print(record)
  if (record.status !== 'completed') throw outcomeError(record)
  if (!session.structured) tellSuccess(session, followed!, words)
}

/** Follows several operations together; every failure is reported, then the process ends with its exit code. */
export async function seeAllThrough(session: Session, targets: FollowTarget[], success: string): Promise<void> {
  // All do the same kind of work side by side, so what one usually takes holds for all.
  await tellUsual(session, targets[0]!.id)
  const followed = await followOperations(session, targets)
  const records = followed.map(({ record }) => record)
  if (session.structured) await session.print({ operations: records })
  const failed = followed.filter(({ record }) => record.status !== 'completed')
  for (const one of failed) reportError(outcomeError(labelled(one)), (text) => session.err.write(text))
  if (failed.length > 0) throw new Ended(exitCodes.failed)
  if (session.structured) return
  for (const { view, record } of followed) {
    for (const text of record.warnings ?? []) session.messages.warning(`${view.label}: ${text}`)
  }
  session.messages.success(followed.every(({ view }) => wasAlreadyDone(view)) ? `${success} (already done)` : success)
}

/** Says how long it usually takes, when the daemon has learnt that. */
async function tellUsual(session: Session, id: string): Promise<void> {
  if (session.structured || session.quiet) return
  // A kindness only: following says what is wrong with the daemon, if anything.
  const record = await session.api.get<Operation>(route`/operations/${id}`).catch(() => undefined)
  if (record?.usual_ms) session.messages.info(usualText(record.usual_ms))
}

/** Says how to come back to an operation that is not waited for; with `--quiet` its id alone. */
export function tellStarted(session: Session, { operation_id: id, message }: Started): void {
  if (session.quiet) session.out.write(`${id}\n`)
  else session.messages.info(`${message ?? 'Operation started'}. Follow it: wild-cli operation logs ${id}`)
}

/** The CliError (exit 5) for an operation that failed or was cancelled. */
export function outcomeError({ operation_id: id, status, error, message, type }: Operation): CliError {
  const what = status === 'cancelled' ? `Operation ${id} was cancelled.` : `Operation ${type ?? id} ${status}.`
  const details = { ...error?.details } as ErrorDetails
  // The line below says it with the id.
  if (details.hint?.startsWith('wild-cli operation retry')) delete details.hint
  const next =
    error?.code === 'DAEMON_STOPPED'
      ? `When the daemon is back: wild-cli operation retry ${id}`
      : `Details: wild-cli operation show ${id}    Run it again: wild-cli operation retry ${id}`
  return new CliError(exitCodes.failed, error?.message ?? (status === 'failed' ? (message ?? what) : what), {
    code: error?.code,
    details,
    next: [next],
  })
}

/** The record with its error naming what it was about, for a report on several. */
function labelled({ view, record }: Followed): Operation {
  const message = record.error?.message ?? `${record.status}.`
  return { ...record, error: { ...record.error, message: `${view.label}: ${message}` } }
}

function tellSuccess(session: Session, { view, record }: Followed, { success, show, next }: OutcomeWords): void {
  for (const text of record.warnings ?? []) session.messages.warning(text)
  const text = typeof success === 'string' ? success : success(record)
  session.messages.success(wasAlreadyDone(view) ? `${text} (already done)` : text)
  if (show) show(record)
  else for (const line of summary(record)) session.messages.plain(line)
  if (next) session.messages.info(`Next: ${next}`)
}

const summaryFields: Record<string, string> = {
  url: 'Address',
  address: 'Address',
  kubeconfig: 'Kubeconfig',
  notes: 'Note',
}

function summary({ result }: Operation): string[] {
  return Object.entries(summaryFields)
    .filter(([field]) => typeof result?.[field] === 'string' && result[field] !== '')
    .map(([field, label]) => `  ${label}: ${result![field]}`)
}
