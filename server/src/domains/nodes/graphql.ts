import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import type { Assignment } from './assign/plan.ts'
import { contentsText } from './disk-contents.ts'
import type { NodeView } from './live.ts'
import {
  type Disk,
  type DiskContent,
  type Machine,
  machineStates,
  type NetworkInterface,
  nodeRoles,
  nodeStatuses,
  type SeenMachine,
} from './model.ts'
import type { NodeChange, NodesService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    nodes: NodesService
  }
}

const NodeRoleType = builder.enumType('NodeRole', {
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
    unsuitable: t.string({
      nullable: true,
      description: 'Why Talos is not installed to it; absent when it could be.',
      resolve: (disk) => disk.unsuitable,
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

const MachineType = builder.objectRef<Machine | SeenMachine>('Machine').implement({
  description: 'A machine on the network as it was last seen.',
  fields: (t) => ({
    mac: t.string({
      nullable: true,
      description: 'Hardware address of the interface that leads out.',
      resolve: (machine) => machine.mac,
    }),
    ip: t.exposeString('ip', { description: 'Where it answered.' }),
    interface: t.string({
      nullable: true,
      description: 'The interface that leads out.',
      resolve: (machine) => machine.interface,
    }),
    interfaceReason: t.string({
      nullable: true,
      description: 'Why this interface, or why none.',
      resolve: (machine) => machine.interfaceReason,
    }),
    interfaces: t.field({
      type: [NetworkInterfaceType],
      description: 'Its network interfaces.',
      resolve: (machine) => machine.interfaces ?? [],
    }),
    serial: t.string({
      nullable: true,
      description: 'Serial number of the machine.',
      resolve: (machine) => machine.serial,
    }),
    uuid: t.string({
      nullable: true,
      description: 'Its identity, as the firmware tells it.',
      resolve: (machine) => machine.uuid,
    }),
    problem: t.string({
      nullable: true,
      description: "What is wrong with it here: another one's address, a certificate that does not fit.",
      resolve: (machine) => machine.problem,
    }),
    state: t.field({ type: MachineStateType, description: 'Whose it is.', resolve: (machine) => machine.state }),
    maintenanceMode: t.exposeBoolean('maintenanceMode', { description: 'True while it waits for a configuration.' }),
    hostname: t.string({ nullable: true, description: 'Its host name.', resolve: (machine) => machine.hostname }),
    version: t.string({
      nullable: true,
      description: 'The Talos version it runs.',
      resolve: (machine) => machine.version,
    }),
    manufacturer: t.string({ nullable: true, description: 'Who made it.', resolve: (machine) => machine.manufacturer }),
    product: t.string({ nullable: true, description: 'What it is called.', resolve: (machine) => machine.product }),
    disks: t.field({ type: [DiskType], description: 'Its disks.', resolve: (machine) => machine.disks }),
    selectedDisk: t.string({
      nullable: true,
      description: 'The disk Talos would be installed to.',
      resolve: (machine) => machine.selectedDisk,
    }),
    selectedDiskReason: t.exposeString('selectedDiskReason', { description: 'Why this disk, or why none.' }),
    instance: t.string({
      nullable: true,
      description: 'The instance it belongs to.',
      resolve: (machine) => machine.instance,
    }),
    node: t.string({ nullable: true, description: 'The node it is.', resolve: (machine) => machine.node }),
    seenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When this was seen; absent when it was read just now.',
      resolve: (machine) => ('seenAt' in machine ? machine.seenAt : undefined),
    }),
  }),
})

const NodeType = builder.objectRef<NodeView>('Node').implement({
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
    mac: t.string({
      nullable: true,
      description: 'Hardware address of its machine.',
      resolve: ({ record }) => record.mac,
    }),
    currentIp: t.string({
      nullable: true,
      description: 'The address it was last known at.',
      resolve: ({ record }) => record.currentIp,
    }),
    targetIp: t.string({
      nullable: true,
      description: 'The address it has or will get.',
      resolve: ({ record }) => record.targetIp,
    }),
    interface: t.string({
      nullable: true,
      description: 'Its network interface.',
      resolve: ({ record }) => record.interface,
    }),
    disk: t.string({
      nullable: true,
      description: 'The disk Talos is installed to.',
      resolve: ({ record }) => record.disk,
    }),
    diskSerial: t.string({
      nullable: true,
      description: 'Serial number of that disk.',
      resolve: ({ record }) => record.diskSerial,
    }),
    diskWwid: t.string({
      nullable: true,
      description: 'World-wide id of that disk.',
      resolve: ({ record }) => record.diskWwid,
    }),
    version: t.string({ nullable: true, description: 'Its Talos version.', resolve: ({ record }) => record.version }),
    schematicId: t.string({
      nullable: true,
      description: 'Image factory schematic of its system.',
      resolve: ({ record }) => record.schematicId,
    }),
    maintenance: t.boolean({
      description: 'True until its configuration was handed over.',
      resolve: ({ record }) => record.maintenance !== false,
    }),
  }),
})

