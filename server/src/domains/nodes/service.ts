import { rm } from 'node:fs/promises'
import type { StepContext } from '../../operations/define.ts'
import { inProgress, type OperationRecord } from '../../operations/engine.ts'
import type { Door } from '../../platform/door.ts'
import { notFound, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { macAddress, nodeName, parse } from '../../platform/names.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { newNode } from './add.ts'
import { type Assignment, firstFreeAddress, planAssignments } from './assign/plan.ts'
import { allRecords, assignmentWorld, takenAddresses } from './assign/world.ts'
import { baseConfigValues, hasBaseConfig, makeBaseConfig } from './base-config.ts'
import { evenPlanes, withPlaneCount } from './control-plane-count.ts'
import type { NodesDeps } from './deps.ts'
import { discoverOperation } from './discover/operation.ts'
import { editedNode } from './edit.ts'
import { createSightings, nodesOf, sightingsOf } from './feeds.ts'
import { rereadMachine } from './hardware-live.ts'
import { type AddNodeInput, type AssignInput, assignInput, type EditNodeInput } from './inputs.ts'
import type { KubernetesNode } from './kubernetes-nodes.ts'
import { createLiveNodes, type NodeView } from './live.ts'
import type { Machine, NodeRecord, SeenMachine } from './model.ts'
import { createMutex } from './mutex.ts'
import { removeOperation } from './remove/operation.ts'
import { setupOperation } from './setup/operation.ts'
import { createNodeStore } from './store.ts'
import { networkOf } from './subnet.ts'

export interface SetupRequest {
  instance: string
  node: string
  forceReconfigure?: boolean | null
  deploy?: boolean | null
  /** The word that gives up a disk something speaks against. */
  acceptDisk?: string | null
}

/** A changed node, with what a person may want to know about the change. */
export interface NodeChange {
  node: NodeView
  warnings: string[]
}

export interface RemoveRequest {
  instance: string
  node: string
  /** The machine is gone for good: leave out what needs it. */
  gone?: boolean | null
  /** False ends the node's pods instead of moving them first. */
  drain?: boolean | null
}

/** The verbs of machines and nodes. Every one throws NOT_FOUND for an unknown instance. */
export interface NodesService {
  /** All nodes with how they are right now. */
  list(instance: string): Promise<NodeView[]>
  get(instance: string, node: string): Promise<NodeView>
  /** What a person may want to know about the nodes together: an even number of control planes. */
  warnings(instance: string): Promise<string[]>
  /** How many nodes are written down; 0 when config.yaml makes no sense. */
  count(instance: string): Promise<number>
  /** Machines discovery has seen, with whose they are. */
  machines(instance: string): Promise<SeenMachine[]>
  /** Reads a machine again. Throws NOT_FOUND for a MAC nobody has seen, MACHINE_OFFLINE with what was last seen. */
  hardware(instance: string, mac: string): Promise<Machine>
  discover(
    input: { instance: string; subnet?: string | null; timeout?: number | null },
    via: Door,
  ): Promise<OperationRecord>
  add(instance: string, input: AddNodeInput, by: Author): Promise<NodeView>
  /** Changes what is written down about a node; what it means for a running one is in `warnings`. */
  edit(instance: string, node: string, input: EditNodeInput, by: Author): Promise<NodeChange>
  /** Gives discovered machines to names; with `plan` it only says what it would do. */
  assign(instance: string, input: AssignInput, by: Author): Promise<Assignment[]>
  setup(request: SetupRequest, via: Door): Promise<OperationRecord>
  /** Takes a node out of the cluster and frees its machine. Throws CONFLICT for the last control plane. */
  remove(request: RemoveRequest, via: Door): Promise<OperationRecord>
  /** Forgets a node's record. Throws NODE_IN_CLUSTER while it is a member. */
  forget(instance: string, node: string, by: Author): Promise<true>
  /** All nodes at once, then again whenever one became something else. */
  follow(instance: string): AsyncGenerator<NodeView[]>
  /** Each machine discovery reads from now on. */
  sightings(instance: string): AsyncGenerator<SeenMachine>
  /** Node records as config.yaml has them. */
  records(instance: string): Promise<NodeRecord[]>
  /** Kubernetes nodes; `unknown` when the API does not answer, undefined before the bootstrap. */
  kubernetes(instance: string): Promise<KubernetesNode[] | 'unknown' | undefined>
  /** Makes secrets and base configurations once; false when they were there. One at a time per instance. */
  makeBaseConfig(instance: string, run: RunTool): Promise<boolean>
  hasBaseConfig(instance: string): Promise<boolean>
}

/** Nodes over config.yaml, the machines table and talosctl; defines `node.discover`, `node.setup` and `node.remove`. */
export function createNodesService(deps: NodesDeps): NodesService {
  const { instances, operations } = deps
  const store = createNodeStore(deps.config, deps.db)
  const live = createLiveNodes(deps)
  const exclusive = createMutex()
  const sightings = createSightings()

  async function find(instance: string, name: string): Promise<NodeRecord> {
    await instances.require(instance)
    const record = await store.record(instance, parse(nodeName, name, 'node'))
    if (!record) throw notFound('node', name, 'wild-cli node list')
    return record
  }

  async function view(instance: string, record: NodeRecord): Promise<NodeView> {
    return (await live.views(instance, [record]))[0]!
  }

  function makeBase(instance: string, run: RunTool): Promise<boolean> {
    return exclusive(`base/${instance}`, async () => {
      const places = deps.paths.instance(instance)
      if (await hasBaseConfig(places)) return false
      const tree = await deps.config.tree(instance)
      const planes = (await store.records(instance)).filter(({ role, targetIp }) => role === 'controlplane' && targetIp)
      const values = baseConfigValues(
        (path) => valueAt(tree, parseYamlPath(path)),
        planes.map(({ targetIp }) => targetIp!),
      )
      return makeBaseConfig(run, places, values)
    })
  }

  operations.define(discoverOperation(deps, store, sightings))
  operations.define(removeOperation(deps, store))
  operations.define(setupOperation(deps, store, (instance: string, ctx: StepContext) => makeBase(instance, ctx.run)))

  async function refuseBusy(instance: string, node: string): Promise<void> {
    const [holder] = operations.holders(`instances/${instance}/nodes/${node}`)
    if (holder) throw inProgress(operations.get(holder))
  }

  async function refuseMember(instance: string, record: NodeRecord): Promise<void> {
    const members = await live.kubernetesNow(instance)
    if (members === undefined) return
    if (members === 'unknown') {
      if (record.maintenance !== false) return
      throw new WildError(
        'NODE_IN_CLUSTER',
        `${record.name} was set up, and the cluster does not answer, so nobody can tell whether it is still a member. Bring the cluster back, then try again.`,
        { node: record.name, hint: 'wild-cli cluster health' },
      )
    }
    if (members.some(({ name }) => name === record.name))
      throw new WildError(
        'NODE_IN_CLUSTER',
        `${record.name} is a member of the cluster; forgetting it would leave it running unseen. Take it out first: wild-cli node remove ${record.name}`,
        { node: record.name, hint: `wild-cli node remove ${record.name}` },
      )
  }

  return {
    records: store.records,
    kubernetes: live.kubernetes,
    makeBaseConfig: makeBase,
    hasBaseConfig: (instance) => hasBaseConfig(deps.paths.instance(instance)),
    async list(instance) {
      await instances.require(instance)
      return live.views(instance, await store.records(instance))
    },
    async *follow(instance) {
      await instances.require(instance)
      const list = async () => live.views(instance, await store.records(instance))
      yield* nodesOf(instances.changes, instance, list, deps.clock)
    },
    async *sightings(instance) {
      await instances.require(instance)
      yield* sightingsOf(sightings, instance)
    },
    async warnings(instance) {
      await instances.require(instance)
      return [evenPlanes(await store.records(instance))].filter((text) => text !== undefined)
    },
    count: async (instance) => (await store.records(instance).catch(() => [])).length,
    get: async (instance, node) => view(instance, await find(instance, node)),
    async machines(instance) {
      await instances.require(instance)
      const records = await allRecords({ instances, store })
      return store.machines().map((machine) => {
        const owner = records.find(({ record }) => record.mac === machine.mac)
        return { ...machine, instance: owner?.instance, node: owner?.record.name }
      })
    },
    async hardware(instance, rawMac) {
      await instances.require(instance)
      const mac = parse(macAddress, rawMac, 'mac')
      const record = (await store.records(instance)).find((each) => each.mac === mac)
      const seen = store.machine(mac)
      if (!record && !seen) throw notFound('machine', mac, 'wild-cli node discover')
      return rereadMachine(deps, store, instance, mac, record, seen)
    },
    async discover({ instance, subnet, timeout }, via) {
      return operations.start(
        'node.discover',
        { instance, subnet: subnet ?? undefined, timeout: timeout ?? undefined },
        via,
      )
    },
    add: (instance, input, by) =>
      // Assignments look at all instances at once, so one lock serves them all.
      exclusive('assign', async () => {
        await instances.require(instance)
        const records = await allRecords({ instances, store })
        const text = async (path: string) =>
          ((await deps.config.get(instance, path)) as string | undefined) || undefined
        const taken = await takenAddresses({ ...deps, store }, records)
        const record = newNode(input, {
          records,
          instance,
          seen: typeof input.mac === 'string' ? store.machine(input.mac.toLowerCase()) : undefined,
          vip: await text('cluster.nodes.control.vip'),
          freeAddress: (vip) => firstFreeAddress(vip, networkOf(vip, deps.settings.lan.prefixLength), taken),
          talosVersion: await text('cluster.nodes.talos.version'),
          schematicId: await text('cluster.nodes.talos.schematicId'),
        })
        await store.add(instance, [record], by)
        instances.changed(instance, 'nodes')
        return view(instance, record)
      }),
    edit: (instance, name, input, by) =>
      exclusive('assign', async () => {
        const record = await find(instance, name)
        await refuseBusy(instance, name)
        const records = await allRecords({ instances, store })
        const own = records.find((each) => each.instance === instance && each.record.name === name)!
        const others = records.filter((each) => each !== own)
        const { record: edited, warnings } = editedNode(own.record, input, {
          instance,
          records,
          seen: record.mac ? store.machine(record.mac) : undefined,
          vip: ((await deps.config.get(instance, 'cluster.nodes.control.vip')) as string | undefined) || undefined,
          taken: await takenAddresses({ ...deps, store }, others),
        })
        await store.replace(instance, name, edited, by)
        const places = deps.paths.instance(instance)
        // Made from the record under its old name; the final one holds secrets.
        if (edited.name !== name)
          for (const file of [places.patch(name), places.final(name)]) await rm(file, { force: true })
        instances.changed(instance, 'nodes')
        return { node: await view(instance, edited), warnings }
      }),
    assign: (instance, raw, by) =>
      exclusive('assign', async () => {
        await instances.require(instance)
        const input = parse(assignInput, raw)
        const chosen = planAssignments(await assignmentWorld({ ...deps, store }, instance, input))
        const assignments = withPlaneCount(chosen, await store.records(instance))
        const added = assignments.filter(({ existing }) => !existing).map(({ record }) => record)
        if (input.plan || added.length === 0) return assignments
        await store.add(instance, added, by)
        instances.changed(instance, 'nodes')
        return assignments
      }),
    setup: ({ instance, node, forceReconfigure, deploy, acceptDisk }, via) =>
      operations.start(
        'node.setup',
        {
          instance,
          node,
          forceReconfigure: forceReconfigure ?? undefined,
          deploy: deploy ?? undefined,
          acceptDisk: acceptDisk ?? undefined,
        },
        via,
      ),
    remove: ({ instance, node, gone, drain }, via) =>
      operations.start('node.remove', { instance, node, gone: gone ?? undefined, drain: drain ?? undefined }, via),
    async forget(instance, node, by) {
      const record = await find(instance, node)
      await refuseBusy(instance, node)
      await refuseMember(instance, record)
      const places = deps.paths.instance(instance)
      await store.remove(instance, node, by)
      // Both are made from the record; the final one holds secrets.
      for (const file of [places.patch(node), places.final(node)]) await rm(file, { force: true })
      instances.changed(instance, 'nodes')
      return true
    },
  }
}
