import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import { AssignmentType, MachineType, NodeChangeType, NodeRoleType, NodeType } from './graphql-types.ts'
import type { NodesService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    nodes: NodesService
  }
}

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
