import type { NodeView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'
import { type Condition, withCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'

const pressures = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
] as const

const readiness: Record<'ready' | 'starting' | 'lost', Condition> = {
  ready: { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  starting: {
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message:
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
  },
  lost: {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  },
}

function conditionsOf(node: KubeObject, state: 'ready' | 'starting' | 'lost', now: number): Condition[] {
  let conditions = node.status?.conditions as Condition[] | undefined
  for (const [type, reason, message] of pressures) {
    const known: Condition =
      state === 'lost'
        ? { type, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
        : { type, status: 'False', reason, message }
    conditions = withCondition(conditions, known, now)
  }
  return withCondition(conditions, readiness[state], now)
}

/** Versions are written with or without the `v`; Kubernetes shows it. */
const version = (text: string): string => `v${text.replace(/^v/, '')}`

function nodeInfo(node: KubeObject, view: NodeView) {
  return {
    architecture: 'amd64',
    bootID: node.metadata.uid,
    containerRuntimeVersion: 'containerd://2.1.5',
    kernelVersion: '6.12.57-talos',
    kubeProxyVersion: '',
    kubeletVersion: version(view.kubernetesVersion),
    machineID: (node.metadata.uid ?? '').replaceAll('-', ''),
    operatingSystem: 'linux',
    osImage: `Talos (${version(view.talosVersion)})`,
    systemUUID: node.metadata.uid,
  }
}

/** What device plugins offer stays when the kubelet posts the rest. */
const extended = (amounts: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts ?? {}).filter(([name]) => name.includes('/')))

/** The status a kubelet on this machine posts; without the machine, the last one with nothing known for sure. */
export function nodeStatus(
  context: ControllerContext,
  node: KubeObject,
  view: NodeView | undefined,
  state: 'ready' | 'starting' | 'lost',
): Record<string, unknown> {
  const conditions = conditionsOf(node, state, context.clock.now())
  if (view === undefined) return { ...node.status, conditions }
  const storage = Math.floor(view.diskBytes / 1024)
  return {
    ...node.status,
    addresses: [
      { type: 'InternalIP', address: view.ip },
      { type: 'Hostname', address: view.name },
    ],
    capacity: {
      ...extended(node.status?.capacity),
      cpu: '4',
      memory: '16384Mi',
      pods: '110',
      'ephemeral-storage': `${storage}Ki`,
    },
    allocatable: {
      ...extended(node.status?.allocatable),
      cpu: '3950m',
      memory: '15872Mi',
      pods: '110',
      'ephemeral-storage': `${Math.floor(storage * 0.9)}Ki`,
    },
    conditions,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(node, view),
  }
}
