import { z } from 'zod'
import type { OperationDefinition, StepContext, StepItem } from '../../../operations/define.ts'
import { notFound } from '../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../platform/names.ts'
import type { NodesDeps } from '../deps.ts'
import type { NodeStore } from '../store.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { checkDisk } from './check-disk.ts'
import { detectHardware } from './detect-hardware.ts'
import { generateClusterConfiguration } from './generate-cluster-configuration.ts'
import { prepareConfiguration } from './prepare-configuration.ts'
import { recordNode } from './record-node.ts'
import { verifyMembership } from './verify-membership.ts'
import { waitForNode } from './wait-for-node.ts'
import { setupWorld } from './world.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName,
  forceReconfigure: z.boolean().default(false),
  deploy: z.boolean().default(true),
  acceptDisk: z.string().trim().min(1, 'Type the word of the disk.').max(200).optional(),
})
export type SetupInput = z.output<typeof input>

/** Brings one machine from maintenance mode into the cluster. Running it again changes nothing that is already so. */
export function setupOperation(
  deps: NodesDeps,
  store: NodeStore,
  makeBaseConfig: (instance: string, ctx: StepContext) => Promise<boolean>,
): OperationDefinition<SetupInput> {
  return {
    type: 'node.setup',
    tools: ['talosctl'],
    title: ({ node, deploy }) => (deploy ? `Set up node ${node}` : `Prepare the configuration of node ${node}`),
    input: input as z.ZodType<SetupInput>,
    instance: ({ instance }) => instance,
    target: ({ node }) => node,
    async locks({ instance, node }) {
      const mac = (await store.record(instance, node))?.mac
      return [`instances/${instance}/nodes/${node}`, ...(mac ? [`machines/${mac}`] : [])]
    },
    async refuse({ instance, node }) {
      await deps.instances.require(instance)
      if (!(await store.record(instance, node))) throw notFound('node', node, `wild-cli node setup ${node}`)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    steps({ instance, node, forceReconfigure, deploy, acceptDisk }): StepItem[] {
      const w = setupWorld({
        instance,
        node,
        force: forceReconfigure,
        deploy,
        acceptDisk,
        deps,
        store,
        makeBaseConfig: (ctx) => makeBaseConfig(instance, ctx),
      })
      const preparing = [generateClusterConfiguration(w), detectHardware(w), checkDisk(w), prepareConfiguration(w)]
      if (!deploy) return preparing
      return [...preparing, applyConfiguration(w), waitForNode(w), recordNode(w), verifyMembership(w)]
    },
  }
}
