import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { tcpOpen } from '../../nodes/index.ts'
import { apiPort } from '../model.ts'
import { holdsVip } from './vip-free.ts'
import { withMissing } from './who-is-missing.ts'
import type { BootstrapWorld } from './world.ts'

/** 5 minutes: etcd elects the holder of the address as soon as it is healthy. */
const attempts = 150
const intervalMs = 2_000

/** A connection to the API port tells it all; before the API listens, the machines themselves tell who has the address. */
async function isAssigned(w: BootstrapWorld, ctx: StepContext): Promise<boolean> {
  if (await tcpOpen(w.vip, apiPort, 2_000, ctx.signal)) return true
  return holdsVip(w, ctx)
}

/** Waits until a control plane holds the cluster's virtual address. */
export function waitForVip(w: BootstrapWorld): Step {
  return {
    name: 'wait-for-vip',
    title: 'Waiting for VIP assignment',
    timeoutMs: 20 * 60_000,
    done: async (ctx) => (await isAssigned(w, ctx)) && `${w.vip} is assigned`,
    async run(ctx) {
      await ctx.waitFor({
        what: `VIP ${w.vip} to be assigned`,
        attempts,
        intervalMs,
        async look() {
          if (!(await isAssigned(w, ctx)))
            throw new NotYet(
              await withMissing(
                w,
                ctx,
                `no control plane has it yet; if this lasts, check that no other device uses ${w.vip}`,
              ),
            )
        },
      })
      ctx.say(`${w.vip} is assigned`)
    },
  }
}