const NodeChangeType = builder.objectRef<NodeChange>('NodeChange').implement({
  description: 'A changed node.',
  fields: (t) => ({
    node: t.field({ type: NodeType, description: 'The node as it is now.', resolve: ({ node }) => node }),
    warnings: t.exposeStringList('warnings', { description: 'What one may want to know about the change.' }),
  }),
})

const AssignmentType = builder.objectRef<Assignment>('Assignment').implement({
  description: 'Which machine becomes which node.',
  fields: (t) => ({
    node: t.string({ description: 'The node.', resolve: ({ record }) => record.name }),
    role: t.field({ type: NodeRoleType, description: 'Its role.', resolve: ({ record }) => record.role }),
    mac: t.string({
      nullable: true,
      description: 'Hardware address of its machine.',
      resolve: ({ record }) => record.mac,
    }),
    currentIp: t.string({
      nullable: true,
      description: 'Where the machine is now.',
      resolve: ({ record }) => record.currentIp,
    }),
    targetIp: t.string({
      nullable: true,
      description: 'The address the node will have.',
      resolve: ({ record }) => record.targetIp,
    }),
    interface: t.string({
      nullable: true,
      description: 'Its network interface.',
      resolve: ({ record }) => record.interface,
    }),
    disk: t.string({
      nullable: true,
      description: 'The disk Talos will be installed to; everything on it is lost.',
      resolve: ({ record }) => record.disk,
    }),
    diskSerial: t.string({
      nullable: true,
      description: 'Serial number of that disk.',
      resolve: ({ record }) => record.diskSerial,
    }),
    existing: t.exposeBoolean('existing', { description: 'True when it was assigned before and nothing changes.' }),
    reason: t.exposeString('reason', { description: 'Why this disk.' }),
    warning: t.string({
      nullable: true,
      description: 'What a person may want to know: an even number of control planes.',
      resolve: ({ warning }) => warning,
    }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const nodeArg = { required: true, description: 'Name of the node.' } as const

builder.queryFields((t) => ({
  nodes: t.field({
    type: [NodeType],
    description: 'The nodes of an instance, with how they are right now.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.nodes.list(instance),
  }),
  nodeWarnings: t.stringList({
    description: 'What a person may want to know about the nodes together: an even number of control planes.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.nodes.warnings(instance),
  }),
  node: t.field({
    type: NodeType,
    description: 'One node.',
    args: { instance: t.arg.string(instanceArg), node: t.arg.string(nodeArg) },
    resolve: (_root, { instance, node }, { services }) => services.nodes.get(instance, node),
  }),
  machines: t.field({
    type: [MachineType],
    description: 'Machines that discovery has seen.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.nodes.machines(instance),
  }),
  nodeHardware: t.field({
    type: MachineType,
    description: 'The hardware of a machine, read just now.',
    args: {
      instance: t.arg.string(instanceArg),
      mac: t.arg.string({ required: true, description: 'Its hardware address.' }),
    },
    resolve: (_root, { instance, mac }, { services }) => services.nodes.hardware(instance, mac),
  }),
}))

builder.mutationFields((t) => ({
  discoverNodes: t.field({
    type: OperationType,
    description: 'Looks for Talos machines on the LAN. The result of the operation lists them.',
    args: {
      instance: t.arg.string(instanceArg),
      subnet: t.arg.string({
        description: 'Where to look, such as 192.168.1.0/24; the LAN of the device when left out.',
      }),
      timeout: t.arg.int({ description: 'Seconds the scan may take; 30 when left out.' }),
    },
    resolve: (_root, args, { services, via }) => services.nodes.discover(args, via),
  }),
  addNode: t.field({
    type: NodeType,
    description: 'Writes down a node by hand. What is left out comes from what discovery saw of the machine.',
    args: {
      instance: t.arg.string(instanceArg),
      name: t.arg.string({ required: true, description: 'Its name: control-1.' }),
      role: t.arg({ type: NodeRoleType, required: true, description: 'What it shall do.' }),
      mac: t.arg.string({ required: true, description: 'Hardware address of its machine.' }),
      targetIp: t.arg.string({ description: 'The address it shall have.' }),
      interface: t.arg.string({ description: 'Its network interface.' }),
      disk: t.arg.string({ description: 'The disk to install to; everything on it is lost.' }),
      version: t.arg.string({ description: "Talos version; the instance's when left out." }),
      schematicId: t.arg.string({ description: "Image factory schematic; the instance's when left out." }),
    },
    resolve: (_root, { instance, ...input }, { services, via }) =>
      services.nodes.add(instance, input, { via, reason: `node add ${input.name}` }),
  }),
  editNode: t.field({
    type: NodeChangeType,
    description:
      'Changes what is written down about a node; what is left out stays. Name, role and disk are fixed once it was set up.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(nodeArg),
      name: t.arg.string({ description: 'Its new name, which is its host name too.' }),
      role: t.arg({ type: NodeRoleType, description: 'What it shall do.' }),
      targetIp: t.arg.string({ description: 'The address it shall have.' }),
      interface: t.arg.string({ description: 'Its network interface.' }),
      disk: t.arg.string({ description: 'The disk to install to; everything on it is lost when it is set up.' }),
      version: t.arg.string({ description: 'Its Talos version.' }),
      schematicId: t.arg.string({ description: 'Image factory schematic of its system.' }),
    },
    resolve: (_root, { instance, node, ...input }, { services, via }) =>
      services.nodes.edit(instance, node, input, { via, reason: `node edit ${node}` }),
  }),
  assignNodes: t.field({
    type: [AssignmentType],
    description:
      'Gives discovered machines to node names: address, interface and disk are chosen. Nothing is written to the machines.',
    args: {
      instance: t.arg.string(instanceArg),
      nodes: t.arg.stringList({ required: true, description: 'Names: control-1, worker-1.' }),
      role: t.arg({ type: NodeRoleType, description: 'Role of names that do not tell it.' }),
      machine: t.arg.string({ description: 'Which machine, by hardware address or address; for a single name.' }),
      plan: t.arg.boolean({ description: 'Only say what would be written.' }),
    },
    resolve: (_root, { instance, ...input }, { services, via }) =>
      services.nodes.assign(instance, input, { via, reason: `node assign ${input.nodes.join(' ')}` }),
  }),
  setupNode: t.field({
    type: OperationType,
    description: "Makes a node's configuration and hands it to the machine, which installs Talos to its disk.",
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(nodeArg),
      forceReconfigure: t.arg.boolean({
        description: 'Look at the hardware again and choose interface and disk anew.',
      }),
      deploy: t.arg.boolean({ description: 'False only makes the configuration.' }),
      acceptDisk: t.arg.string({
        description: 'The word an earlier try named, to overwrite a disk that something speaks against.',
      }),
    },
    resolve: (_root, args, { services, via }) => services.nodes.setup(args, via),
  }),
  removeNode: t.field({
    type: OperationType,
    description:
      'Takes a node out of the cluster: moves its pods, takes it out of etcd, resets its machine and forgets it. Its data is lost.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(nodeArg),
      gone: t.arg.boolean({ description: 'The machine is gone for good: leave out what needs it.' }),
      drain: t.arg.boolean({ description: 'False ends its pods instead of moving them to other nodes first.' }),
    },
    resolve: (_root, args, { services, via }) => services.nodes.remove(args, via),
  }),
  forgetNode: t.boolean({
    description: "Forgets a node's record. Refused while it is a member of the cluster.",
    args: { instance: t.arg.string(instanceArg), node: t.arg.string(nodeArg) },
    resolve: (_root, { instance, node }, { services, via }) =>
      services.nodes.forget(instance, node, { via, reason: `node delete ${node}` }),
  }),
}))

builder.subscriptionFields((t) => ({
  nodes: t.field({
    type: [NodeType],
    description: 'The nodes of an instance: all at once, then again whenever one became something else.',
    args: { instance: t.arg.string(instanceArg) },
    subscribe: (_root, { instance }, { services }) => services.nodes.follow(instance),
    resolve: (nodes) => nodes,
  }),
  discoveredMachine: t.field({
    type: MachineType,
    description: 'Each machine that discovery reads for an instance, as soon as it was read.',
    args: { instance: t.arg.string(instanceArg) },
    subscribe: (_root, { instance }, { services }) => services.nodes.sightings(instance),
    resolve: (machine) => machine,
  }),
}))
