import { isGroup, NotYet, type StepContext, type StepItem, type WaitOptions } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'

/** A step context without an engine: waits look again at once (after `between`), everything said is kept. */
export function aContext(run: RunTool, between: () => Promise<void> = async () => undefined) {
  const said: string[] = []
  const warnings: string[] = []
  const results: Record<string, unknown> = {}
  let time = 1_700_000_000_000
  const context: StepContext = {
    signal: new AbortController().signal,
    clock: {
      now: () => time,
      async sleep(ms) {
        time += ms
      },
    },
    run,
    say: (message) => void said.push(message),
    warn: (message) => void warnings.push(message),
    progress: () => undefined,
    hide: () => undefined,
    result: (values) => void Object.assign(results, values),
    async waitFor<T>({ look, attempts = 60, nudge, nudgeAt, what }: WaitOptions<T>): Promise<T> {
      let reason = ''
      for (let attempt = 1; attempt <= attempts; attempt++) {
        try {
          return await look()
        } catch (error) {
          if (!(error instanceof NotYet)) throw error
          reason = error.message
        }
        if (nudgeAt?.includes(attempt)) await nudge?.(attempt)
        await between()
      }
      throw new WildError('TIMEOUT', `Gave up waiting for ${what}: ${reason}.`)
    },
  }
  return { context, said, warnings, results }
}

/** Runs a list of steps as the engine does, without its bookkeeping; tells for each title whether it was skipped. */
export async function runSteps(items: StepItem[], context: StepContext): Promise<Record<string, 'done' | 'skipped'>> {
  const outcome: Record<string, 'done' | 'skipped'> = {}
  for (const step of items) {
    if (isGroup(step)) throw new Error('Groups are run by the engine.')
    await step.needs?.(context)
    if (await step.done?.(context)) {
      outcome[step.title] = 'skipped'
      continue
    }
    try {
      await step.run(context)
      await step.check?.(context)
    } catch (error) {
      await step.undo?.(context)
      throw error
    }
    outcome[step.title] = 'done'
  }
  return outcome
}
