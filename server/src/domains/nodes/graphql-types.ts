import { builder } from '../../platform/schema-builder.ts'
import type { Assignment } from './assign/plan.ts'
import { contentsText } from './disk-contents.ts'
import type { NodeView } from './live.ts'
import {
  type Disk,
  type DiskContent,
  type Machine,
  machineStates,
  type NetworkInterface,
  type NodeRecord,
  nodeRoles,
  nodeStatuses,
  type SeenMachine,
} from './model.ts'
import type { NodeChange } from './service.ts'

export const NodeRoleType = builder.enumType('NodeRole', {
  description: 'What a node does in the cluster.',
  values: nodeRoles,
})
const NodeStatusType = builder.enumType('NodeStatus', { description: 'How a node is right now.', values: nodeStatuses })
const MachineStateType = builder.enumType('MachineState', {
  description: 'Whether a machine waits for a configuration, is one of ours, or was set up by somebody else.',
  values: machineStates,
})

const DiskContentType = builder.objectRef<DiskContent>('DiskContent').implement({
  description: 'A file system or partition found on a disk.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is: /dev/sda1, or the disk itself.' }),
    filesystem: t.exposeString('filesystem', {
      description: 'xfs, ext4, luks, iso9660…; empty for a partition on which nothing was recognised.',
    }),
    label: t.exposeString('label', { description: 'Its name; empty without one.' }),
    size: t.expose('size', { type: 'Bytes', description: 'Its size in bytes.' }),
  }),
})

const DiskType = builder.objectRef<Disk>('Disk').implement({
  description: 'A disk in a machine.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is on the machine: /dev/sda.' }),
    size: t.expose('size', { type: 'Bytes', description: 'Its size in bytes.' }),
    model: t.exposeString('model', { description: 'Its model; empty when it does not tell.' }),
    serial: t.exposeString('serial', { description: 'Its serial number; empty when it does not tell.' }),
    wwid: t.exposeString('wwid', { description: 'Its world-wide id; empty when it does not tell.' }),
    transport: t.exposeString('transport', { description: 'How it is attached: sata, nvme, usb…' }),
    rotational: t.exposeBoolean('rotational', { description: 'True for a spinning disk.' }),
    unsuitable: t.exposeString('unsuitable', {
      nullable: true,
      description: 'Why Talos is not installed to it; absent when it could be.',
    }),
    contents: t.field({
      type: [DiskContentType],
      description: 'What is on it; empty for a blank disk.',
      resolve: (disk) => disk.contents ?? [],
    }),
    holds: t.string({
      description: 'The same in words: an installation of Talos, ext4 "backup" (500 GB); empty for a blank disk.',
      resolve: contentsText,
    }),
  }),
})

const NetworkInterfaceType = builder.objectRef<NetworkInterface>('NetworkInterface').implement({
  description: 'A network interface of a machine.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name: eth0.' }),
    mac: t.exposeString('mac', { description: 'Its hardware address; empty when it does not tell.' }),
    addresses: t.exposeStringList('addresses', { description: 'Its addresses with prefix length.' }),
    up: t.exposeBoolean('up', { description: 'True when a cable is plugged in and the other side answers.' }),
    speed: t.int({
      nullable: true,
      description: 'Mbit/s; absent when it does not tell.',
      resolve: ({ speed }) => speed,
    }),
    driver: t.exposeString('driver', { description: 'Its driver.' }),
    defaultRoute: t.exposeBoolean('defaultRoute', { description: 'True when the default route leads out here.' }),
  }),
})

export const MachineType = builder.objectRef<Machine | SeenMachine>('Machine').implement({
  description: 'A machine on the network as it was last seen.',
  fields: (t) => ({
    mac: t.exposeString('mac', { nullable: true, description: 'Hardware address of the interface that leads out.' }),
    ip: t.exposeString('ip', { description: 'Where it answered.' }),
    interface: t.exposeString('interface', { nullable: true, description: 'The interface that leads out.' }),
    interfaceReason: t.exposeString('interfaceReason', {
      nullable: true,
      description: 'Why this interface, or why none.',
    }),
    interfaces: t.field({
      type: [NetworkInterfaceType],
      description: 'Its network interfaces.',
      resolve: (machine) => machine.interfaces ?? [],
    }),
    serial: t.exposeString('serial', { nullable: true, description: 'Serial number of the machine.' }),
    uuid: t.exposeString('uuid', { nullable: true, description: 'Its identity, as the firmware tells it.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: "What is wrong with it here: another one's address, a certificate that does not fit.",
    }),
    state: t.field({ type: MachineStateType, description: 'Whose it is.', resolve: (machine) => machine.state }),
    maintenanceMode: t.exposeBoolean('maintenanceMode', { description: 'True while it waits for a configuration.' }),
    hostname: t.exposeString('hostname', { nullable: true, description: 'Its host name.' }),
    version: t.exposeString('version', { nullable: true, description: 'The Talos version it runs.' }),
    manufacturer: t.exposeString('manufacturer', { nullable: true, description: 'Who made it.' }),
    product: t.exposeString('product', { nullable: true, description: 'What it is called.' }),
    disks: t.field({ type: [DiskType], description: 'Its disks.', resolve: (machine) => machine.disks }),
    selectedDisk: t.exposeString('selectedDisk', {
      nullable: true,
      description: 'The disk Talos would be installed to.',
    }),
    selectedDiskReason: t.exposeString('selectedDiskReason', { description: 'Why this disk, or why none.' }),
    instance: t.exposeString('instance', { nullable: true, description: 'The instance it belongs to.' }),
    node: t.exposeString('node', { nullable: true, description: 'The node it is.' }),
    seenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When this was seen; absent when it was read just now.',
      resolve: (machine) => ('seenAt' in machine ? machine.seenAt : undefined),
    }),
  }),
})

