import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { asWildError, WildError } from '../../../platform/errors.ts'
import { probeApi } from '../api-probe.ts'
import { withMissing } from './who-is-missing.ts'
import type { BootstrapWorld } from './world.ts'

/**
 * The scripts looked 60 times, 10 s apart, and restarted the kubelet after the 15th, 30th and 45th look. This looks
 * every 2 s so that a fast cluster is not kept waiting, with the same 600 s in all and the restarts at the same 150,
 * 300 and 450 s, each followed by the same pause of 30 s.
 */
export const apiWait = { attempts: 300, intervalMs: 2_000, nudgeAt: [75, 150, 225], nudgePauseMs: 30_000 }
const lookMs = 5_000

async function look(w: BootstrapWorld, ctx: StepContext, authority: string): Promise<number> {
  const answer = await probeApi(w.vip, authority, lookMs, ctx.signal)
  ctx.signal.throwIfAborted()
  if (answer.state === 'answers') return answer.status
  if (answer.state === 'silent') throw new NotYet(await withMissing(w, ctx, answer.reason))
  throw new WildError(
    'CONFLICT',
    `At ${w.vip}:6443 answers an API server of another cluster (${answer.reason}). Give this cluster another VIP, or switch the other one off.`,
    { vip: w.vip },
  )
}

async function restartKubelet(w: BootstrapWorld, ctx: StepContext): Promise<void> {
  ctx.say(`Restarting the kubelet of ${w.node.name}`)
  try {
    await w.talosctl(ctx).restartService(w.ip, 'kubelet')
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.say(`The kubelet could not be restarted: ${asWildError(error).message}`)
  }
}

/** Waits until the Kubernetes API answers at the VIP with a certificate of this cluster; any HTTP status counts. */
export function waitForApi(w: BootstrapWorld): Step {
  return {
    name: 'wait-for-api',
    title: 'Waiting for API server',
    weight: 3,
    timeoutMs: 45 * 60_000,
    async done(ctx) {
      try {
        return `it answers with HTTP ${await look(w, ctx, await w.authority())}`
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      const authority = await w.authority()
      const status = await ctx.waitFor({
        ...apiWait,
        what: `the API server at ${w.vip}:6443`,
        look: () => look(w, ctx, authority),
        nudge: () => restartKubelet(w, ctx),
      })
      ctx.say(`The API server answers with HTTP ${status}`)
    },
  }
}
