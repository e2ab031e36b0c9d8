import { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { instanceName, nodeName } from '../../../platform/names.ts'
import type { ClusterDeps } from '../deps.ts'
import { bootstrapEtcd } from './bootstrap-etcd.ts'
import { fetchKubeconfig } from './fetch-kubeconfig.ts'
import { validateHealth } from './validate-health.ts'
import { waitForApi } from './wait-for-api.ts'
import { waitForNodes } from './wait-for-nodes.ts'
import { waitForVip } from './wait-for-vip.ts'
import { bootstrapWorld, chooseNode, vipOf } from './world.ts'

const input = z.strictObject({ instance: instanceName, node: nodeName.optional() })
export interface BootstrapInput {
  instance: string
  /** The control plane etcd is started on. */
  node: string
}

/** Starts the cluster on its first control plane. Running it again goes on where it stopped. */
export function bootstrapOperation(deps: ClusterDeps): OperationDefinition<BootstrapInput> {
  return {
    type: 'cluster.bootstrap',
    tools: ['talosctl', 'kubectl'],
    title: ({ instance, node }) => `Bootstrap cluster ${instance} on ${node}`,
    input: input as unknown as z.ZodType<BootstrapInput>,
    async complete({ instance, node }) {
      await deps.instances.require(instance)
      return { instance, node: chooseNode(await deps.nodes.records(instance), node).name }
    },
    instance: ({ instance }) => instance,
    target: ({ node }) => node,
    locks: ({ instance }) => [`instances/${instance}/cluster`],
    async refuse({ instance, node }) {
      await deps.instances.require(instance)
      chooseNode(await deps.nodes.records(instance), node)
      await vipOf(deps, instance)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async steps({ instance, node }) {
      const w = await bootstrapWorld(deps, instance, node)
      return [bootstrapEtcd(w), waitForVip(w), waitForApi(w), fetchKubeconfig(w), waitForNodes(w), validateHealth(w)]
    },
  }
}
