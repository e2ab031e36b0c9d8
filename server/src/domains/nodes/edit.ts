import { invalid, WildError } from '../../platform/errors.ts'
import { parse } from '../../platform/names.ts'
import { type AddressSet, isTaken } from './assign/plan.ts'
import { evenPlanes } from './control-plane-count.ts'
import { type EditNodeInput, editNodeInput } from './inputs.ts'
import type { NodeRecord, SeenMachine } from './model.ts'

/** What a change of a node is checked against. */
export interface EditWorld {
  instance: string
  /** Nodes of every instance, the changed one included. */
  records: { instance: string; record: NodeRecord }[]
  /** Its machine as it was last seen. */
  seen?: SeenMachine
  vip?: string
  /** Addresses of everything but this node. */
  taken: AddressSet
}

/** Refuses what cannot change under a running node. */
function refuseApplied(record: NodeRecord, input: ReturnType<typeof read>): void {
  if (record.maintenance !== false) return
  const hint = `wild-cli node remove ${record.name}`
  const refuse = (field: string, why: string): never => {
    throw new WildError('CONFLICT', `${why} Take ${record.name} out of the cluster first: ${hint}`, {
      field,
      node: record.name,
      hint,
    })
  }
  if (input.name && input.name !== record.name) refuse('name', 'The cluster knows this node by its name.')
  if (input.role && input.role !== record.role) refuse('role', `${record.name} was set up as ${record.role}.`)
  if (input.disk && input.disk !== record.disk) refuse('disk', `Talos runs from ${record.disk} of ${record.name}.`)
  if (input.targetIp && input.targetIp !== record.targetIp && record.role === 'controlplane')
    refuse('target_ip', `etcd knows ${record.name} by its address.`)
}

function refuseDuplicates(record: NodeRecord, input: ReturnType<typeof read>, world: EditWorld): void {
  const others = world.records.filter((each) => each.record !== record)
  const { name, targetIp } = input
  if (name && others.some((each) => each.instance === world.instance && each.record.name === name))
    throw new WildError('ALREADY_EXISTS', `There is already a node named "${name}".`, { name, field: 'name' })
  if (!targetIp || targetIp === record.targetIp) return
  const owner = others.find((each) => [each.record.targetIp, each.record.currentIp].includes(targetIp))
  if (owner)
    throw new WildError(
      'CONFLICT',
      `The address ${targetIp} is already that of ${owner.record.name} of ${owner.instance}.`,
      { field: 'target_ip', node: owner.record.name, instance: owner.instance },
    )
  if (targetIp === world.vip)
    throw new WildError('CONFLICT', `${targetIp} is the virtual address of the cluster; a node needs one of its own.`, {
      field: 'target_ip',
    })
  if (isTaken(world.taken, targetIp))
    throw new WildError(
      'CONFLICT',
      `${targetIp} belongs to the router, this device, or a pool of addresses; choose another one.`,
      { field: 'target_ip' },
    )
}

/** Serial number and WWID of the new disk; unknown ones are learnt when the machine is set up. */
function diskFields(record: NodeRecord, disk: string | undefined, seen?: SeenMachine): Partial<NodeRecord> {
  if (!disk || disk === record.disk) return {}
  const found = seen?.disks.find(({ path }) => path === disk)
  if (seen && !found)
    throw invalid(
      'disk',
      `disk: the machine of ${record.name} has no ${disk}. It has ${seen.disks.map(({ path }) => path).join(', ')}.`,
    )
  if (found?.unsuitable && found.transport !== 'usb')
    throw invalid('disk', `disk: ${disk} cannot hold Talos: it is ${found.unsuitable}.`)
  return {
    disk,
    diskSerial: found?.serial || undefined,
    diskWwid: found?.wwid || undefined,
    installedDisk: undefined,
  }
}

const read = (raw: EditNodeInput) => parse(editNodeInput, raw)

/** The keys a change names, without those it leaves alone. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

/**
 * The record with the change made, and what a person may want to know. Throws INVALID_INPUT, ALREADY_EXISTS for a name
 * in use, CONFLICT for an address in use or for what cannot change under a running node.
 */
export function editedNode(
  record: NodeRecord,
  raw: EditNodeInput,
  world: EditWorld,
): { record: NodeRecord; warnings: string[] } {
  const input = read(raw)
  refuseApplied(record, input)
  refuseDuplicates(record, input, world)
  const { disk, ...plain } = input
  const edited: NodeRecord = { ...record, ...given(plain), ...diskFields(record, disk, world.seen) }
  return { record: edited, warnings: warningsOf(record, edited, world) }
}

function warningsOf(before: NodeRecord, after: NodeRecord, world: EditWorld): string[] {
  const warnings: string[] = []
  if (before.role !== after.role) {
    const others = world.records.filter((each) => each.instance === world.instance && each.record !== before)
    const even = evenPlanes([...others.map(({ record }) => record), after])
    if (even) warnings.push(even)
  }
  if (before.maintenance === false && JSON.stringify(before) !== JSON.stringify(after))
    warnings.push(`It takes effect when ${after.name} is set up again: wild-cli node setup ${after.name}`)
  return warnings
}
