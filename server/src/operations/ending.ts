import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import { asWildError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Masker } from '../platform/masking.ts'
import type { Journal } from './journal/index.ts'
import type { Locks } from './locks.ts'
import type { OperationRecord, TakenBack } from './record.ts'

export interface EndingParts {
  db: Db
  masker: Masker
  clock: Clock
  log: Log
  /** How many ended operations are kept, and for how many days; looked at each time some are removed. */
  retention?: { keep: number; keepDays: number }
  journal: Journal
  locks: Locks
}

/** Ended operations between two looks at what is no longer kept. */
const pruneEvery = 50

/** How operations end: the record, its log and its lock in one, whatever the disk says; and what is no longer kept. */
export function createEnding({ db, masker, clock, log, retention, journal, locks }: EndingParts) {
  let endedSincePruning = 0

  function finish(record: OperationRecord, status: OperationRecord['status'], message: string): void {
    record.status = status
    record.message = masker.text(message)
    record.completedAt = new Date(clock.now()).toISOString()
    if (status === 'completed') record.progress = 100
    if (status === 'completed') journal.log(record, 'step', record.message)
    try {
      journal.flush()
      db.transaction(() => {
        locks.release(record.id)
        journal.save(record)
      })
    } catch (error) {
      log.error({ err: error, operation: record.id }, 'could not store the end of an operation')
      releaseLater(record)
    }
    log.info({ operation: record.id, type: record.type, status }, message)
    if (++endedSincePruning >= pruneEvery) prune()
  }

  /** A daemon may run for years: what is no longer kept goes now and then, not only at its start. */
  function prune(): void {
    endedSincePruning = 0
    const { keep, keepDays } = retention ?? { keep: 1_000, keepDays: 90 }
    try {
      journal.prune(keep, new Date(clock.now() - keepDays * 24 * 3_600_000).toISOString())
    } catch (error) {
      log.warn({ err: error }, 'old operations could not be removed')
    }
  }

  /** The disk may be full at this very moment: keep trying to free the lock instead of leaving it held. */
  function releaseLater(record: OperationRecord): void {
    const timer = setInterval(() => {
      try {
        locks.release(record.id)
        journal.save(record)
        clearInterval(timer)
      } catch {}
    }, 2_000)
    timer.unref()
  }

  function fail(record: OperationRecord, error: unknown, aborted: boolean, undone: TakenBack[] = []): void {
    const failure = asWildError(error)
    const cancelled = aborted && (failure.code === 'CANCELLED' || failure.code === 'DAEMON_STOPPED')
    if (failure.code === 'INTERNAL') log.error({ err: error, operation: record.id }, 'operation failed unexpectedly')
    const details = undone.length ? { ...failure.details, taken_back: undone } : failure.details
    record.error = masker.deep({ code: failure.code, message: failure.message, details })
    for (const step of record.steps) if (step.state === 'pending') step.state = 'blocked'
    journal.log(record, 'step', `${cancelled ? 'Cancelled' : 'ERROR'}: ${masker.text(failure.message)}`)
    finish(record, cancelled ? 'cancelled' : 'failed', failure.message)
  }

  return { finish, fail, prune }
}
