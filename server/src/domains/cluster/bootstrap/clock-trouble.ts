import type { StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import type { BootstrapWorld } from './world.ts'

/** Looks, 2 s apart, until a clock counts as wrong: a time server answers within seconds, an address may take longer. */
export const clockPatience = { wrongRouter: 10, noServer: 60 }

/** The router a machine sends everything through; undefined when it does not tell. */
async function routerOf(w: BootstrapWorld, ctx: StepContext): Promise<string | undefined> {
  try {
    const routes = await w.talosctl(ctx).routes({ ip: w.ip }, { repeated: true, timeoutMs: 5_000 })
    const out = routes.filter(({ spec }) => spec.dst === '' && spec.family === 'inet4' && spec.gateway !== '')
    return out.sort((one, other) => one.spec.priority - other.spec.priority)[0]?.spec.gateway
  } catch (error) {
    if (!talosFailure(error)) throw error
    return undefined
  }
}

/** Why the clock of a machine is not set yet, and how long that is bearable. */
export interface ClockTrouble {
  reason: string
  remedy: string
  patience: number
}

/** Looks for the reason that the first control plane has no right time: a wrong router, or no time server. */
export async function clockTrouble(w: BootstrapWorld, ctx: StepContext): Promise<ClockTrouble> {
  const { name } = w.node
  const router = await routerOf(w, ctx)
  const lanRouter = w.deps.settings.gateway
  const off = `the clock of ${name} (${w.ip}) is not in sync`
  if (router && lanRouter && router !== lanRouter)
    return {
      reason: `${off}: it reaches no time server through ${router}, and the router of this network is ${lanRouter}`,
      remedy: `Set cloud.router.ip to ${lanRouter}, set the node up again (wild-cli node setup ${name}), then run this again.`,
      patience: clockPatience.wrongRouter,
    }
  return {
    reason: `${off}: it reaches no time server${router ? ` through the router ${router}` : ''}`,
    remedy: `Let ${name} out to the internet on UDP 123 or name a time server of this network in its configuration (machine.time), set the clock in its firmware when it is far off, then run this again.`,
    patience: clockPatience.noServer,
  }
}

/** The error a bootstrap ends with when the clock stays wrong. */
export function clockError(w: BootstrapWorld, { reason, remedy }: ClockTrouble): WildError {
  const sentence = `${reason[0]!.toUpperCase()}${reason.slice(1)}`
  return new WildError(
    'CONFLICT',
    `${sentence}. etcd cannot start on ${w.node.name} without the right time. ${remedy}`,
    {
      node: w.node.name,
      ip: w.ip,
    },
  )
}
