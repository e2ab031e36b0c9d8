import type { KubeObject } from '../objects.ts'
import { countOf } from '../quantity.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { nodeSuits, type Taint, tolerates } from './labels.ts'
import { controlledBy, nameHash, randomSuffix } from './owners.ts'
import { createPod } from './pod-factory.ts'
import { isAvailable, isFinished, isReady } from './pod-state.ts'

const component = 'daemonset-controller'
const revisionLabel = 'controller-revision-hash'

/** What the controller lets every daemon pod live with. */
const daemonTolerations = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoSchedule' },
]

/** Whether the set wants a pod on the node. */
function wantsNode(set: KubeObject, node: KubeObject): boolean {
  const spec = set.spec.template.spec
  const tolerations = [...(spec.tolerations ?? []), ...daemonTolerations]
  const taints = ((node.spec?.taints ?? []) as Taint[]).filter(({ effect }) => effect !== 'PreferNoSchedule')
  return nodeSuits(spec, node) && taints.every((taint) => tolerates(tolerations, taint))
}

function addPod(context: ControllerContext, set: KubeObject, node: string): void {
  const generateName = `${set.metadata.name}-`
  const name = generateName + randomSuffix()
  const { template } = set.spec
  const refusal = createPod(context, {
    owner: set,
    template,
    name,
    generateName,
    labels: { [revisionLabel]: nameHash(template) },
    spec: { nodeName: node, tolerations: [...(template.spec.tolerations ?? []), ...daemonTolerations] },
  })
  if (refusal === undefined) context.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, component)
  else context.record(set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`, component)
}

function removePod({ objects, record }: ControllerContext, set: KubeObject, pod: KubeObject): void {
  objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
  record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component)
}

function placePods(context: ControllerContext, set: KubeObject, pods: KubeObject[], nodes: KubeObject[]): void {
  const names = new Set(nodes.map(({ metadata }) => metadata.name))
  const seen = new Set<string>()
  for (const pod of pods) {
    const node = pod.spec.nodeName
    if (!names.has(node) || seen.has(node) || isFinished(pod)) removePod(context, set, pod)
    else seen.add(node)
  }
  for (const node of names) if (!seen.has(node)) addPod(context, set, node)
}

/** Replaces pods of an older template, never more at a time than the set allows to be missing. */
function update(context: ControllerContext, set: KubeObject, pods: KubeObject[], wanted: number): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return
  const revision = nameHash(set.spec.template)
  const outdated = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== revision)
  const maxUnavailable = countOf(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted, Math.ceil)
  const missing = wanted - pods.filter(isReady).length
  const [ready, broken] = [outdated.filter(isReady), outdated.filter((pod) => !isReady(pod))]
  for (const pod of [...broken, ...ready.slice(0, Math.max(0, maxUnavailable - missing))]) removePod(context, set, pod)
}

function reconcileSet(context: ControllerContext, set: KubeObject): void {
  const { objects } = context
  const nodes = objects.list('Node').filter((node) => wantsNode(set, node))
  const owned = () => controlledBy(set, objects.list('Pod', { namespace: set.metadata.namespace }))
  placePods(context, set, owned(), nodes)
  update(context, set, owned(), nodes.length)
  const pods = owned()
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const available = pods.filter((pod) => isAvailable(pod, minReadySeconds, context.clock)).length
  const revision = nameHash(set.spec.template)
  objects.updateStatus(set, {
    observedGeneration: set.metadata.generation,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision).length,
    numberMisscheduled: 0,
    numberReady: pods.filter(isReady).length,
    numberAvailable: available,
    numberUnavailable: nodes.length - available,
  })
}

/** Keeps one pod of each DaemonSet on every node it suits. */
export const daemonSets: Reconciler = {
  name: 'daemon-sets',
  watches: ['DaemonSet', 'Pod', 'Node', 'Namespace', 'ServiceAccount', 'PriorityClass'],
  reconcile: (context) => {
    for (const set of context.objects.list('DaemonSet')) reconcileSet(context, set)
  },
}
