import type { RunTool } from '../../platform/run-tool.ts'
import { createKubectl, type Kubectl } from '../../tools/kubectl.ts'
import { isTurnedAway } from '../../tools/kubectl-failures.ts'
import { createTalosctl } from '../../tools/talosctl.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import {
  applied,
  appliedControlPlanes,
  type NodeRecord,
  readKubernetesNodes,
  talosPort,
  tcpOpen,
} from '../nodes/index.ts'
import type { ClusterDeps } from './deps.ts'
import { type ClusterFacts, type EtcdFact, readPods } from './facts.ts'
import { apiPort } from './model.ts'

const probeMs = 1_000

/** etcd as one control plane machine reports it; never throws for a machine that does not answer. */
export async function etcdOn(
  run: RunTool,
  files: { talosconfig: string; home: string },
  record: NodeRecord,
): Promise<EtcdFact> {
  const fact: EtcdFact = { node: record.name, reachable: false, running: false, healthy: false }
  const ip = record.targetIp
  if (!ip || !(await tcpOpen(ip, talosPort, probeMs))) return fact
  try {
    const services = await createTalosctl(run, files).services({ ip }, { repeated: true, timeoutMs: 5_000 })
    const spec = services.find(({ id }) => id === 'etcd')?.spec
    return {
      ...fact,
      reachable: true,
      running: spec?.running ?? false,
      healthy: Boolean(spec?.running && spec.healthy),
    }
  } catch (error) {
    const kind = talosFailure(error)
    // A talosconfig that is not there is no failure of the machine.
    return { ...fact, shut: kind !== 'offline' && kind !== 'not-talos' }
  }
}

/** What was asked for; undefined when it could not be had. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch {
    return undefined
  }
}

/** How the API server is, and why it is not ready. */
export const readApi = (kubectl: Kubectl): Promise<Pick<ClusterFacts, 'apiReady' | 'apiProblem' | 'apiTurnsAway'>> =>
  kubectl.readyz().then(
    () => ({ apiReady: true, apiProblem: '' }),
    (error: Error) => ({ apiReady: false, apiProblem: error.message, apiTurnsAway: isTurnedAway(error) }),
  )

/** Looks at everything at once, each with a short limit, so that the slowest part decides how long it takes. */
export async function lookAtCluster(
  deps: ClusterDeps,
  instance: string,
  run: RunTool,
  vip: string,
): Promise<ClusterFacts> {
  const { kubeconfig, talosconfig, home } = deps.paths.instance(instance)
  const kubectl = createKubectl(run, { kubeconfig, home })
  const records = await deps.nodes.records(instance)
  const [vipAnswers, api, nodes, pods, version, etcd] = await Promise.all([
    tcpOpen(vip, apiPort, probeMs),
    readApi(kubectl),
    orUndefined(kubectl.get('nodes', { repeated: true })),
    orUndefined(kubectl.get('pods', { namespace: 'kube-system', repeated: true })),
    orUndefined(kubectl.version()),
    Promise.all(appliedControlPlanes(records).map((record) => etcdOn(run, { talosconfig, home }, record))),
  ])
  return {
    vip,
    vipAnswers,
    ...api,
    etcd,
    expected: applied(records).map(({ name }) => name),
    nodes: nodes && readKubernetesNodes(nodes),
    pods: pods && readPods(pods),
    kubernetesVersion: version?.server,
  }
}
