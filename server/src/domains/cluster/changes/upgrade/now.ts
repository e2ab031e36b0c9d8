import type { StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { createTalosctl } from '../../../../tools/talosctl.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { explainMachine, type NodeRecord, talosPort, tcpOpen } from '../../../nodes/index.ts'
import type { ChangeWorld } from '../world.ts'
import { compareVersions, readVersion, type Version } from './versions.ts'

const probeMs = 1_500

/** The Talos a node runs; undefined while it does not answer. */
export async function talosOf(w: ChangeWorld, ctx: StepContext, record: NodeRecord): Promise<string | undefined> {
  if (!(await tcpOpen(record.targetIp!, talosPort, probeMs, ctx.signal))) return undefined
  try {
    return await w.talosctl(ctx).version({ ip: record.targetIp! }, { repeated: true })
  } catch (error) {
    const kind = talosFailure(error)
    if (kind === 'offline' || kind === 'configured') return undefined
    throw explainMachine(error, record, 'Asking for its Talos version')
  }
}

function lowest(texts: (string | undefined)[]): Version | undefined {
  const versions = texts.map(readVersion).filter((version) => version !== undefined)
  return versions.sort(compareVersions)[0]
}

/** The oldest Talos that a node of the cluster runs; what is written down counts where a machine does not answer. */
export async function oldestTalos(w: ChangeWorld, ctx: StepContext): Promise<Version> {
  const nodes = await w.nodes()
  const written = (await w.deps.config.get(w.instance, 'cluster.nodes.talos.version')) as string | undefined
  const running = await Promise.all(nodes.map((record) => talosOf(w, ctx, record)))
  const found = lowest(nodes.map((record, i) => running[i] ?? record.version ?? written))
  if (found) return found
  throw new WildError('MACHINE_OFFLINE', 'No node tells which Talos it runs. Bring the machines back first.', {
    hint: 'wild-cli node list',
  })
}

/** The oldest Kubernetes in the cluster, API server and kubelets. Throws CLUSTER_UNREACHABLE when it does not answer. */
export async function oldestKubernetes(w: ChangeWorld, ctx: StepContext): Promise<Version> {
  const { server, kubelets } = await kubernetesVersions(w, ctx)
  const found = lowest([server, ...kubelets.values()])
  if (found) return found
  throw new WildError('CLUSTER_UNREACHABLE', 'The cluster does not tell which Kubernetes it runs.', {
    hint: 'wild-cli cluster health',
  })
}

/** What the API server and the kubelets run, by name of the node. */
export async function kubernetesVersions(
  w: ChangeWorld,
  ctx: StepContext,
): Promise<{ server?: string; kubelets: Map<string, string> }> {
  const kubectl = w.kubectl(ctx)
  const nodes = await kubectl.get('nodes', { repeated: true })
  const kubelets = new Map(
    nodes.map(({ metadata, status }) => [metadata.name, String(status?.nodeInfo?.kubeletVersion ?? '')]),
  )
  return { server: (await kubectl.version()).server, kubelets }
}

/** The version of talosctl; undefined when it cannot be read. */
export async function toolVersion(w: ChangeWorld, ctx: StepContext): Promise<Version | undefined> {
  return readVersion(await createTalosctl(ctx.run, { home: w.places.home }).clientVersion())
}
