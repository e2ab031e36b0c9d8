import { NotYet, type Step } from '../../../../operations/define.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { explainMachine } from '../../../nodes/index.ts'
import { healthyPlane } from '../snapshots/save.ts'
import type { RestoreWorld } from './world.ts'

const attempts = 300
const intervalMs = 2_000

/** Starts etcd on the first control plane with what the snapshot holds; the others join by themselves. */
export function recoverEtcd(w: RestoreWorld): Step {
  return {
    name: 'recover-etcd',
    title: 'Starting etcd from the snapshot',
    weight: 2,
    timeoutMs: 30 * 60_000,
    async done(ctx) {
      if (!(await w.progress())?.recovered) return false
      const plane = await healthyPlane(w, ctx)
      return Boolean(plane) && `etcd runs on ${plane!.name}`
    },
    async run(ctx) {
      const { file, name, sha256 } = await w.snapshot()
      const [first] = await w.participants(ctx)
      async function order(): Promise<void> {
        try {
          await w.talosctl(ctx).recoverEtcd(first!.targetIp!, file, { copied: sha256 !== undefined })
        } catch (error) {
          const kind = talosFailure(error)
          // It was ordered before: emptied machines have nothing else they could hold.
          if (kind === 'exists') return
          if (kind === 'not-yet') throw new NotYet('the machine is not ready for it yet')
          throw explainMachine(error, first!, 'Starting etcd from the snapshot')
        }
      }
      await ctx.waitFor({ what: `${first!.name} to take the snapshot`, attempts, intervalMs, look: order })
      await w.mark({ recovered: true })
      await ctx.waitFor({
        what: 'etcd to be healthy',
        attempts,
        intervalMs,
        look: async () => {
          if (!(await healthyPlane(w, ctx))) throw new NotYet('it is not healthy yet')
        },
      })
      ctx.say(`etcd runs with what ${name} holds`)
    },
    async plan() {
      const [first] = await w.planes()
      return [
        {
          kind: 'command',
          text: `talosctl bootstrap --recover-from ${(await w.snapshot()).file}, on ${first?.name}: what changed in the cluster since then is lost`,
        },
      ]
    },
  }
}
