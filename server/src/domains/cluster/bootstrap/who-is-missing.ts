import type { StepContext } from '../../../operations/define.ts'
import { nameOf, whoAnswers } from '../../nodes/index.ts'
import type { BootstrapWorld } from './world.ts'

/** Why something is waited for, with the control planes that do not answer: often they are the reason. */
export async function withMissing(w: BootstrapWorld, ctx: StepContext, reason: string): Promise<string> {
  const silent = (await whoAnswers(w.controlPlanes, ctx.signal)).silent.map(nameOf)
  ctx.signal.throwIfAborted()
  if (silent.length === 0) return reason
  return `${reason.replace(/\.$/, '')}, and ${silent.join(', ')} ${silent.length === 1 ? 'does' : 'do'} not answer: check power and cable`
}
