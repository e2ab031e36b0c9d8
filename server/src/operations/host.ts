import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import type { Masker } from '../platform/masking.ts'
import { createCommandLog } from './command-log.ts'
import { createContext } from './context.ts'
import type { Journal } from './journal/index.ts'
import { overallProgress } from './progress.ts'
import type { OperationRecord, StepRecord, TakenBack } from './record.ts'
import type { RunnerHost } from './runner.ts'

interface Parts {
  db: Db
  masker: Masker
  clock: Clock
  log: Log
  journal: Journal
}

/** What the runner tells about one operation goes into its record and its journal, with secrets masked. `undone` collects what was taken back. */
export function createHost(
  { db, masker, clock, log, journal }: Parts,
  record: OperationRecord,
  signal: AbortSignal,
  undone: TakenBack[],
): RunnerHost {
  const commands = createCommandLog(db, record.id, masker, clock)
  const byId = (id: string) => record.steps.find((step) => step.id === id)!
  function changed(step: StepRecord): void {
    if (step.message) step.message = masker.text(step.message)
    record.progress = overallProgress(record.steps)
    if (record.steps.includes(step)) journal.saveStep(record, step)
  }
  return {
    clock,
    signal,
    step: byId,
    changed,
    context: (step, stepSignal) =>
      createContext({ record, step, signal: stepSignal, clock, masker, journal, commands, changed }),
    announce(step, position) {
      record.message = step.title
      journal.log(record, 'step', `Step ${position}: ${step.title}`, step.id)
      journal.saveStep(record, step)
    },
    note: (step, message) => journal.log(record, 'step', masker.text(message), step.id),
    warn(step, message) {
      const masked = masker.text(message)
      record.warnings.push(masked)
      journal.log(record, 'step', `WARNING: ${masked}`, step.id)
    },
    takenBack: ({ id }, whole) => undone.push({ step: id, whole }),
    log: (error, message) => log.warn({ err: error, operation: record.id }, message),
  }
}
