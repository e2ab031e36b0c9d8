import { type Command, InvalidArgumentError } from 'commander'
import { confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { renderTable } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { ClusterNode, Machine, Operation, OtherHost } from '../rest/types.ts'
import { showChange, showFields, showList, showSection, writeLines } from '../show.ts'
import { addNodeChanges } from './cluster-changes.ts'
import { diskColumns, interfaceColumns, machineColumns, nodeColumns } from './node-columns.ts'
import { addNodeIp } from './node-ip.ts'
import { addNodeAssign, addNodeSetup } from './node-setup.ts'
import { addNodeReset } from './reset.ts'

/** Adds `wild-cli node …`. */
export function addNodeCommands(program: Command): void {
  const group = addGroup(program, 'node', 'Find machines and make them nodes of the cluster')
  addDiscover(group)
  addNodeSetup(group)
  addList(group)
  addShow(group)
  addNodeIp(group)
  addHardware(group)
  addNodeAssign(group)
  addAdd(group)
  addEdit(group)
  addRemove(group)
  addNodeChanges(group)
  addNodeReset(group)
  addDelete(group)
}

function addDiscover(group: Command): void {
  const command = addCommand(group, 'discover', 'Look for machines on the network that wait to be set up', [
    'node discover',
    'node discover --subnet 192.168.1.0/24 --timeout 60',
  ])
  withPlan(command)
    .option('--subnet <cidr>', 'network to search (default: the one the daemon is in)')
    .option('--timeout <seconds>', 'how long to search', seconds)
    .action(
      act<[], { subnet?: string; timeout?: number }>(async (session, _args, { subnet, timeout }) => {
        const instance = await session.instance()
        const path = route`/instances/${instance}/nodes/discover`
        const request = { path, body: { subnet, timeout } }
        await startOperation(session, request, {
          success: ({ result }) => foundText((result?.nodes ?? []) as Machine[]),
          show: ({ result }: Operation) => {
            const machines = (result?.nodes ?? []) as Machine[]
            for (const { ip, reason } of (result?.others ?? []) as OtherHost[])
              session.messages.info(`${ip}: ${reason}.`)
            if (machines.length === 0) {
              session.messages.info('Boot one from a Talos image in the same network, then try again.')
              return
            }
            writeLines(session, renderTable(machineColumns, machines, session.paint, session.width))
            const next = namesToSetUp(instance, machines)
            if (next.length) session.messages.info(`Next: wild-cli node setup ${next.join(' ')}`)
          },
        })
      }),
    )
}

function foundText(machines: Machine[]): string {
  if (machines.length === 0) return 'No machines found.'
  const known = machines.every(({ node, maintenance_mode }) => node && !maintenance_mode)
  const count = machines.length === 1 ? 'One machine' : `${machines.length} machines`
  return known ? `${count} found, set up before. (already done)` : `${count} found.`
}

/** Names for machines that wait: the nodes they were before they were wiped, else names for new ones. */
function namesToSetUp(instance: string, machines: Machine[]): string[] {
  const waiting = machines.filter(({ maintenance_mode }) => maintenance_mode)
  const own = waiting.flatMap((machine) => (machine.instance === instance && machine.node ? [machine.node] : []))
  if (own.length) return own
  return waiting.some(({ node }) => !node) ? ['control-1', 'control-2', 'control-3'] : []
}

function addList(group: Command): void {
  addCommand(group, 'list', 'List the nodes, or the machines found last', ['node list', 'node list --machines'])
    .alias('ls')
    .option('--machines', 'list the machines of the last discovery instead')
    .action(
      act<[], { machines?: boolean }>(async (session, _args, { machines }) => {
        const instance = await session.instance()
        if (machines) {
          const data = await session.api.get<{ machines: Machine[] }>(route`/instances/${instance}/machines`)
          const empty = 'No machines found yet. Look for them: wild-cli node discover'
          return showList(session, data, { rows: data.machines, columns: machineColumns, empty })
        }
        const data = await session.api.get<{ nodes: ClusterNode[] }>(route`/instances/${instance}/nodes`)
        const empty = `No nodes in ${instance} yet. Find machines: wild-cli node discover`
        await showList(session, data, { rows: data.nodes, columns: nodeColumns, empty })
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show <node>', 'Show a node', ['node show control-1']).action(
    act<[string]>(async (session, [name]) => {
      const data = await session.api.get<ClusterNode>(route`/instances/${await session.instance()}/nodes/${name}`)
      await showFields(session, data, {
        Name: data.name,
        Role: data.role,
        Status: data.status,
        Reason: data.reason,
        Address: data.ip ?? data.target_ip,
        Target: data.ip && data.ip !== data.target_ip ? data.target_ip : undefined,
        MAC: data.mac,
        Interface: data.interface,
        Disk: data.disk,
        Talos: data.version,
        Schematic: data.schematic_id,
      })
    }),
  )
}

function addHardware(group: Command): void {
  addCommand(group, 'hardware <mac>', 'Read the hardware of a machine, live', [
    'node hardware 52:54:00:12:34:56',
  ]).action(
    act<[string]>(async (session, [mac]) => {
      const data = await session.api.get<Machine>(route`/instances/${await session.instance()}/nodes/${mac}/hardware`)
      await showFields(session, data, {
        MAC: data.mac,
        Address: data.ip,
        Hostname: data.hostname,
        Interface: because(data.interface, data.interface_reason),
        Maintenance: data.maintenance_mode === undefined ? undefined : data.maintenance_mode ? 'yes' : 'no',
        Talos: data.version,
        Machine: [data.manufacturer, data.product].filter(Boolean).join(' '),
        'Serial number': data.serial,
        UUID: data.uuid,
        Problem: data.problem,
        'Selected disk': because(data.selected_disk, data.selected_disk_reason),
      })
      showSection(session, 'Interfaces', interfaceColumns, data.interfaces ?? [])
      showSection(session, 'Disks', diskColumns, data.disks ?? [])
    }),
  )
}

/** `eth0 (the default route leads out there)`. */
function because(choice: string | null | undefined, reason: string | null | undefined): string | undefined {
  if (!choice) return reason || undefined
  return reason ? `${choice} (${reason})` : choice
}

interface AddOptions {
  mac: string
  role?: string
  ip?: string
  interface?: string
  disk?: string
  version?: string
  schematicId?: string
}

function addAdd(group: Command): void {
  addCommand(group, 'add <node>', 'Record a node by hand (node setup does it for you)', [
    'node add control-1 --mac 52:54:00:12:34:56 --role controlplane --ip 192.168.1.91 --interface eth0 --disk /dev/sda',
  ])
    .requiredOption('--mac <mac>', 'MAC address of the machine')
    .option('--role <role>', 'controlplane or worker (default: told by the name)')
    .option('--ip <address>', 'the address the node will have')
    .option('--interface <name>', 'its network interface')
    .option('--disk <path>', 'the disk to install on')
    .option('--talos-version <version>', 'Talos version (default: the one of the instance)')
    .option('--schematic-id <id>', 'image factory schematic (default: the one of the instance)')
    .action(
      act<[string], AddOptions & { talosVersion?: string }>(async (session, [name], options) => {
        const { mac, ip, disk, schematicId } = options
        const role = options.role ?? (/^worker-/.test(name) ? 'worker' : 'controlplane')
        const place = { target_ip: ip, interface: options.interface, disk }
        const body = { name, role, mac, ...place, version: options.talosVersion, schematic_id: schematicId }
        const answer = await session.api.send('POST', route`/instances/${await session.instance()}/nodes`, body)
        await showChange(session, answer, `Node ${name} added. Set it up: wild-cli node setup ${name}`)
      }),
    )
}

interface EditOptions {
  rename?: string
  role?: string
  ip?: string
  interface?: string
  disk?: string
  talosVersion?: string
  schematicId?: string
}

function addEdit(group: Command): void {
  addCommand(group, 'edit <node>', 'Change what is written down about a node', [
    'node edit worker-1 --ip 192.168.1.120',
    'node edit control-2 --disk /dev/nvme0n1',
    'node edit control-4 --rename worker-1 --role worker',
  ])
    .option('--rename <name>', 'its new name, before it is set up')
    .option('--role <role>', 'controlplane or worker, before it is set up')
    .option('--ip <address>', 'the address the node will have')
    .option('--interface <name>', 'its network interface')
    .option('--disk <path>', 'the disk to install on, before it is set up')
    .option('--talos-version <version>', 'its Talos version')
    .option('--schematic-id <id>', 'its image factory schematic')
    .action(
      act<[string], EditOptions>(async (session, [name], options) => {
        const { rename, role, ip, disk, talosVersion: version, schematicId } = options
        const body = { name: rename, role, target_ip: ip, interface: options.interface, disk, version }
        if (![...Object.values(body), schematicId].some((value) => value !== undefined))
          throw usageError('Say what to change, such as --ip 192.168.1.120.')
        const path = route`/instances/${await session.instance()}/nodes/${name}`
        const answer = await session.api.send<Answer<{ warnings: string[] }>>('PUT', path, {
          ...body,
          schematic_id: schematicId,
        })
        for (const warning of answer.data.warnings) session.messages.warning(warning)
        await showChange(session, answer, `Node ${rename ?? name} changed.`)
      }),
    )
}

function addRemove(group: Command): void {
  const command = addCommand(group, 'remove <node>', 'Take a node out of the cluster and free its machine', [
    'node remove worker-1',
    'node remove control-3 --gone',
    'node remove worker-1 --plan',
  ])
  withPlan(command)
    .option('--gone', 'its machine is gone for good: leave out what needs it')
    .option('--no-drain', 'end its pods instead of moving them to other nodes first')
    .action(
      act<[string], { gone?: boolean; drain: boolean }>(async (session, [name], { gone, drain }) => {
        const node = route`/instances/${await session.instance()}/nodes/${name}`
        if (!session.plan) {
          await session.api.get(node)
          const loss = gone
            ? 'Its machine must never come back to the network.'
            : 'Its configuration and data are lost.'
          await confirmLoss(session, `Remove node ${name} from the cluster? ${loss}`)
        }
        const request = { path: `${node}/remove`, body: { gone: gone ?? false, drain } }
        await startOperation(session, request, { success: `${name} is no longer a node.` })
      }),
    )
}

function addDelete(group: Command): void {
  addCommand(group, 'delete <node>', 'Forget a node that is not a member of the cluster', [
    'node delete worker-1',
  ]).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/nodes/${name}`
      await session.api.get(path)
      await confirmLoss(session, `Forget node ${name}?`)
      await showChange(session, await session.api.send('DELETE', path), `Node ${name} deleted.`)
    }),
  )
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds.')
  return Number(text)
}
