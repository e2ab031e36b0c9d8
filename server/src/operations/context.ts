import type { Clock } from '../platform/clock.ts'
import type { Masker } from '../platform/masking.ts'
import { createToolRunner } from '../platform/tool-runner.ts'
import type { CommandLog } from './command-log.ts'
import type { StepContext } from './define.ts'
import type { Journal } from './journal/index.ts'
import type { LogStream, OperationRecord, StepRecord } from './record.ts'
import { waitFor } from './wait.ts'

/** The context of one step: everything it says, runs and reports goes to its operation, masked. */
export function createContext(world: {
  record: OperationRecord
  step: StepRecord
  signal: AbortSignal
  clock: Clock
  masker: Masker
  journal: Journal
  commands: CommandLog
  changed(step: StepRecord): void
}): StepContext {
  const { record, step, signal, clock, masker, journal } = world
  const logged = new Set<string>()
  const mustRecord = () => step.state === 'running'

  /** A line of the log; throws when lines cannot be kept any more, which ends the step (but not its undo). */
  function log(stream: LogStream, message: string): void {
    journal.log(record, stream, message, step.id)
    if (mustRecord()) journal.assertWritable()
  }

  function say(message: string): void {
    const masked = masker.text(message)
    step.message = masked
    journal.saveStepSoon(record, step)
    log('step', masked)
  }

  const run = createToolRunner({
    masker,
    signal,
    listener: world.commands.listener(step.id, {
      command(line, repeated) {
        if (repeated && logged.has(line)) return
        logged.add(line)
        log('command', `EXEC: ${line}`)
      },
      output: log,
      mustRecord,
    }),
  })

  return {
    signal,
    clock,
    run,
    say,
    warn(message) {
      const masked = masker.text(message)
      record.warnings.push(masked)
      log('step', `WARNING: ${masked}`)
    },
    progress(fraction) {
      const percent = Math.max(0, Math.min(100, Math.round(fraction * 100)))
      if (percent === step.progress) return
      step.progress = percent
      world.changed(step)
    },
    hide: (secrets) => masker.add(secrets),
    result(values) {
      record.result = masker.deep({ ...record.result, ...values })
      journal.save(record)
    },
    waitFor: (options) => waitFor(options, { clock, signal, say }),
  }
}
