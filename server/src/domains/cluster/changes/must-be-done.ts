import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'

/** The same step, which fails unless it finds itself done afterwards: what was ordered must be seen in the world. */
export function mustBeDone(step: Step): Step {
  return {
    ...step,
    async check(ctx) {
      await step.check?.(ctx)
      if (await step.done?.(ctx)) return
      throw new WildError(
        'OPERATION_FAILED',
        `"${step.title}" ended without effect: what it was to bring about is not there. Run the same again.`,
        { step: step.name },
      )
    },
  }
}
