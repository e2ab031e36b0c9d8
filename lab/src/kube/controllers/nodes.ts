import type { NodeView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { type Taint, tolerates } from './labels.ts'
import { nodeStatus } from './node-status.ts'

/** What Talos writes down as its own, so that it can take back what left the machine config. */
const ownedLabels = 'talos.dev/owned-labels'
const ownedTaints = 'talos.dev/owned-taints'
const lifecycleTaints = ['not-ready', 'unreachable', 'unschedulable'].map((state) => `node.kubernetes.io/${state}`)

function configuredLabels(view: NodeView): Record<string, string> {
  return view.role === 'controlplane' ? { 'node-role.kubernetes.io/control-plane': '', ...view.labels } : view.labels
}

const kubeletLabels = (view: NodeView): Record<string, string> => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': view.name,
  'kubernetes.io/os': 'linux',
})

const taintId = ({ key, effect }: Taint): string => `${key}:${effect}`

function ownedBefore(node: KubeObject | undefined, annotation: string): string[] {
  const text = node?.metadata.annotations?.[annotation]
  return text === undefined ? [] : (JSON.parse(text) as string[])
}

function lifecycle(node: KubeObject | undefined, state: 'ready' | 'starting' | 'lost'): Taint[] {
  const both = (key: string) => ['NoSchedule', 'NoExecute'].map((effect) => ({ key, effect }))
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  return [
    ...(node?.spec?.unschedulable === true ? [cordon] : []),
    ...(state === 'starting' ? both('node.kubernetes.io/not-ready') : []),
    ...(state === 'lost' ? both('node.kubernetes.io/unreachable') : []),
  ]
}

function taintsOf(
  node: KubeObject | undefined,
  view: NodeView | undefined,
  state: 'ready' | 'starting' | 'lost',
): Taint[] {
  const configured: Taint[] = view?.taints ?? []
  const dropped = view === undefined ? [] : ownedBefore(node, ownedTaints)
  const ids = new Set([...dropped, ...configured.map(taintId)])
  const kept = ((node?.spec?.taints ?? []) as Taint[]).filter(
    (taint) => !ids.has(taintId(taint)) && !lifecycleTaints.includes(taint.key),
  )
  return [...configured, ...kept, ...lifecycle(node, state)]
}

function labelsOf(node: KubeObject | undefined, view: NodeView): Record<string, string> {
  const labels = { ...node?.metadata.labels }
  for (const key of ownedBefore(node, ownedLabels)) delete labels[key]
  return { ...labels, ...kubeletLabels(view), ...configuredLabels(view) }
}

function freePodNetwork(nodes: KubeObject[]): string {
  const taken = new Set(nodes.map(({ spec }) => spec?.podCIDR))
  for (let index = 0; ; index += 1) {
    const network = `10.244.${index}.0/24`
    if (!taken.has(network)) return network
  }
}

function register({ objects, record }: ControllerContext, view: NodeView): void {
  const podCIDR = freePodNetwork(objects.list('Node'))
  const node = objects.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: view.name, labels: kubeletLabels(view) },
    spec: { podCIDR, podCIDRs: [podCIDR], providerID: '' },
  })
  const text = `Node ${view.name} event: Registered Node ${view.name} in Controller`
  record(node, 'Normal', 'RegisteredNode', text, 'node-controller')
}

function stateOf(node: KubeObject, view: NodeView | undefined): 'ready' | 'starting' | 'lost' {
  if (view?.ready) return 'ready'
  const seen = node.metadata.annotations?.['lab.wild-central.io/was-ready'] === 'true'
  return seen || !view?.registered ? 'lost' : 'starting'
}

function refresh(context: ControllerContext, node: KubeObject, view: NodeView | undefined): void {
  const { objects } = context
  const state = stateOf(node, view)
  const taints = taintsOf(node, view, state)
  const { taints: before, ...spec } = node.spec ?? {}
  const annotations = {
    ...node.metadata.annotations,
    ...(state === 'ready' ? { 'lab.wild-central.io/was-ready': 'true' } : {}),
    ...(view === undefined
      ? {}
      : {
          [ownedLabels]: JSON.stringify(Object.keys(configuredLabels(view)).sort()),
          [ownedTaints]: JSON.stringify(view.taints.map(taintId).sort()),
        }),
  }
  const labels = view === undefined ? node.metadata.labels : labelsOf(node, view)
  const next = objects.update({
    ...node,
    metadata: { ...node.metadata, labels, annotations },
    spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) },
  })
  objects.updateStatus(next, nodeStatus(context, next, view, state))
}

/** The machines as nodes: labels and taints of the machine config, and whether the kubelet reports. */
export const nodes: Reconciler = {
  name: 'nodes',
  watches: ['ClusterView', 'Node'],
  reconcile: (context) => {
    const { objects, cluster } = context
    for (const view of cluster.nodes) {
      if (view.registered && view.online !== false && objects.get('Node', undefined, view.name) === undefined)
        register(context, view)
    }
    for (const node of objects.list('Node')) {
      refresh(
        context,
        node,
        cluster.nodes.find(({ name }) => name === node.metadata.name),
      )
    }
  },
}

/** Pods leave a node they no longer tolerate, after the time they asked for; pods of a deleted node go at once. */
export const evictions: Reconciler = {
  name: 'evictions',
  watches: ['Node', 'Pod'],
  reconcile: (context) => {
    const { objects } = context
    for (const pod of objects.list('Pod')) {
      if (pod.spec.nodeName === undefined) continue
      const node = objects.get('Node', undefined, pod.spec.nodeName)
      if (node === undefined || mustLeave(context, pod, node)) {
        objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
      }
    }
  },
}

function mustLeave(context: ControllerContext, pod: KubeObject, node: KubeObject): boolean {
  const taints = ((node.spec?.taints ?? []) as Taint[]).filter(({ effect }) => effect === 'NoExecute')
  if (taints.length === 0) {
    if (context.moments.begun(pod, 'eviction')) context.moments.forget(pod, 'eviction')
    return false
  }
  const tolerations = pod.spec.tolerations ?? []
  const seconds = taints.flatMap((taint) => {
    const matching = tolerations.filter((one: Taint) => tolerates([one], taint))
    if (matching.length === 0) return [0]
    const limited = matching.filter((one: { tolerationSeconds?: number }) => one.tolerationSeconds !== undefined)
    if (limited.length < matching.length) return []
    return limited.map((one: { tolerationSeconds: number }) => one.tolerationSeconds)
  })
  if (seconds.length === 0) return false
  return context.moments.reached(pod, 'eviction', Math.min(...seconds) * 1000)
}
