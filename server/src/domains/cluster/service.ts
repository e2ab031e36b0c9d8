import { z } from 'zod'
import type { OperationRecord } from '../../operations/engine.ts'
import { exists } from '../../platform/atomic-file.ts'
import type { Door } from '../../platform/door.ts'
import { asWildError, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { ipv4, parse } from '../../platform/names.ts'
import { newsAndTicks } from '../../platform/news-and-ticks.ts'
import { createSingleFlight } from '../../platform/single-flight.ts'
import type { NodeRecord } from '../nodes/index.ts'
import { bootstrapOperation } from './bootstrap/operation.ts'
import { vipOf } from './bootstrap/world.ts'
import type { ClusterDeps } from './deps.ts'
import type { ClusterFacts } from './facts.ts'
import { clusterOf, unknownComponents } from './health.ts'
import { lookAtCluster } from './look.ts'
import type { Cluster, ClusterStatus } from './model.ts'
import { type SecretCopyInput, secretCopyOperation } from './secret-copy/operation.ts'

/** How long one look serves everybody who asks, ms. */
const shareMs = 2_000
/** Clusters change without telling: they are looked at again this often while somebody watches, ms. */
const lookAgainMs = 5_000

const clusterName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'A cluster name holds lower-case letters, digits and "-".')
const generateInput = z.strictObject({
  clusterName: clusterName.nullish(),
  vip: ipv4.nullish(),
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+[-a-z0-9.]*$/, 'This is not a Talos version (like v1.11.5).')
    .nullish(),
})
export type GenerateInput = z.input<typeof generateInput>

/** The verbs of an instance's cluster. Every one throws NOT_FOUND for an unknown instance. */
export interface ClusterService {
  /** How the cluster is right now: short reads, shared among askers. */
  get(instance: string): Promise<Cluster>
  /** How it is now, then again whenever that became something else. */
  follow(instance: string): AsyncGenerator<Cluster>
  /** The same in one word. A config.yaml that makes no sense does not stop it. */
  status(instance: string): Promise<ClusterStatus>
  /**
   * Sets what is given and makes secrets and base machine configurations, once. Throws CONFLICT when they were made for
   * another name or VIP. True when something was made.
   */
  generateConfig(instance: string, input: GenerateInput, by: Author): Promise<boolean>
  /** Starts the bootstrap, on the first control plane that was set up unless a node is named. */
  bootstrap(instance: string, node: string | undefined, via: Door): Promise<OperationRecord>
  /** Copies a Secret of the cluster to other namespaces. */
  copySecret(input: SecretCopyInput, via: Door): Promise<OperationRecord>
}

function counts(records: NodeRecord[]) {
  const controlPlaneNodes = records.filter(({ role }) => role === 'controlplane').length
  return { controlPlaneNodes, workerNodes: records.length - controlPlaneNodes }
}

/** The cluster over kubectl and talosctl; defines `cluster.bootstrap`. */
export function createClusterService(deps: ClusterDeps): ClusterService {
  const { instances, operations } = deps
  operations.define(bootstrapOperation(deps))
  operations.define(secretCopyOperation(deps))

  function bootstrapping(instance: string): boolean {
    const holders = operations.holders(`instances/${instance}/cluster`)
    return holders.some((id) => operations.get(id).type === 'cluster.bootstrap')
  }

  async function isBootstrapped(instance: string): Promise<boolean> {
    return exists(deps.paths.instance(instance).kubeconfig)
  }

  const shared = createSingleFlight()
  const look = (instance: string): Promise<ClusterFacts> =>
    shared(instance, shareMs, async () => lookAtCluster(deps, instance, deps.reads, await vipOf(deps, instance)))

  async function written(instance: string) {
    const text = async (path: string) => (await deps.config.get(instance, path)) as string | undefined
    return {
      ...counts(await deps.nodes.records(instance)),
      kubernetesVersion: await text('cluster.kubernetesVersion'),
      talosVersion: await text('cluster.nodes.talos.version'),
    }
  }

  async function get(instance: string): Promise<Cluster> {
    await instances.require(instance)
    const known = await written(instance)
    if (await isBootstrapped(instance)) return clusterOf(await look(instance), bootstrapping(instance), known)
    const { controlPlaneNodes, workerNodes, kubernetesVersion, talosVersion } = known
    return {
      status: bootstrapping(instance) ? 'bootstrapping' : 'not_bootstrapped',
      nodes: controlPlaneNodes + workerNodes,
      controlPlaneNodes,
      workerNodes,
      kubernetesVersion,
      talosVersion,
      components: unknownComponents,
    }
  }

  /** What was generated cannot be changed by asking for something else: machines already use it. */
  async function refuseChange(instance: string, changes: { path: string; value: string }[]): Promise<void> {
    if (!(await deps.nodes.hasBaseConfig(instance))) return
    for (const { path, value } of changes) {
      const current = await deps.config.get(instance, path)
      if (path !== 'cluster.nodes.talos.version' && current !== value)
        throw new WildError(
          'CONFLICT',
          `The cluster configuration was already generated with ${path} = ${String(current)}. It cannot become ${value} while machines use it; reset the cluster first.`,
          { field: path, current },
        )
    }
  }

  async function* follow(instance: string): AsyncGenerator<Cluster> {
    const news = instances.changes.iterate()
    try {
      let told = await get(instance)
      yield told
      for await (const change of newsAndTicks(news, lookAgainMs, deps.clock)) {
        if (change && (change.instance !== instance || !['cluster', 'nodes', 'config'].includes(change.part))) continue
        const next = await get(instance)
        if (JSON.stringify(next) === JSON.stringify(told)) continue
        told = next
        yield told
      }
    } finally {
      await news.return?.()
    }
  }

  return {
    get,
    follow,
    copySecret: (input, via) => operations.start('cluster.copy-secret', input, via),
    async status(instance) {
      await instances.require(instance)
      if (bootstrapping(instance)) return 'bootstrapping'
      try {
        return (await get(instance)).status
      } catch (error) {
        if (asWildError(error).code === 'NOT_FOUND') throw error
        return (await isBootstrapped(instance)) ? 'unreachable' : 'not_bootstrapped'
      }
    },
    async generateConfig(instance, raw, by) {
      await instances.require(instance)
      const input = parse(generateInput, raw)
      const wanted = {
        'cluster.name': input.clusterName,
        'cluster.nodes.control.vip': input.vip,
        'cluster.nodes.talos.version': input.version,
      }
      const changes = Object.entries(wanted).flatMap(([path, value]) => (value ? [{ path, value }] : []))
      await refuseChange(instance, changes)
      if (changes.length) await deps.config.set(instance, changes, by)
      const made = await deps.nodes.makeBaseConfig(instance, deps.reads)
      if (made) await deps.secrets.allValues(instance)
      instances.changed(instance, 'cluster')
      return made
    },
    async bootstrap(instance, node, via) {
      return operations.start('cluster.bootstrap', { instance, node }, via)
    },
  }
}
