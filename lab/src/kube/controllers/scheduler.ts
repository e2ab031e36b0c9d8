import type { KubeObject } from '../objects.ts'
import { withCondition } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { misfit, type NodeLoad } from './node-fit.ts'
import { controllerOf } from './owners.ts'
import { claimsOf, isFinished } from './pod-state.ts'

const selectedNode = 'volume.kubernetes.io/selected-node'

/** A reason that holds for the pod on every node: its claims. */
function claimTrouble({ objects }: ControllerContext, pod: KubeObject): string | undefined {
  for (const name of claimsOf(pod.spec)) {
    const claim = objects.get('PersistentVolumeClaim', pod.metadata.namespace, name)
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`
    if (claim.status?.phase === 'Bound') continue
    const storageClass = objects.get('StorageClass', undefined, claim.spec.storageClassName ?? '')
    if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer') continue
    return 'pod has unbound immediate PersistentVolumeClaims'
  }
  return undefined
}

/** What the scheduler writes when no node suits: how many nodes fail for which reason. */
function noNodeText(reasons: Map<string, number>, total: number, solvable: number): string {
  const counted = [...reasons].map(([reason, count]) => (count === 0 ? reason : `${count} ${reason}`)).sort()
  const hopeless = total - solvable
  const preemption = [
    ...(solvable > 0 ? [`${solvable} No preemption victims found for incoming pod`] : []),
    ...(hopeless > 0 ? [`${hopeless} Preemption is not helpful for scheduling`] : []),
  ]
  return `0/${total} nodes are available: ${counted.join(', ')}. preemption: 0/${total} nodes are available: ${preemption.sort().join(', ')}.`
}

function fail({ objects, clock, record }: ControllerContext, pod: KubeObject, message: string): void {
  record(pod, 'Warning', 'FailedScheduling', message, 'default-scheduler')
  const condition = { type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable', message }
  const conditions = withCondition(pod.status?.conditions, condition, clock.now())
  objects.updateStatus(pod, { ...pod.status, phase: 'Pending', conditions })
}

/** Claims that wait for their first consumer learn which node that is. */
function tellClaims({ objects }: ControllerContext, pod: KubeObject, node: string): void {
  for (const name of claimsOf(pod.spec)) {
    const claim = objects.get('PersistentVolumeClaim', pod.metadata.namespace, name)
    if (claim === undefined || claim.status?.phase === 'Bound' || claim.metadata.annotations?.[selectedNode]) continue
    const annotations = { ...claim.metadata.annotations, [selectedNode]: node }
    objects.update({ ...claim, metadata: { ...claim.metadata, annotations } })
  }
}

function bind(context: ControllerContext, pod: KubeObject, node: string): void {
  const { objects, clock, record } = context
  tellClaims(context, pod, node)
  const bound = objects.update({ ...pod, spec: { ...pod.spec, nodeName: node } })
  const condition = { type: 'PodScheduled', status: 'True' as const }
  const conditions = withCondition(pod.status?.conditions, condition, clock.now())
  objects.updateStatus(bound, { ...pod.status, phase: 'Pending', conditions })
  const { namespace, name } = pod.metadata
  record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, 'default-scheduler')
}

/** Nodes with fewer pods of the same owner first, then those with fewer pods at all. */
function preference(pod: KubeObject, load: NodeLoad): [number, number] {
  const owner = controllerOf(pod)?.uid
  const siblings = load.pods.filter((one) => owner !== undefined && controllerOf(one)?.uid === owner)
  return [siblings.length, load.pods.length]
}

function schedule(context: ControllerContext, pod: KubeObject) {
  const { objects } = context
  const nodes = objects.list('Node')
  if (nodes.length === 0) return fail(context, pod, 'no nodes available to schedule pods')
  const trouble = claimTrouble(context, pod)
  if (trouble !== undefined) return fail(context, pod, noNodeText(new Map([[trouble, 0]]), nodes.length, 0))

  const pods = objects.list('Pod').filter((one) => one.spec.nodeName !== undefined && !isFinished(one))
  const loads = nodes.map((node) => ({ node, pods: pods.filter(({ spec }) => spec.nodeName === node.metadata.name) }))
  const reasons = new Map<string, number>()
  let solvable = 0
  const fitting = loads.filter((load) => {
    const misfits = misfit(objects, pod, load)
    for (const { reason } of misfits) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    if (misfits.length > 0 && misfits.every((one) => one.solvable)) solvable += 1
    return misfits.length === 0
  })
  const best = fitting
    .map((load) => ({ name: load.node.metadata.name, cost: preference(pod, load) }))
    .sort((one, other) => one.cost[0] - other.cost[0] || one.cost[1] - other.cost[1])[0]
  if (best === undefined) fail(context, pod, noNodeText(reasons, nodes.length, solvable))
  else bind(context, pod, best.name)
}

/** Gives every new pod a node that suits it, or says why none does. */
export const scheduler: Reconciler = {
  name: 'scheduler',
  watches: ['Pod', 'Node', 'PersistentVolumeClaim', 'PersistentVolume', 'StorageClass'],
  reconcile: (context) => {
    for (const pod of context.objects.list('Pod')) {
      if (pod.spec.nodeName === undefined && !isFinished(pod)) schedule(context, pod)
    }
  },
}
