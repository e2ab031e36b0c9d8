import { formatSeconds } from '../output/units.ts'
import type { StepView } from './state.ts'

/** `Step 2/6: Waiting for VIP assignment`, as in the daemon's own log. */
export function stepTitle({ position, title }: StepView): string {
  return `Step ${position}: ${title}`
}

/** How a step ended: `done (3.2s)`, `already done`, `already done (etcd runs on control-1)`, `failed (1m 05s)`, `not started`. */
export function stepEnd({ state, seconds, message, attempt }: StepView): string {
  if (state === 'skipped') return message ? `already done (${message})` : 'already done'
  if (state === 'blocked') return 'not started'
  const said = [seconds === undefined ? '' : formatSeconds(Math.max(0, seconds)), attempt > 1 ? `try ${attempt}` : '']
  const more = said.filter(Boolean).join(', ')
  return more ? `${state} (${more})` : state
}
