import { majorityOf } from '../nodes/index.ts'
import { type ClusterFacts, type EtcdFact, type PodFact, podsOf } from './facts.ts'
import type { Cluster, ClusterComponents, ClusterHealth, ClusterStatus, HealthCheck, HealthStatus } from './model.ts'

export function passing(name: string, message: string): HealthCheck {
  return { name, status: 'passing', message, remedy: '' }
}

export function list(names: string[]): string {
  return names.join(', ')
}

/** Nobody lets us in, though somebody is there: what etcd does is not known. */
const isBlind = (all: EtcdFact[]): boolean => all.some(({ shut }) => shut) && !all.some(({ reachable }) => reachable)

/** Why no etcd runs on a control plane, or none that is well. */
function ailment({ reachable, running, shut }: EtcdFact): string {
  if (shut) return 'takes no certificate of this cluster (was it reset?)'
  if (!reachable) return 'does not answer'
  return running ? 'is not healthy' : 'does not run etcd'
}

/** Which control planes keep etcd from its majority, as a sentence without its end; undefined while it may have one. */
export function lostMajority({ etcd: all }: Pick<ClusterFacts, 'etcd'>): string | undefined {
  const missing = all.filter(({ running }) => !running)
  const running = all.length - missing.length
  const needed = majorityOf(all.length)
  if (all.length === 0 || running >= needed || isBlind(all)) return undefined
  // One that is healthy asked a majority just now.
  if (all.some(({ healthy }) => healthy)) return undefined
  const why = list(missing.map((fact) => `${fact.node} ${ailment(fact)}`))
  if (running === 0) return `etcd runs nowhere: ${why}`
  return `etcd has lost its majority: ${running} of ${all.length} members ${running === 1 ? 'runs' : 'run'}, and it needs ${needed}. ${why}`
}

function apiServer(facts: ClusterFacts): HealthCheck {
  if (facts.apiReady) return passing('API Server', 'API server responding')
  if (facts.apiTurnsAway)
    return {
      name: 'API Server',
      status: 'failing',
      message: `The API server at https://${facts.vip}:6443 does not take the certificate of the kubeconfig`,
      remedy: 'It has ended, or is of another cluster. Renew the access: wild-cli cluster renew',
    }
  const why = facts.apiProblem ? `: ${facts.apiProblem}` : ''
  return {
    name: 'API Server',
    status: 'failing',
    message: `The API server ${facts.vipAnswers ? 'is not ready' : 'does not answer'} at https://${facts.vip}:6443${why}`,
    remedy: lostMajority(facts)
      ? 'See etcd: without its majority the API server cannot work.'
      : 'Check that the control plane machines are switched on. If they are, run the bootstrap again: it restarts what hangs and skips what is done.',
  }
}

/** What gets an etcd back whose majority is gone. */
function majorityBack(all: EtcdFact[]): string {
  const missing = list(all.filter(({ running }) => !running).map(({ node }) => node))
  const back = `The cluster can neither be read nor changed meanwhile. Bring ${missing} back: it goes on by itself.`
  if (!all.some(({ running }) => running)) return back
  return `${back} Where that is in vain, start etcd again on what is left, with what it holds: wild-cli cluster etcd-snapshot save last, then wild-cli cluster etcd-snapshot restore last --skip-offline`
}

