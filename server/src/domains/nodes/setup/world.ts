import type { StepContext } from '../../../operations/define.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { Author } from '../../../platform/history.ts'
import type { InstancePaths } from '../../../platform/paths.ts'
import { createKubectl, type Kubectl } from '../../../tools/kubectl.ts'
import { createTalosctl, type Talosctl, type TalosTarget } from '../../../tools/talosctl.ts'
import type { NodesDeps } from '../deps.ts'
import { findByMac } from '../find-by-mac.ts'
import { locate } from '../locate.ts'
import type { NodeRecord } from '../model.ts'
import type { NodeStore } from '../store.ts'

/** What the steps of one node's set-up share. */
export interface SetupWorld {
  instance: string
  node: string
  /** Look at the hardware again although it is written down. */
  force: boolean
  /** Hand the configuration over; otherwise it is only made. */
  deploy: boolean
  /** The word that gives up a disk something speaks against. */
  acceptDisk?: string
  deps: NodesDeps
  store: NodeStore
  places: InstancePaths
  by: Author
  /** Makes what all nodes of the instance share; one at a time per instance. */
  makeBaseConfig(ctx: StepContext): Promise<boolean>
  /** The node's record as it is now. */
  record(): Promise<NodeRecord>
  talosctl(ctx: StepContext): Talosctl
  kubectl(ctx: StepContext): Kubectl
  /** Where the machine is and how to talk to it. Throws when it is not there or is not the one recorded. */
  locate(ctx: StepContext): ReturnType<typeof locate>
}

/** The world of one set-up. */
export function setupWorld(
  options: Pick<
    SetupWorld,
    'instance' | 'node' | 'force' | 'deploy' | 'acceptDisk' | 'deps' | 'store' | 'makeBaseConfig'
  >,
): SetupWorld {
  const { deps, store, instance, node } = options
  const places = deps.paths.instance(instance)
  async function record(): Promise<NodeRecord> {
    const found = await store.record(instance, node)
    if (!found) throw notFound('node', node, 'wild-cli node list')
    return found
  }
  async function searched(
    ctx: StepContext,
    { name, mac }: NodeRecord,
    error: unknown,
  ): Promise<TalosTarget | undefined> {
    if (!mac || !(error instanceof WildError) || (error.code !== 'MACHINE_OFFLINE' && error.code !== 'CONFLICT')) return
    const ip = await findByMac(talosctl(ctx), deps.settings.lan.cidr, mac, ctx.signal)
    if (ip === undefined) return
    ctx.say(`The machine of ${name} (${mac}) has another address now: ${ip}`)
    return { ip, insecure: true }
  }
  const talosctl = (ctx: StepContext) => createTalosctl(ctx.run, { talosconfig: places.talosconfig, home: places.home })
  return {
    ...options,
    places,
    by: { via: 'daemon', reason: `node setup ${node}` },
    record,
    talosctl,
    kubectl: (ctx) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home }),
    async locate(ctx) {
      const found = await record()
      const seenIp = found.mac ? store.machine(found.mac)?.ip : undefined
      try {
        return await locate(talosctl(ctx), found, { seenIp, signal: ctx.signal })
      } catch (error) {
        // It may have got another address from the router since.
        const elsewhere = await searched(ctx, found, error)
        if (!elsewhere) throw error
        return elsewhere
      }
    },
  }
}
