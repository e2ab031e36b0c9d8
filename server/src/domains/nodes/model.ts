import { z } from 'zod'
import { ipv4, macAddress } from '../../platform/names.ts'
import { contentsText, type Disk } from './disk-contents.ts'

export type { Disk, DiskContent } from './disk-contents.ts'

export const nodeRoles = ['controlplane', 'worker'] as const
export type NodeRole = (typeof nodeRoles)[number]

/** The only words for how a node is (fine print "Words"). */
export const nodeStatuses = [
  'discovered',
  'configured',
  'applying',
  'ready',
  'not_ready',
  'unreachable',
  'removing',
] as const
export type NodeStatus = (typeof nodeStatuses)[number]

/** Where a machine stands: waiting for a configuration, one of ours, or configured by somebody else. */
export const machineStates = ['maintenance', 'ours', 'stranger'] as const
export type MachineState = (typeof machineStates)[number]

export const interfaceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._@:-]{0,31}$/, 'This is not a network interface name (like eth0 or enp0s31f6).')
export const diskPath = z
  .string()
  .max(200)
  .regex(
    /^\/dev\/[a-zA-Z0-9][a-zA-Z0-9._:+-]*(\/[a-zA-Z0-9][a-zA-Z0-9._:+-]*)*$/,
    'This is not a disk path (like /dev/sda).',
  )
export const schematicId = z
  .string()
  .max(128)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9.]*$/, 'This is not a schematic id (64 hexadecimal digits from the image factory).')

/** What config.yaml holds below `cluster.nodes.active.<name>`. */
export const nodeFields = z.object({
  role: z.enum(nodeRoles),
  mac: macAddress.optional(),
  interface: interfaceName.optional(),
  disk: diskPath.optional(),
  diskSerial: z.coerce.string().optional(),
  diskWwid: z.coerce.string().optional(),
  /** The disk a configuration was handed over for: what Talos left on it may be overwritten again. */
  installedDisk: z.coerce.string().optional(),
  currentIp: ipv4.optional(),
  targetIp: ipv4.optional(),
  version: z.string().optional(),
  schematicId: z.coerce.string().optional(),
  maintenance: z.boolean().optional(),
  /** It was told to reset, on its way out. */
  removing: z.boolean().optional(),
})
export type NodeFields = z.infer<typeof nodeFields>
export type NodeRecord = NodeFields & { name: string }

/** A network interface of a machine. */
export interface NetworkInterface {
  name: string
  /** Lower case; empty when it does not tell. */
  mac: string
  /** IPv4 and IPv6 addresses with prefix length: 192.168.1.100/24. */
  addresses: string[]
  /** A cable is plugged in and the other side answers. */
  up: boolean
  /** Mbit/s; absent when it does not tell. */
  speed?: number
  driver: string
  /** The default route leads out here. */
  defaultRoute: boolean
}

/** Something else than a Talos machine that has port 50000 open. */
export interface OtherHost {
  ip: string
  /** `silent`: it takes connections and never answers. `no-tls`, `not-talos`: another service. */
  kind: 'silent' | 'no-tls' | 'not-talos'
  /** For a person: what it is and what to do about it. */
  reason: string
}

/** A machine as it was last seen. */
export interface Machine {
  /** Absent for strangers: they tell nobody. */
  mac?: string
  ip: string
  state: MachineState
  maintenanceMode: boolean
  interface?: string
  /** Why this interface, or why none; absent in what was seen by older versions. */
  interfaceReason?: string
  interfaces?: NetworkInterface[]
  hostname?: string
  /** Talos version it runs. */
  version?: string
  manufacturer?: string
  product?: string
  serial?: string
  /** As its firmware tells it. */
  uuid?: string
  /** What is wrong with it here, for a person: another one's address, a certificate that does not fit. */
  problem?: string
  disks: Disk[]
  selectedDisk?: string
  /** Why this disk, or why none. */
  selectedDiskReason: string
  /** The instance and node it belongs to, when it is ours. */
  instance?: string
  node?: string
}

/** A machine in the table of last seen ones. */
export type SeenMachine = Machine & { mac: string; seenAt: string; discovery?: string }

/** The keys every door shows for a machine in an operation's result, which is handed on verbatim. */
export function machineResult(machine: Machine): Record<string, unknown> {
  return {
    mac: machine.mac ?? null,
    ip: machine.ip,
    interface: machine.interface ?? null,
    interface_reason: machine.interfaceReason ?? null,
    interfaces: (machine.interfaces ?? []).map(({ defaultRoute, speed, ...link }) => ({
      ...link,
      speed: speed ?? null,
      default_route: defaultRoute,
    })),
    maintenance_mode: machine.maintenanceMode,
    state: machine.state,
    hostname: machine.hostname ?? null,
    version: machine.version ?? null,
    manufacturer: machine.manufacturer ?? null,
    product: machine.product ?? null,
    serial: machine.serial ?? null,
    uuid: machine.uuid ?? null,
    problem: machine.problem ?? null,
    disks: machine.disks.map(({ unsuitable, contents = [], ...disk }) => ({
      ...disk,
      contents,
      holds: contentsText({ contents }),
      ...(unsuitable ? { unsuitable } : {}),
    })),
    selected_disk: machine.selectedDisk ?? null,
    selected_disk_reason: machine.selectedDiskReason,
    instance: machine.instance ?? null,
    node: machine.node ?? null,
  }
}

/** Sorts control-2 before control-10. */
export function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true })
}

/** Control planes whose configuration was handed over, in the order of their names: where a cluster can be started. */
export function appliedControlPlanes(records: NodeRecord[]): NodeRecord[] {
  return applied(records).filter((record) => record.role === 'controlplane')
}

/** Nodes whose configuration was handed over and that came back at their address. */
export function applied(records: NodeRecord[]): NodeRecord[] {
  return records.filter((record) => record.maintenance === false && record.targetIp).sort(byName)
}

/** The machine a sentence is about: `control-1 (192.168.1.91)`. */
export function nameOf(record: NodeRecord): string {
  const ip = record.currentIp ?? record.targetIp
  return ip ? `${record.name} (${ip})` : record.name
}
