import type { RestRoute } from '../../platform/rest-route.ts'

const machine = `mac ip interface interfaceReason interfaces { name mac addresses up speed driver defaultRoute }
  maintenanceMode state hostname version manufacturer product serial uuid problem
  disks { path size model serial wwid transport rotational unsuitable holds contents { path filesystem label size } } selectedDisk selectedDiskReason instance node`
const node =
  'name role status reason ip mac currentIp targetIp interface disk diskSerial version schematicId maintenance'
const assign = `mutation ($instance: String!, $nodes: [String!]!, $role: NodeRole, $machine: String, $plan: Boolean) {
  assignNodes(instance: $instance, nodes: $nodes, role: $role, machine: $machine, plan: $plan) {
    node role mac currentIp targetIp interface disk diskSerial existing reason warning } }`
/** What an operation-starting document selects. */
const operation = 'operationId status message'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/discover',
    summary: 'Look for Talos machines on the LAN',
    planOf: 'node.discover',
    body: ['subnet', 'timeout'],
    document: `mutation ($instance: String!, $subnet: String, $timeout: Int) { discoverNodes(instance: $instance, subnet: $subnet, timeout: $timeout) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/node-warnings',
    summary: 'What is unwise about the nodes together, such as an even number of control planes',
    document: 'query ($instance: String!) { nodeWarnings(instance: $instance) }',
    answer: 'data',
    wrap: 'warnings',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/machines',
    summary: 'Machines that discovery has seen',
    document: `query ($instance: String!) { machines(instance: $instance) { ${machine} seenAt } }`,
    answer: 'data',
    wrap: 'machines',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/nodes/{mac}/hardware',
    summary: 'Hardware of a machine, read just now',
    document: `query ($instance: String!, $mac: String!) { nodeHardware(instance: $instance, mac: $mac) { ${machine} } }`,
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes',
    summary: 'Write down a node by hand',
    body: ['name', 'role', 'mac', 'target_ip', 'interface', 'disk', 'version', 'schematic_id'],
    document: `mutation ($instance: String!, $name: String!, $role: NodeRole!, $mac: String!, $targetIp: String, $interface: String, $disk: String, $version: String, $schematicId: String) {
      addNode(instance: $instance, name: $name, role: $role, mac: $mac, targetIp: $targetIp, interface: $interface, disk: $disk, version: $version, schematicId: $schematicId) { ${node} } }`,
    status: 201,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/nodes',
    summary: 'Nodes with how they are right now',
    document: `query ($instance: String!) { nodes(instance: $instance) { ${node} } }`,
    answer: 'data',
    wrap: 'nodes',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/nodes/{node}',
    summary: 'One node',
    document: `query ($instance: String!, $node: String!) { node(instance: $instance, node: $node) { ${node} } }`,
    answer: 'data',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/nodes/{node}',
    summary: 'Change what is written down about a node',
    body: ['name', 'role', 'target_ip', 'interface', 'disk', 'version', 'schematic_id'],
    document: `mutation ($instance: String!, $node: String!, $name: String, $role: NodeRole, $targetIp: String, $interface: String, $disk: String, $version: String, $schematicId: String) {
      editNode(instance: $instance, node: $node, name: $name, role: $role, targetIp: $targetIp, interface: $interface, disk: $disk, version: $version, schematicId: $schematicId) { warnings node { ${node} } } }`,
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/assign',
    summary: 'Give discovered machines to node names',
    body: ['nodes', 'role', 'machine', 'plan'],
    document: assign,
    plan: assign.replaceAll('plan: $plan', 'plan: true').replace(', $plan: Boolean', ''),
    answer: 'data',
    wrap: 'assignments',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/setup',
    summary: 'Set up a node',
    planOf: 'node.setup',
    body: ['force_reconfigure', 'deploy', 'accept_disk'],
    document: `mutation ($instance: String!, $node: String!, $forceReconfigure: Boolean, $deploy: Boolean, $acceptDisk: String) { setupNode(instance: $instance, node: $node, forceReconfigure: $forceReconfigure, deploy: $deploy, acceptDisk: $acceptDisk) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/remove',
    summary: 'Take a node out of the cluster and free its machine',
    planOf: 'node.remove',
    body: ['gone', 'drain'],
    document: `mutation ($instance: String!, $node: String!, $gone: Boolean, $drain: Boolean) { removeNode(instance: $instance, node: $node, gone: $gone, drain: $drain) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}/nodes/{node}',
    summary: 'Forget a node that is no member of the cluster',
    document: 'mutation ($instance: String!, $node: String!) { forgetNode(instance: $instance, node: $node) }',
    answer: 'message',
    message: 'Node deleted',
  },
]
