import { z } from 'zod'
import type { OperationDefinition, StepContext, StepItem } from '../../../operations/define.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../platform/names.ts'
import { allRecords } from '../assign/world.ts'
import type { NodesDeps } from '../deps.ts'
import type { NodeRecord } from '../model.ts'
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

/** config.yaml may have been written by hand: one machine or one address for two nodes would wipe or cut off the other. */
function refuseTwins(instance: string, record: NodeRecord, all: { instance: string; record: NodeRecord }[]): void {
  const others = all.filter((each) => each.instance !== instance || each.record.name !== record.name)
  const key = `cluster.nodes.active.${record.name}`
  const clash = (field: 'mac' | 'targetIp', what: string) => {
    const other = record[field] && others.find((each) => each.record[field] === record[field])
    if (!other) return
    throw new WildError(
      'CONFLICT',
      `${record.name} and ${other.record.name} of ${other.instance} have the same ${what} (${record[field]}). Give one of them another: wild-cli config set ${key}.${field} VALUE`,
      { node: record.name, other: other.record.name, instance: other.instance, field: `${key}.${field}` },
    )
  }
  clash('mac', 'machine')
  clash('targetIp', 'address')
}

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
      const record = await store.record(instance, node)
      if (!record) throw notFound('node', node, `wild-cli node setup ${node}`)
      refuseTwins(instance, record, await allRecords({ instances: deps.instances, store }))
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
