import type { KubeObject } from '../objects.ts'
import { countOf } from '../quantity.ts'
import { type Condition, conditionOf, withCondition, withoutCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'

const sum = (sets: KubeObject[], field: string): number =>
  sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0)

function availableCondition(enough: boolean): Condition {
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
}

function progressCondition(
  context: ControllerContext,
  deployment: KubeObject,
  set: KubeObject,
  step: string,
  done: boolean,
): Condition {
  const name = `ReplicaSet "${set.metadata.name}"`
  const progressing = (reason: string, message: string): Condition => ({
    type: 'Progressing',
    status: 'True',
    reason,
    message,
  })
  if (done) return progressing('NewReplicaSetAvailable', `${name} has successfully progressed.`)
  const deadline = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000
  if (context.moments.reached(deployment, 'progress', deadline, step)) {
    return {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `${name} has timed out progressing.`,
    }
  }
  return progressing('ReplicaSetUpdated', `${name} is progressing.`)
}

/** The status of a Deployment from those of its ReplicaSets. */
export function deploymentStatus(
  context: ControllerContext,
  deployment: KubeObject,
  current: KubeObject,
  sets: KubeObject[],
): Record<string, unknown> {
  const wanted = deployment.spec.replicas ?? 1
  const replicas = sum(sets, 'replicas')
  const available = sum(sets, 'availableReplicas')
  const updated = current.status?.replicas ?? 0
  const updatedAvailable = current.status?.availableReplicas ?? 0
  const maxUnavailable = deployment.spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%'
  const rolling = deployment.spec.strategy?.type !== 'Recreate'
  const allowed = rolling ? Math.min(wanted, countOf(maxUnavailable, wanted, Math.floor)) : 0

  const now = context.clock.now()
  const times = { updated: true }
  const observed = current.status?.observedGeneration === current.metadata.generation
  const done = observed && updated === wanted && replicas === wanted && updatedAvailable === wanted
  const step = `${current.metadata.name}/${replicas}/${updated}/${available}`
  const known = deployment.status?.conditions as Condition[] | undefined
  let conditions = withCondition(known, availableCondition(available >= wanted - allowed), now, times)
  conditions = withCondition(conditions, progressCondition(context, deployment, current, step, done), now, times)
  const failure = conditionOf(current, 'ReplicaFailure')
  conditions =
    failure === undefined
      ? withoutCondition(conditions, 'ReplicaFailure')
      : withCondition(
          conditions,
          { type: 'ReplicaFailure', status: 'True', reason: failure.reason, message: failure.message },
          now,
          times,
        )

  return {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    conditions,
  }
}
