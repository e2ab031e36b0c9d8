import type { StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { Author } from '../../../platform/history.ts'
import type { InstancePaths } from '../../../platform/paths.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { createTalosctl, type Talosctl, type TalosTarget } from '../../../tools/talosctl.ts'
import type { NodesDeps } from '../deps.ts'
import { locate } from '../locate.ts'
import { appliedControlPlanes, type NodeRecord } from '../model.ts'
import type { NodeStore } from '../store.ts'

/** What the steps of one removal share. */
export interface RemoveWorld {
  instance: string
  node: string
  /** The machine is gone for good: leave out what needs it. */
  gone: boolean
  /** Move its pods to other nodes first. */
  drain: boolean
  /** The command this is part of, for hints: `node remove`. */
  asked: string
  /** Its etcd cannot leave by itself: another control plane takes it out. */
  forced?: boolean
  /** The machine ends its pods and leaves etcd by itself while it resets. */
  graceful?: boolean
  deps: NodesDeps
  store: NodeStore
  places: InstancePaths
  by: Author
  /** The node's record as it is now. */
  record(): Promise<NodeRecord>
  /** The other control planes that were set up. */
  otherPlanes(): Promise<NodeRecord[]>
  /** There is a cluster to take it out of. */
  bootstrapped(): Promise<boolean>
  talosctl(ctx: StepContext): Talosctl
  kubectl(ctx: StepContext): Kubectl
  /** The Kubernetes node; undefined when there is none. */
  kubernetesNode(ctx: StepContext): Promise<KubeObject | undefined>
  /** Where the machine is; undefined when it does not answer. Throws CONFLICT for a stranger in its place. */
  find(ctx: StepContext): Promise<TalosTarget | undefined>
}

/** The world of one removal. */
export function removeWorld(
  options: Pick<
    RemoveWorld,
    'instance' | 'node' | 'gone' | 'drain' | 'asked' | 'forced' | 'graceful' | 'deps' | 'store'
  >,
): RemoveWorld {
  const { deps, store, instance, node } = options
  const places = deps.paths.instance(instance)
  async function record(): Promise<NodeRecord> {
    const found = await store.record(instance, node)
    if (!found) throw notFound('node', node, 'wild-cli node list')
    return found
  }
  const talosctl = (ctx: StepContext) => createTalosctl(ctx.run, { talosconfig: places.talosconfig, home: places.home })
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })
  const bootstrapped = () => exists(places.kubeconfig)
  return {
    ...options,
    places,
    by: { via: 'daemon', reason: `${options.asked} ${node}` },
    record,
    bootstrapped,
    talosctl,
    kubectl,
    otherPlanes: async () => appliedControlPlanes(await store.records(instance)).filter(({ name }) => name !== node),
    async kubernetesNode(ctx) {
      if (!(await bootstrapped())) return undefined
      return (await kubectl(ctx).get('nodes', { name: node }))[0]
    },
    async find(ctx) {
      const found = await record()
      const seenIp = found.mac ? store.machine(found.mac)?.ip : undefined
      try {
        return await locate(talosctl(ctx), found, { seenIp, signal: ctx.signal })
      } catch (error) {
        if (error instanceof WildError && error.code === 'MACHINE_OFFLINE') return undefined
        throw error
      }
    },
  }
}

/** Said where a step has nothing to do because of `--gone`. */
export const isGone = 'the machine is gone'