export function etcd(facts: Pick<ClusterFacts, 'etcd'>): HealthCheck {
  const name = 'etcd'
  const well = facts.etcd.filter(({ healthy }) => healthy)
  const bad = facts.etcd.filter(({ healthy }) => !healthy)
  if (facts.etcd.length === 0)
    return {
      name,
      status: 'warning',
      message: 'No control plane machine is written down, so etcd cannot be asked',
      remedy: 'Add the control plane nodes of this cluster.',
    }
  if (bad.length === 0)
    return passing(
      name,
      well.length === 1 ? 'The etcd member is healthy' : `All ${well.length} etcd members are healthy`,
    )
  if (isBlind(facts.etcd)) {
    const shut = facts.etcd.filter((fact) => fact.shut).map(({ node }) => node)
    return {
      name,
      status: 'warning',
      message: `etcd cannot be asked: ${list(shut)} ${shut.length === 1 ? 'does' : 'do'} not take the certificate of the talosconfig`,
      remedy: 'It is missing, has ended, or is of another cluster. Renew the access: wild-cli cluster renew',
    }
  }
  const lost = lostMajority(facts)
  if (lost) return { name, status: 'failing', message: lost, remedy: majorityBack(facts.etcd) }
  const why = bad.map((fact) => `${fact.node} ${ailment(fact)}`)
  const quorum = well.length > facts.etcd.length / 2
  return {
    name,
    status: quorum ? 'warning' : 'failing',
    message: `${well.length} of ${facts.etcd.length} etcd members are healthy: ${list(why)}`,
    remedy: quorum
      ? 'The cluster works, but must not lose another member. Bring the named machine back, or set it up again.'
      : 'Bring the named machines back. Ones that were started just now find the others within a minute; if not, look at their clocks and the network between them.',
  }
}

/** The API server may answer while a list takes too long, or its kubeconfig is not fetched yet. */
function unlisted(what: string, { apiReady }: ClusterFacts): { message: string; remedy: string } {
  if (!apiReady)
    return { message: `The ${what} cannot be listed while the API server is not ready`, remedy: 'See API Server.' }
  return {
    message: `The ${what} could not be listed, although the API server answers`,
    remedy: 'It is looked again soon. If it stays so, renew the access: wild-cli cluster renew.',
  }
}

export function nodes(facts: ClusterFacts): HealthCheck {
  const name = 'Nodes'
  if (!facts.nodes)
    return {
      name,
      status: 'failing',
      ...unlisted('nodes', facts),
    }
  const known = facts.nodes
  const missing = facts.expected.filter((each) => !known.some((node) => node.name === each))
  const notReady = known.filter(({ ready }) => !ready)
  const ready = known.length - notReady.length
  if (missing.length === 0 && notReady.length === 0 && known.length > 0)
    return passing(name, known.length === 1 ? 'The node is ready' : `All ${known.length} nodes are ready`)
  const [first] = [...missing, ...notReady.map((node) => node.name)]
  const why = [
    ...notReady.map((node) => `${node.name} is not ready (${node.reason})`),
    ...missing.map((each) => `${each} has not joined`),
  ]
  return {
    name,
    status: ready > 0 ? 'warning' : 'failing',
    message: why.length ? list(why) : 'The cluster has no nodes',
    remedy: first
      ? `Check that the machine is on and reachable. One that lost its configuration is set up again: wild-cli node setup ${first}. One that is broken for good is taken out: wild-cli node remove ${first} --gone`
      : 'Set up a node: wild-cli node setup control-1',
  }
}

export function vip(facts: ClusterFacts): HealthCheck {
  if (facts.vipAnswers) return passing('VIP', `${facts.vip} answers`)
  return {
    name: 'VIP',
    status: 'failing',
    message: `Nobody answers at ${facts.vip}:6443`,
    remedy:
      'The virtual address is held by a healthy control plane: see etcd. Check too that no other device on the LAN has this address.',
  }
}

function pods(name: string, parts: string[], facts: ClusterFacts, remedy: string): HealthCheck {
  if (!facts.pods)
    return {
      name,
      status: 'failing',
      ...unlisted('pods', facts),
    }
  const all = facts.pods
  const absent = parts.filter((part) => podsOf(all, part).length === 0)
  const bad = parts.flatMap((part) => podsOf(all, part)).filter(({ ready }) => !ready)
  if (absent.length === 0 && bad.length === 0)
    return passing(name, parts.length === 1 ? 'All pods running' : `${list(parts)} are running`)
  const why = [
    ...absent.map((part) => `${part} has no pods`),
    ...bad.map((pod) => `${pod.name} is ${pod.phase === 'Running' ? 'not ready' : pod.phase}`),
  ]
  const dead = parts.some((part) => podsOf(all, part).every(({ ready }) => !ready))
  return { name, status: dead ? 'failing' : 'warning', message: list(why), remedy }
}

const controlPlaneParts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

