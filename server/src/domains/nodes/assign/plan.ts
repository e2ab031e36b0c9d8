import { invalid, WildError } from '../../../platform/errors.ts'
import { hostRange, ipToNumber, numberToIp } from '../../../platform/network.ts'
import type { NodeRecord, NodeRole, SeenMachine } from '../model.ts'

/** Everything an assignment is decided from. */
export interface AssignmentWorld {
  wanted: string[]
  role?: NodeRole
  /** MAC or address of the machine for a single node. */
  machine?: string
  existing: NodeRecord[]
  /** Machines of the last discovery that belong to no instance. */
  free: SeenMachine[]
  /** Addresses nobody may get: router, DNS, pool, other nodes, other machines… */
  taken: AddressSet
  vip: string
  /** The network control planes get their addresses in. */
  network: string
  hostnamePrefix: string
  talosVersion: string
  schematicId: string
}

/** Single addresses and ranges (as numbers). */
export interface AddressSet {
  single: Set<string>
  ranges: { first: number; last: number }[]
}

export interface Assignment {
  record: NodeRecord
  /** It was assigned before; nothing changes. */
  existing: boolean
  /** Why this disk. */
  reason: string
  /** What a person may want to know about the choice: an even number of control planes. */
  warning?: string
}

/** True when an address belongs to somebody. */
export function isTaken(taken: AddressSet, ip: string): boolean {
  const value = ipToNumber(ip)
  return taken.single.has(ip) || taken.ranges.some(({ first, last }) => value >= first && value <= last)
}

/** The role a node's name tells, after the prefix of the cluster's host names. */
export function roleFromName(name: string, hostnamePrefix: string): NodeRole | undefined {
  const rest = hostnamePrefix && name.startsWith(hostnamePrefix) ? name.slice(hostnamePrefix.length) : name
  if (/^(control|controlplane)-/.test(rest)) return 'controlplane'
  if (/^worker-/.test(rest)) return 'worker'
  return undefined
}

function roleOf(name: string, world: AssignmentWorld): NodeRole {
  const told = roleFromName(name, world.hostnamePrefix)
  if (told && world.role && told !== world.role)
    throw invalid(
      'role',
      `role: the name ${name} says ${told}, but the role given is ${world.role}. Choose another name or leave the role out.`,
    )
  const role = told ?? world.role
  if (role) return role
  throw invalid(
    'role',
    `role: the name ${name} does not tell whether it is a control plane or a worker. Call it control-1 or worker-1, or give its role.`,
  )
}

/** The first address above the VIP that nobody has. Throws CONFLICT when the network has none left. */
export function firstFreeAddress(vip: string, network: string, taken: AddressSet): string {
  const { last } = hostRange(network)
  for (let value = ipToNumber(vip) + 1; value <= last; value++) {
    const ip = numberToIp(value)
    if (!isTaken(taken, ip)) return ip
  }
  throw new WildError(
    'CONFLICT',
    `Every address above the VIP ${vip} in ${network} is taken. Free one, or give the node's target address yourself.`,
    { vip, network },
  )
}

function noMachine(name: string, world: AssignmentWorld): WildError {
  const found = world.free.length
  const why =
    found === 0
      ? 'No free machine was found. Boot one into Talos maintenance mode, then run discovery.'
      : `Only ${found} free ${found === 1 ? 'machine was' : 'machines were'} found by the last discovery. Boot another one into Talos maintenance mode and run discovery again.`
  return new WildError('CONFLICT', `There is no machine left for ${name}. ${why}`, {
    node: name,
    hint: 'wild-cli node discover',
  })
}

function chosenMachine(machine: string, world: AssignmentWorld): SeenMachine {
  const wanted = machine.toLowerCase()
  const found = world.free.find(({ mac, ip }) => mac === wanted || ip === wanted)
  if (found) return found
  throw new WildError(
    'NOT_FOUND',
    `No free machine ${machine} was found by the last discovery. Run discovery again, or choose one of: ${world.free.map(({ mac, ip }) => `${mac} (${ip})`).join(', ') || 'none'}.`,
    {
      name: machine,
      hint: 'wild-cli node discover',
    },
  )
}

/** Machines that can be installed to come first, in the order of their addresses. */
function inOrder(machines: SeenMachine[]): SeenMachine[] {
  const usable = machines.filter((machine) => machine.maintenanceMode && machine.interface && machine.selectedDisk)
  return usable.sort((a, b) => ipToNumber(a.ip) - ipToNumber(b.ip))
}

function takeMachine(name: string, waiting: SeenMachine[], world: AssignmentWorld): SeenMachine {
  const machine = world.machine ? chosenMachine(world.machine, world) : waiting.shift()
  if (!machine) throw noMachine(name, world)
  if (!machine.interface || !machine.selectedDisk)
    throw new WildError(
      'CONFLICT',
      `The machine at ${machine.ip} cannot become ${name}: ${machine.interface ? machine.selectedDiskReason : 'it has no network interface that is up'}.`,
      { node: name, mac: machine.mac },
    )
  return machine
}

function newRecord(
  name: string,
  role: NodeRole,
  machine: SeenMachine,
  targetIp: string,
  world: AssignmentWorld,
): NodeRecord {
  const disk = machine.disks.find(({ path }) => path === machine.selectedDisk)
  return {
    name,
    role,
    mac: machine.mac,
    interface: machine.interface,
    disk: machine.selectedDisk,
    diskSerial: disk?.serial || undefined,
    diskWwid: disk?.wwid || undefined,
    currentIp: machine.ip,
    targetIp,
    version: world.talosVersion,
    schematicId: world.schematicId,
    maintenance: true,
  }
}

/**
 * Decides which machine becomes which node. Names that are assigned already stay as they are. Control planes get the
 * first free addresses above the VIP, workers keep theirs. Throws INVALID_INPUT or CONFLICT saying what is missing;
 * changes nothing.
 */
export function planAssignments(world: AssignmentWorld): Assignment[] {
  if (world.machine && world.wanted.length !== 1)
    throw invalid('machine', 'machine: name one node when you choose its machine.')
  const waiting = inOrder(world.free)
  const given = new Set<string>()
  return world.wanted.map((name) => {
    const known = world.existing.find((record) => record.name === name)
    if (known) return { record: known, existing: true, reason: 'assigned before' }
    const role = roleOf(name, world)
    const machine = takeMachine(name, waiting, world)
    // The other waiting machines' addresses are theirs until they move; its own it may keep.
    const others = world.free.filter(({ mac }) => mac !== machine.mac).map(({ ip }) => ip)
    const taken = {
      single: new Set([...world.taken.single, ...others, ...given, world.vip]),
      ranges: world.taken.ranges,
    }
    const targetIp = role === 'worker' ? machine.ip : firstFreeAddress(world.vip, world.network, taken)
    if (
      role === 'worker' &&
      isTaken({ single: new Set([...world.taken.single, ...given, world.vip]), ranges: world.taken.ranges }, targetIp)
    )
      throw new WildError(
        'CONFLICT',
        `The machine at ${targetIp} cannot keep that address as ${name}: it is in the address pool or belongs to another node. Give it another address, then run discovery again.`,
        { node: name, ip: targetIp },
      )
    given.add(targetIp)
    return {
      record: newRecord(name, role, machine, targetIp, world),
      existing: false,
      reason: machine.selectedDiskReason,
    }
  })
}
