import { z } from 'zod'
import { instanceName } from '../../platform/names.ts'
import { addressInLan, type Lan } from '../../platform/network.ts'
import { schematicIdOf } from '../talos/index.ts'

export const instanceStatuses = [
  'initialized',
  'configured',
  'bootstrapping',
  'ready',
  'degraded',
  'unreachable',
] as const
export type InstanceStatus = (typeof instanceStatuses)[number]

export interface Instance {
  name: string
  description: string
  createdAt: string
  configPath: string
}

/** How its cluster is, as the cluster domain tells it. */
export type ClusterState = 'not_bootstrapped' | 'bootstrapping' | 'ready' | 'degraded' | 'unreachable'

/** What only other domains know of an instance, each looked up when it is asked for. */
export interface InstanceFacts {
  nodeCount(instance: string): Promise<number>
  serviceCount(instance: string): Promise<number>
  appCount(instance: string): Promise<number>
  cluster(instance: string): Promise<ClusterState>
}

/** Which part of an instance changed. */
export const instanceParts = ['config', 'secrets', 'nodes', 'cluster', 'services', 'apps', 'deleted'] as const
export type InstancePart = (typeof instanceParts)[number]

export const createInput = z.strictObject({
  name: instanceName,
  description: z.string().max(200, 'At most 200 characters.').default(''),
  config: z.record(z.string(), z.unknown()).default({}),
})
export type CreateInput = z.input<typeof createInput>

/** The schematic of a new instance: the extensions Longhorn needs. */
const schematic = {
  customization: {
    systemExtensions: { officialExtensions: ['siderolabs/iscsi-tools', 'siderolabs/util-linux-tools'] },
  },
}

/** The config.yaml of a new instance: every key that has a default for this network. */
export function defaultConfig(name: string, lan: Lan, gateway: string): Record<string, unknown> {
  const at = (offset: number) => addressInLan(lan, offset)
  return {
    cloud: { router: { ip: gateway }, dns: { ip: at(50) } },
    cluster: {
      name,
      ipAddressPool: `${at(80)}-${at(89)}`,
      loadBalancerIp: at(80),
      kubernetesVersion: 'v1.34.1',
      nodes: {
        control: { vip: at(90) },
        talos: {
          version: 'v1.11.5',
          schematicId: schematicIdOf(schematic),
          schematic: structuredClone(schematic),
        },
      },
    },
  }
}

/** `over` wins; maps are merged, everything else is replaced. */
export function mergeTrees(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over === undefined ? base : over
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = mergeTrees(merged[key], value)
  return merged
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The one place that decides an instance's status. */
export async function instanceStatus(
  name: string,
  facts: InstanceFacts,
  missing: (name: string) => Promise<string[]>,
): Promise<InstanceStatus> {
  const cluster = await facts.cluster(name)
  if (cluster !== 'not_bootstrapped') return cluster
  const [nodes, keys] = await Promise.all([facts.nodeCount(name), missing(name)])
  return keys.length === 0 && nodes > 0 ? 'configured' : 'initialized'
}
