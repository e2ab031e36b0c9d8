import { z } from 'zod'
import type { OperationDefinition, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../platform/names.ts'
import type { NodesDeps } from '../deps.ts'
import { appliedControlPlanes } from '../model.ts'
import type { NodeStore } from '../store.ts'
import { deleteKubernetesNode, dialOthers, forgetNode } from './forget-node.ts'
import { leaveEtcd } from './leave-etcd.ts'
import { lookAtMachine } from './look-at-machine.ts'
import { cordonNode, drainNode } from './move-pods.ts'
import { resetMachine } from './reset-machine.ts'
import { removeWorld } from './world.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName,
  gone: z.boolean().default(false),
  drain: z.boolean().default(true),
})
export type RemoveInput = z.output<typeof input>

/** A cluster without a control plane is no cluster: that is a reset of the whole. Throws CONFLICT. */
export async function refuseLastPlane(deps: NodesDeps, store: NodeStore, instance: string, node: string) {
  const planes = appliedControlPlanes(await store.records(instance))
  if (planes.length !== 1 || planes[0]!.name !== node) return
  if (!(await exists(deps.paths.instance(instance).kubeconfig))) return
  throw new WildError(
    'CONFLICT',
    `${node} is the last control plane of ${instance}: without it there is no cluster. Set up another control plane first, or reset the whole cluster: wild-cli cluster reset`,
    { node, hint: 'wild-cli node setup control-2' },
  )
}

/** Takes a node out of the cluster and frees its machine. Running it again goes on where it ended. */
export function removeOperation(deps: NodesDeps, store: NodeStore): OperationDefinition<RemoveInput> {
  return {
    type: 'node.remove',
    tools: ['talosctl', 'kubectl'],
    title: ({ node, gone }) => `Remove node ${node}${gone ? ', whose machine is gone' : ''}`,
    input: input as z.ZodType<RemoveInput>,
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
    steps({ instance, node, gone, drain }): StepItem[] {
      const w = removeWorld({ instance, node, gone, drain, asked: 'node remove', deps, store })
      return [
        lookAtMachine(w),
        cordonNode(w),
        drainNode(w),
        leaveEtcd(w),
        resetMachine(w),
        deleteKubernetesNode(w),
        dialOthers(w),
        forgetNode(w),
      ]
    },
  }
}
