import type { StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { Author } from '../../../platform/history.ts'
import type { InstancePaths } from '../../../platform/paths.ts'
import { createKubectl, type Kubectl } from '../../../tools/kubectl.ts'
import { createTalosctl, type Talosctl } from '../../../tools/talosctl.ts'
import { applied, createNodeStore, type NodeRecord, type NodeStore } from '../../nodes/index.ts'
import type { ChangesDeps } from './deps.ts'

/** What the steps of one change of a cluster share. */
export interface ChangeWorld {
  instance: string
  deps: ChangesDeps
  store: NodeStore
  places: InstancePaths
  by: Author
  /** Nodes that were set up, in the order of their names, as config.yaml has them now. */
  nodes(): Promise<NodeRecord[]>
  /** The control planes among them. */
  planes(): Promise<NodeRecord[]>
  /** One of them. Throws NOT_FOUND. */
  node(name: string): Promise<NodeRecord>
  /** There is a cluster. */
  bootstrapped(): Promise<boolean>
  talosctl(ctx: StepContext): Talosctl
  /** When a machine was started last, ms since the epoch by our own clock; throws as talosctl does. */
  startedAt(ctx: StepContext, ip: string): Promise<number>
  kubectl(ctx: StepContext): Kubectl
}

/** The world of one change; `what` is written into the history of config.yaml. */
export function changeWorld(deps: ChangesDeps, instance: string, what: string): ChangeWorld {
  const places = deps.paths.instance(instance)
  const store = createNodeStore(deps.config, deps.db)
  const talosctl = (ctx: StepContext) => createTalosctl(ctx.run, { talosconfig: places.talosconfig, home: places.home })
  const nodes = async () => applied(await store.records(instance))
  return {
    instance,
    deps,
    store,
    places,
    by: { via: 'daemon', reason: what },
    nodes,
    planes: async () => (await nodes()).filter(({ role }) => role === 'controlplane'),
    async node(name) {
      const found = (await nodes()).find((record) => record.name === name)
      if (found) return found
      throw notFound('node that was set up', name, 'wild-cli node list')
    },
    async startedAt(ctx, ip) {
      const asked = ctx.clock.now()
      const uptime = Number.parseFloat(await talosctl(ctx).read(ip, '/proc/uptime'))
      return asked - uptime * 1_000
    },
    bootstrapped: () => exists(places.kubeconfig),
    talosctl,
    kubectl: (ctx) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home }),
  }
}

/** Refuses what needs a running cluster before there is one. */
export async function refuseBeforeBootstrap(deps: ChangesDeps, instance: string): Promise<void> {
  await deps.instances.require(instance)
  if (await exists(deps.paths.instance(instance).kubeconfig)) return
  throw new WildError(
    'CONFLICT',
    `The cluster of ${instance} is not bootstrapped yet, so there is nothing to change.`,
    {
      hint: 'wild-cli cluster bootstrap',
    },
  )
}