/** A text that is written down about a node; absent until it is known. */
const ofRecord = (key: WrittenDown, description: string) => ({
  nullable: true as const,
  description,
  resolve: ({ record }: { record: NodeRecord }) => record[key],
})
type WrittenDown =
  | 'mac'
  | 'currentIp'
  | 'targetIp'
  | 'interface'
  | 'disk'
  | 'diskSerial'
  | 'diskWwid'
  | 'version'
  | 'schematicId'

export const NodeType = builder.objectRef<NodeView>('Node').implement({
  description: 'A machine with a name and a role in the cluster.',
  fields: (t) => ({
    name: t.string({ description: 'Its name, which is its host name too.', resolve: ({ record }) => record.name }),
    role: t.field({ type: NodeRoleType, description: 'What it does.', resolve: ({ record }) => record.role }),
    status: t.field({ type: NodeStatusType, description: 'How it is right now.', resolve: ({ status }) => status }),
    reason: t.exposeString('reason', { description: 'Why it is so; empty when all is well.' }),
    ip: t.string({
      nullable: true,
      description: 'Where it is now.',
      resolve: ({ record }) => record.currentIp ?? record.targetIp,
    }),
    mac: t.string(ofRecord('mac', 'Hardware address of its machine.')),
    currentIp: t.string(ofRecord('currentIp', 'The address it was last known at.')),
    targetIp: t.string(ofRecord('targetIp', 'The address it has or will get.')),
    interface: t.string(ofRecord('interface', 'Its network interface.')),
    disk: t.string(ofRecord('disk', 'The disk Talos is installed to.')),
    diskSerial: t.string(ofRecord('diskSerial', 'Serial number of that disk.')),
    diskWwid: t.string(ofRecord('diskWwid', 'World-wide id of that disk.')),
    version: t.string(ofRecord('version', 'Its Talos version.')),
    schematicId: t.string(ofRecord('schematicId', 'Image factory schematic of its system.')),
    maintenance: t.boolean({
      description: 'True until its configuration was handed over.',
      resolve: ({ record }) => record.maintenance !== false,
    }),
  }),
})

export const NodeChangeType = builder.objectRef<NodeChange>('NodeChange').implement({
  description: 'A changed node.',
  fields: (t) => ({
    node: t.field({ type: NodeType, description: 'The node as it is now.', resolve: ({ node }) => node }),
    warnings: t.exposeStringList('warnings', { description: 'What one may want to know about the change.' }),
  }),
})

export const AssignmentType = builder.objectRef<Assignment>('Assignment').implement({
  description: 'Which machine becomes which node.',
  fields: (t) => ({
    node: t.string({ description: 'The node.', resolve: ({ record }) => record.name }),
    role: t.field({ type: NodeRoleType, description: 'Its role.', resolve: ({ record }) => record.role }),
    mac: t.string(ofRecord('mac', 'Hardware address of its machine.')),
    currentIp: t.string(ofRecord('currentIp', 'Where the machine is now.')),
    targetIp: t.string(ofRecord('targetIp', 'The address the node will have.')),
    interface: t.string(ofRecord('interface', 'Its network interface.')),
    disk: t.string(ofRecord('disk', 'The disk Talos will be installed to; everything on it is lost.')),
    diskSerial: t.string(ofRecord('diskSerial', 'Serial number of that disk.')),
    existing: t.exposeBoolean('existing', { description: 'True when it was assigned before and nothing changes.' }),
    reason: t.exposeString('reason', { description: 'Why this disk.' }),
    warning: t.string({
      nullable: true,
      description: 'What a person may want to know: an even number of control planes.',
      resolve: ({ warning }) => warning,
    }),
  }),
})
