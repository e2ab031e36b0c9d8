import { createHash } from 'node:crypto'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import { isRegistered } from '../life.ts'
import type { Resource, ResourceType } from './model.ts'

/** The members of the cluster, as the discovery service tells them to each other. */
export const clusterTypes: ResourceType[] = [
  {
    type: 'Members.cluster.talos.dev',
    namespace: 'cluster',
    aliases: [],
    owner: 'cluster.MemberController',
    list: members,
  },
]

function members(machine: Machine, lan: Lan): Resource[] {
  const { facts } = machine
  if (facts === undefined) return []
  const known = lan
    .machines()
    .filter(
      (other) => other.facts?.clusterId === facts.clusterId && (other.awake || isRegistered(other, lan.clock.now())),
    )
  return known.map((other) => ({
    id: other.hostname,
    spec: {
      nodeId: createHash('sha256').update(other.hardware.uuid).digest('base64').replace(/[+/=]/g, '').slice(0, 43),
      addresses: other.addresses,
      hostname: other.hostname,
      machineType: other.facts?.role ?? 'worker',
      operatingSystem: `Talos (${other.record.talosVersion})`,
      ...(other.facts?.role === 'controlplane' ? { controlPlane: { port: 6443 } } : {}),
    },
  }))
}
