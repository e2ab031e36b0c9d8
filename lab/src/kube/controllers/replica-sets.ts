import type { KubeObject } from '../objects.ts'
import { type Condition, withCondition, withoutCondition } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { controlledBy, randomSuffix } from './owners.ts'
import { createPod } from './pod-factory.ts'
import { isAvailable, isFinished, isReady } from './pod-state.ts'

const component = 'replicaset-controller'

/** Which pods go first when there are too many: those that serve least, then the youngest. */
function byLoss(one: KubeObject, other: KubeObject): number {
  const rank = (pod: KubeObject) => (isReady(pod) ? 2 : pod.spec.nodeName === undefined ? 0 : 1)
  const age = (pod: KubeObject) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0
  return rank(one) - rank(other) || age(other) - age(one)
}

/** Makes one pod of the set; undefined when done, else the refusal. */
function addPod(context: ControllerContext, set: KubeObject): string | undefined {
  const generateName = `${set.metadata.name}-`
  const name = generateName + randomSuffix()
  const refusal = createPod(context, { owner: set, template: set.spec.template, name, generateName })
  if (refusal === undefined) context.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, component)
  else context.record(set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`, component)
  return refusal
}

function scale(context: ControllerContext, set: KubeObject, pods: KubeObject[]): string | undefined {
  const missing = (set.spec.replicas ?? 1) - pods.length
  for (let count = 0; count < missing; count += 1) {
    const refusal = addPod(context, set)
    if (refusal !== undefined) return refusal
  }
  for (const pod of [...pods].sort(byLoss).slice(0, Math.max(0, -missing))) {
    context.objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
    context.record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component)
  }
  return undefined
}

function failureConditions(set: KubeObject, refusal: string | undefined, nowMs: number): Condition[] {
  const known = set.status?.conditions as Condition[] | undefined
  if (refusal === undefined) return withoutCondition(known, 'ReplicaFailure')
  // The name of the pod that was refused is new each time; the first refusal stays, so that nothing churns.
  if (known?.some(({ type }) => type === 'ReplicaFailure')) return known
  const failure: Condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal }
  return withCondition(known, failure, nowMs)
}

function reconcileSet(context: ControllerContext, set: KubeObject): void {
  const { objects, clock } = context
  const owned = () =>
    controlledBy(set, objects.list('Pod', { namespace: set.metadata.namespace })).filter((pod) => !isFinished(pod))
  const refusal = scale(context, set, owned())
  const pods = owned()
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const conditions = failureConditions(set, refusal, clock.now())
  const ready = pods.filter(isReady).length
  const available = pods.filter((pod) => isAvailable(pod, minReadySeconds, clock)).length
  if (available < ready) context.moments.wakeIn(1000)
  objects.updateStatus(set, {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: available,
    observedGeneration: set.metadata.generation,
    ...(conditions.length === 0 ? {} : { conditions }),
  })
}

/** Keeps as many pods of each ReplicaSet as it asks for. */
export const replicaSets: Reconciler = {
  name: 'replica-sets',
  watches: ['ReplicaSet', 'Pod', 'Namespace', 'ServiceAccount', 'PriorityClass'],
  reconcile: (context) => {
    for (const set of context.objects.list('ReplicaSet')) reconcileSet(context, set)
  },
}
