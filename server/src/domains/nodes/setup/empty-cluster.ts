import type { StepContext } from '../../../operations/define.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import { etcdIsEmpty, etcdState } from '../etcd-state.ts'
import type { SetupWorld } from './world.ts'

/**
 * True when every control plane answers and etcd is empty on all of them, as after their machines were wiped: no node can
 * join before the cluster is restored or bootstrapped. One that does not answer may hold the data.
 */
export async function isClusterEmpty(w: SetupWorld, ctx: StepContext): Promise<boolean> {
  const planes = (await w.store.records(w.instance)).filter(({ role }) => role === 'controlplane')
  const states = await Promise.all(planes.map(({ targetIp }) => stateAt(targetIp)))
  return states.length > 0 && states.every((state) => state === etcdIsEmpty)

  async function stateAt(ip: string | undefined): Promise<string | undefined> {
    try {
      return ip && (await etcdState(w.talosctl(ctx), ip, ctx.signal))
    } catch (error) {
      if (talosFailure(error)) return undefined
      throw error
    }
  }
}
