import type { StepContext } from '../../../operations/define.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import { talosPort, tcpOpen } from '../tcp-probe.ts'
import type { SetupWorld } from './world.ts'

/** etcd's state in talosctl's words while it has no data and waits for a bootstrap. */
const empty = 'Preparing'

/**
 * True when every control plane answers and etcd is empty on all of them, as after their machines were wiped: no node can
 * join before the cluster is restored or bootstrapped. One that does not answer may hold the data.
 */
export async function isClusterEmpty(w: SetupWorld, ctx: StepContext): Promise<boolean> {
  const planes = (await w.store.records(w.instance)).filter(({ role }) => role === 'controlplane')
  const states = await Promise.all(planes.map(({ targetIp }) => etcdState(targetIp)))
  return states.length > 0 && states.every((state) => state === empty)

  async function etcdState(ip: string | undefined): Promise<string | undefined> {
    if (!ip || !(await tcpOpen(ip, talosPort, 1_500, ctx.signal))) return undefined
    try {
      return await w.talosctl(ctx).serviceState(ip, 'etcd')
    } catch (error) {
      if (talosFailure(error)) return undefined
      throw error
    }
  }
}
