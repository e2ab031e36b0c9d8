import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { readFileIfThere } from '../../../platform/atomic-file.ts'
import { invalid, notFound, WildError } from '../../../platform/errors.ts'
import type { InstancePaths } from '../../../platform/paths.ts'
import { createKubectl, type Kubectl } from '../../../tools/kubectl.ts'
import { createTalosctl, type Talosctl } from '../../../tools/talosctl.ts'
import { appliedControlPlanes, type NodeRecord } from '../../nodes/index.ts'
import { clusterAuthority } from '../api-probe.ts'
import type { ClusterDeps } from '../deps.ts'

/** What the six steps share; read once at the start, so that a change of config.yaml meanwhile does not split them. */
export interface BootstrapWorld {
  instance: string
  deps: ClusterDeps
  places: InstancePaths
  vip: string
  /** The control plane node etcd is started on, and its address. */
  node: NodeRecord
  ip: string
  /** All control planes that were set up: any of them may hold the cluster already. */
  controlPlanes: NodeRecord[]
  /** PEM. */
  authority(): Promise<string>
  talosctl(ctx: StepContext): Talosctl
  kubectl(ctx: StepContext): Kubectl
}

/** The virtual address of the cluster. Throws INVALID_INPUT when it is not set. */
export async function vipOf(deps: Pick<ClusterDeps, 'config'>, instance: string): Promise<string> {
  const vip = await deps.config.get(instance, 'cluster.nodes.control.vip')
  if (typeof vip === 'string' && vip) return vip
  throw invalid(
    'cluster.nodes.control.vip',
    'The cluster has no virtual address yet: cluster.nodes.control.vip is not set.',
    { hint: 'wild-cli config set cluster.nodes.control.vip ADDRESS' },
  )
}

/** The node to start etcd on: the named one, else the first control plane that was set up. Throws when there is none. */
export function chooseNode(records: NodeRecord[], wanted?: string): NodeRecord {
  const planes = appliedControlPlanes(records)
  if (!wanted) {
    if (planes[0]) return planes[0]
    throw new WildError(
      'CONFLICT',
      'No control plane node is set up yet, so there is nothing to bootstrap. Set one up first.',
      { hint: 'wild-cli node setup control-1' },
    )
  }
  const record = records.find(({ name }) => name === wanted)
  if (!record) throw notFound('node', wanted, 'wild-cli node list')
  if (record.role !== 'controlplane')
    throw new WildError('CONFLICT', `${wanted} is a worker; a cluster is bootstrapped on a control plane node.`, {
      node: wanted,
    })
  if (!planes.includes(record))
    throw new WildError('CONFLICT', `${wanted} is not set up yet. Set it up, then bootstrap.`, {
      node: wanted,
      hint: `wild-cli node setup ${wanted}`,
    })
  return record
}

/** The world of one bootstrap. */
export async function bootstrapWorld(deps: ClusterDeps, instance: string, wanted: string): Promise<BootstrapWorld> {
  const places = deps.paths.instance(instance)
  const records = await deps.nodes.records(instance)
  const node = chooseNode(records, wanted)
  return {
    instance,
    deps,
    places,
    vip: await vipOf(deps, instance),
    node,
    ip: node.targetIp!,
    controlPlanes: appliedControlPlanes(records),
    async authority() {
      const file = join(places.generated, 'controlplane.yaml')
      const text = await readFileIfThere(file)
      if (text) return clusterAuthority(text)
      throw new WildError('NOT_FOUND', `${file} is not there. Set up a control plane node first.`, {
        file,
        hint: `wild-cli node setup ${node.name}`,
      })
    },
    talosctl: (ctx) => createTalosctl(ctx.run, { talosconfig: places.talosconfig, home: places.home }),
    kubectl: (ctx) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home }),
  }
}
