import type { OperationDefinition, Step } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { NodesDeps } from '../deps.ts'
import { appliedControlPlanes } from '../model.ts'
import type { NodeStore } from '../store.ts'
import { deleteKubernetesNode, dialOthers } from './forget-node.ts'
import { leaveEtcd, spareInEtcd } from './leave-etcd.ts'
import { cordonNode, drainNode } from './move-pods.ts'
import type { RemoveWorld } from './world.ts'

/** A cluster without a control plane is no cluster: that is a reset of the whole. Throws CONFLICT. */
async function refuseLastPlane(deps: NodesDeps, store: NodeStore, instance: string, node: string): Promise<void> {
  const planes = appliedControlPlanes(await store.records(instance))
  if (planes.length !== 1 || planes[0]!.name !== node) return
  if (!(await exists(deps.paths.instance(instance).kubeconfig))) return
  throw new WildError(
    'CONFLICT',
    `${node} is the last control plane of ${instance}: without it there is no cluster. Set up another control plane first, or reset the whole cluster: wild-cli cluster reset`,
    { node, hint: 'wild-cli node setup control-2' },
  )
}

interface OneNode {
  instance: string
  node: string
}

/** What operations share by which one node leaves the cluster: what they hold, and when they are refused. */
export function departing(
  deps: NodesDeps,
  store: NodeStore,
): Pick<OperationDefinition<OneNode>, 'tools' | 'instance' | 'target' | 'locks' | 'refuse' | 'secrets'> {
  return {
    tools: ['talosctl', 'kubectl'],
    instance: ({ instance }) => instance,
    target: ({ node }) => node,
    // Two control planes must not leave at a time, nor one while the cluster is built or changed.
    async locks({ instance, node }) {
      const mac = (await store.record(instance, node))?.mac
      return [
        `instances/${instance}/cluster`,
        `instances/${instance}/nodes/${node}`,
        ...(mac ? [`machines/${mac}`] : []),
      ]
    },
    async refuse({ instance, node }) {
      await deps.instances.require(instance)
      if (!(await store.record(instance, node))) throw notFound('node', node, 'wild-cli node list')
      await refuseLastPlane(deps, store, instance, node)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
  }
}

/** The steps by which it leaves, when etcd can spare it: its pods, etcd, the machine itself, Kubernetes, what talosctl dials. */
export function leaving(w: RemoveWorld, reset: Step): Step[] {
  return [spareInEtcd(w), cordonNode(w), drainNode(w), leaveEtcd(w), reset, deleteKubernetesNode(w), dialOthers(w)]
}
