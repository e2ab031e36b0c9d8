import { invalid, WildError } from '../../platform/errors.ts'
import { parse } from '../../platform/names.ts'
import { type AddNodeInput, addNodeInput } from './inputs.ts'
import type { NodeRecord, SeenMachine } from './model.ts'

/** What a node added by hand is checked against and completed from. */
export interface AddWorld {
  /** Nodes of every instance. */
  records: { instance: string; record: NodeRecord }[]
  instance: string
  seen?: SeenMachine
  vip?: string
  /** Called only when no target address was given. */
  freeAddress(vip: string): string
  talosVersion?: string
  schematicId?: string
}

function refuseDuplicates(input: { name: string; mac: string; targetIp?: string }, world: AddWorld): void {
  const { name, mac, targetIp } = input
  if (world.records.some(({ instance, record }) => instance === world.instance && record.name === name))
    throw new WildError('ALREADY_EXISTS', `There is already a node named "${name}".`, {
      name,
      field: 'name',
      hint: `wild-cli node show ${name}`,
    })
  const sameMac = world.records.find(({ record }) => record.mac === mac)
  if (sameMac)
    throw new WildError('CONFLICT', `The machine ${mac} is already ${sameMac.record.name} of ${sameMac.instance}.`, {
      field: 'mac',
      node: sameMac.record.name,
      instance: sameMac.instance,
    })
  const sameIp = targetIp && world.records.find(({ record }) => record.targetIp === targetIp)
  if (sameIp)
    throw new WildError(
      'CONFLICT',
      `The address ${targetIp} is already that of ${sameIp.record.name} of ${sameIp.instance}.`,
      { field: 'target_ip', node: sameIp.record.name },
    )
  if (targetIp && targetIp === world.vip)
    throw new WildError('CONFLICT', `${targetIp} is the virtual address of the cluster; a node needs one of its own.`, {
      field: 'target_ip',
    })
}

function targetOf(input: { role: string; targetIp?: string }, world: AddWorld): string {
  if (input.targetIp) return input.targetIp
  if (input.role === 'worker' && world.seen) return world.seen.ip
  if (!world.vip) throw invalid('target_ip', 'target_ip: give the address the node shall have.')
  return world.freeAddress(world.vip)
}

/**
 * The record of a node added by hand, completed from what discovery saw of the machine. Throws INVALID_INPUT for what
 * is missing, ALREADY_EXISTS for a name in use, CONFLICT for a machine or an address in use.
 */
export function newNode(raw: AddNodeInput, world: AddWorld): NodeRecord {
  const input = parse(addNodeInput, raw)
  refuseDuplicates(input, world)
  const { seen } = world
  const disk = input.disk ?? seen?.selectedDisk
  if (!disk)
    throw invalid('disk', 'disk: give the disk to install to (like /dev/sda), or run discovery first.', {
      hint: 'wild-cli node discover',
    })
  const known = seen?.disks.find(({ path }) => path === disk)
  const targetIp = targetOf(input, world)
  return {
    name: input.name,
    role: input.role,
    mac: input.mac,
    interface: input.interface ?? seen?.interface,
    disk,
    diskSerial: known?.serial || undefined,
    diskWwid: known?.wwid || undefined,
    currentIp: seen?.ip ?? targetIp,
    targetIp,
    version: input.version ?? world.talosVersion,
    schematicId: input.schematicId ?? world.schematicId,
    maintenance: true,
  }
}
