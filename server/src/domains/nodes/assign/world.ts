import { networkInterfaces } from 'node:os'
import { invalid } from '../../../platform/errors.ts'
import { hostRange, numberToIp } from '../../../platform/network.ts'
import type { InstancesService } from '../../instances/index.ts'
import type { NodesDeps } from '../deps.ts'
import type { NodeRecord, NodeRole, SeenMachine } from '../model.ts'
import type { NodeStore } from '../store.ts'
import { addressRange, networkOf } from '../subnet.ts'
import type { AddressSet, AssignmentWorld } from './plan.ts'

type Deps = Pick<NodesDeps, 'config' | 'settings'> & { instances: Pick<InstancesService, 'list'>; store: NodeStore }

async function text(deps: Deps, instance: string, path: string): Promise<string | undefined> {
  const value = await deps.config.get(instance, path)
  return typeof value === 'string' && value ? value : undefined
}

/** Node records of every instance; one whose config.yaml does not parse is left out, it must not stop the others. */
export async function allRecords(
  deps: Pick<Deps, 'instances' | 'store'>,
): Promise<{ instance: string; record: NodeRecord }[]> {
  const instances = await deps.instances.list()
  const lists = await Promise.all(
    instances.map(async ({ name }) => {
      const records = await deps.store.records(name).catch(() => [])
      return records.map((record) => ({ instance: name, record }))
    }),
  )
  return lists.flat()
}

/** Machines of the last discovery that no instance's config names and that are not configured by others. */
export function freeMachines(machines: SeenMachine[], owned: Set<string>): SeenMachine[] {
  const last = machines
    .map(({ discovery }) => discovery ?? '')
    .sort()
    .at(-1)
  const recent = machines.filter(({ discovery }) => discovery && discovery === last)
  return recent.filter(({ mac, state }) => !owned.has(mac) && state === 'maintenance')
}

/** IPv4 addresses of the device this runs on. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
}

/** Addresses that are somebody's: this device's, the router's, those of the clusters and nodes of all instances. */
export async function takenAddresses(
  deps: Deps,
  records: { instance: string; record: NodeRecord }[],
): Promise<AddressSet> {
  const single = new Set([deps.settings.gateway, ...ownAddresses()])
  const ranges: AddressSet['ranges'] = []
  for (const { name } of await deps.instances.list()) {
    const keys = ['cloud.router.ip', 'cloud.dns.ip', 'cluster.loadBalancerIp', 'cluster.nodes.control.vip']
    for (const key of keys) {
      const ip = await text(deps, name, key).catch(() => undefined)
      if (ip) single.add(ip)
    }
    const pool = addressRange(await text(deps, name, 'cluster.ipAddressPool').catch(() => undefined))
    if (pool) ranges.push(pool)
  }
  for (const { record } of records) for (const ip of [record.targetIp, record.currentIp]) if (ip) single.add(ip)
  return { single, ranges }
}

/** Everything `planAssignments` needs. Throws INVALID_INPUT when the instance has no VIP or Talos version yet. */
export async function assignmentWorld(
  deps: Deps,
  instance: string,
  input: { nodes: string[]; role?: NodeRole; machine?: string },
): Promise<AssignmentWorld> {
  const records = await allRecords(deps)
  const wanted = async (path: string): Promise<string> => {
    const value = await text(deps, instance, path)
    if (!value)
      throw invalid(path, `Nodes cannot be assigned yet: ${path} is not set.`, {
        hint: `wild-cli config set ${path} VALUE`,
      })
    return value
  }
  const vip = await wanted('cluster.nodes.control.vip')
  const network = networkOf(vip, deps.settings.lan.prefixLength)
  const taken = await takenAddresses(deps, records)
  taken.single.add(numberToIp(hostRange(network).last + 1))
  const owned = new Set(records.flatMap(({ record }) => (record.mac ? [record.mac] : [])))
  return {
    wanted: input.nodes,
    role: input.role,
    machine: input.machine,
    existing: records.filter((each) => each.instance === instance).map(({ record }) => record),
    free: freeMachines(deps.store.machines(), owned),
    taken,
    vip,
    network,
    hostnamePrefix: (await text(deps, instance, 'cluster.hostnamePrefix')) ?? '',
    talosVersion: await wanted('cluster.nodes.talos.version'),
    schematicId: await wanted('cluster.nodes.talos.schematicId'),
  }
}
