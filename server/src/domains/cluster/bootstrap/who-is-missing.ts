import type { StepContext } from '../../../operations/define.ts'
import { nameOf, talosPort, tcpOpen } from '../../nodes/index.ts'
import type { BootstrapWorld } from './world.ts'

const probeMs = 1_500

/** Why something is waited for, with the control planes that do not answer: often they are the reason. */
export async function withMissing(w: BootstrapWorld, ctx: StepContext, reason: string): Promise<string> {
  const answers = await Promise.all(
    w.controlPlanes.map(({ targetIp }) => tcpOpen(targetIp!, talosPort, probeMs, ctx.signal)),
  )
  ctx.signal.throwIfAborted()
  const silent = w.controlPlanes.filter((_plane, index) => !answers[index]).map(nameOf)
  if (silent.length === 0) return reason
  return `${reason.replace(/\.$/, '')}, and ${silent.join(', ')} ${silent.length === 1 ? 'does' : 'do'} not answer: check power and cable`
}
