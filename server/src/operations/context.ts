import type { Clock } from '../platform/clock.ts'
import type { Masker } from '../platform/masking.ts'
import { createToolRunner } from '../platform/tool-runner.ts'
import type { CommandLog } from './command-log.ts'
import type { StepContext } from './define.ts'
import type { Journal } from './journal.ts'
import type { OperationRecord, StepRecord } from './record.ts'
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

  function say(message: string): void {
    const masked = masker.text(message)
    step.message = masked
    journal.log(record, 'step', masked, step.id)
    journal.saveStepSoon(record, step)
  }

  const run = createToolRunner({
    masker,
    signal,
    listener: world.commands.listener(step.id, {
      command(line, repeated) {
        if (repeated && logged.has(line)) return
        logged.add(line)
        journal.log(record, 'command', `EXEC: ${line}`, step.id)
      },
      output: (stream, line) => journal.log(record, stream, line, step.id),
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
      journal.log(record, 'step', `WARNING: ${masked}`, step.id)
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