/** Every check on what was found, in the order they are shown. */
export function checksOf(facts: ClusterFacts): HealthCheck[] {
  return [
    apiServer(facts),
    etcd(facts),
    nodes(facts),
    vip(facts),
    pods(
      'Control plane pods',
      controlPlaneParts,
      facts,
      'Talos restarts them by itself; if it lasts, restart the machine they are on.',
    ),
    pods(
      'DNS pods',
      ['kube-dns'],
      facts,
      'They start when a node is ready and can pull images: check the internet connection of the machines.',
    ),
  ]
}

/** One word for all checks: without API or etcd nothing works; anything else leaves a degraded cluster. */
export function verdict(checks: HealthCheck[]): HealthStatus {
  const failing = checks.filter(({ status }) => status === 'failing').map(({ name }) => name)
  if (failing.includes('API Server') || failing.includes('etcd')) return 'unhealthy'
  return checks.every(({ status }) => status === 'passing') ? 'healthy' : 'degraded'
}

/** Health of a bootstrapped cluster. */
export function healthOf(facts: ClusterFacts): ClusterHealth {
  const checks = checksOf(facts)
  return { status: verdict(checks), checks }
}

/** Health before the bootstrap: nothing to look at yet. */
export function healthBeforeBootstrap(): ClusterHealth {
  const remedy =
    'Set up at least one control plane node, then run: wild-cli cluster bootstrap. Of a cluster that runs already it only fetches the kubeconfig.'
  return {
    status: 'unknown',
    checks: [{ name: 'Cluster', status: 'failing', message: 'The cluster is not bootstrapped yet', remedy }],
  }
}

function partHealth(pods: PodFact[] | undefined, part: string): HealthStatus {
  if (!pods) return 'unknown'
  const own = podsOf(pods, part)
  if (own.length === 0) return 'unknown'
  const ready = own.filter((pod) => pod.ready).length
  if (ready === own.length) return 'healthy'
  return ready > 0 ? 'degraded' : 'unhealthy'
}

function etcdHealth(facts: ClusterFacts): HealthStatus {
  if (facts.etcd.length === 0 || facts.etcd.every(({ reachable }) => !reachable)) return 'unknown'
  const { status } = etcd(facts)
  return status === 'passing' ? 'healthy' : status === 'warning' ? 'degraded' : 'unhealthy'
}

/** How the parts of the control plane are. */
export function componentsOf(facts: ClusterFacts): ClusterComponents {
  return {
    apiServer: facts.apiReady ? 'healthy' : 'unhealthy',
    etcd: etcdHealth(facts),
    scheduler: partHealth(facts.pods, 'kube-scheduler'),
    controllerManager: partHealth(facts.pods, 'kube-controller-manager'),
  }
}

export const unknownComponents: ClusterComponents = {
  apiServer: 'unknown',
  etcd: 'unknown',
  scheduler: 'unknown',
  controllerManager: 'unknown',
}

/** The one place that decides a bootstrapped cluster's status. */
export function statusOf(facts: ClusterFacts, bootstrapping: boolean): ClusterStatus {
  if (bootstrapping) return 'bootstrapping'
  if (!facts.apiReady) return 'unreachable'
  return healthOf(facts).status === 'healthy' ? 'ready' : 'degraded'
}

/** Counts and versions from the live nodes, or from what is written down while the API does not answer. */
export function clusterOf(
  facts: ClusterFacts,
  bootstrapping: boolean,
  written: { controlPlaneNodes: number; workerNodes: number; kubernetesVersion?: string; talosVersion?: string },
): Cluster {
  const live = facts.nodes
  const controlPlaneNodes = live ? live.filter(({ controlPlane }) => controlPlane).length : written.controlPlaneNodes
  const nodeCount = live ? live.length : written.controlPlaneNodes + written.workerNodes
  return {
    status: statusOf(facts, bootstrapping),
    nodes: nodeCount,
    controlPlaneNodes,
    workerNodes: nodeCount - controlPlaneNodes,
    kubernetesVersion: facts.kubernetesVersion ?? live?.[0]?.kubeletVersion ?? written.kubernetesVersion,
    talosVersion: live?.find(({ talosVersion }) => talosVersion)?.talosVersion || written.talosVersion,
    components: componentsOf(facts),
  }
}
