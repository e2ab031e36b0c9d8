import type { KubeObject } from '../objects.ts'
import { countOf } from '../quantity.ts'
import type { ControllerContext } from './context.ts'
import { controlledBy } from './owners.ts'
import { isFinished } from './pod-state.ts'

const wanted = (set: KubeObject): number => set.spec.replicas ?? 0
const available = (set: KubeObject): number => Math.min(wanted(set), set.status?.availableReplicas ?? 0)
const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0)

function scaleSet(context: ControllerContext, deployment: KubeObject, set: KubeObject, replicas: number): void {
  if (wanted(set) === replicas) return
  const way = wanted(set) < replicas ? 'up' : 'down'
  context.objects.update({ ...set, spec: { ...set.spec, replicas } })
  const text = `Scaled ${way} replica set ${set.metadata.name} from ${wanted(set)} to ${replicas}`
  context.record(deployment, 'Normal', 'ScalingReplicaSet', text, 'deployment-controller')
}

/** Recreate: the new pods come only when the last old pod is gone. */
function recreate(context: ControllerContext, deployment: KubeObject, current: KubeObject, old: KubeObject[]): void {
  for (const set of old) scaleSet(context, deployment, set, 0)
  const pods = context.objects.list('Pod', { namespace: deployment.metadata.namespace })
  const left = old.flatMap((set) => controlledBy(set, pods)).filter((pod) => !isFinished(pod))
  if (left.length === 0) scaleSet(context, deployment, current, deployment.spec.replicas ?? 1)
}

/** Takes `count` replicas from old sets, counting only those that pass for `spare` of each. */
function takeFrom(
  context: ControllerContext,
  deployment: KubeObject,
  old: KubeObject[],
  count: number,
  spare: (set: KubeObject) => number,
): number {
  let left = count
  for (const set of old) {
    const taken = Math.min(left, spare(set))
    if (taken <= 0) continue
    scaleSet(context, deployment, set, wanted(set) - taken)
    left -= taken
  }
  return count - left
}

/** RollingUpdate: never more than maxSurge too many, never more than maxUnavailable too few. */
function roll(context: ControllerContext, deployment: KubeObject, current: KubeObject, old: KubeObject[]) {
  const replicas = deployment.spec.replicas ?? 1
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {}
  const surge = countOf(maxSurge, replicas, Math.ceil)
  const missing = countOf(maxUnavailable, replicas, Math.floor)
  const unavailable = surge === 0 && missing === 0 ? 1 : missing
  const others = sum(old.map(wanted))
  const room = replicas + surge - others
  const next = Math.min(replicas, Math.max(wanted(current), room))
  if (next !== wanted(current)) return scaleSet(context, deployment, current, next)

  const total = wanted(current) + others
  const spare = total - (replicas - unavailable) - Math.max(0, wanted(current) - available(current))
  if (spare <= 0 || others === 0) return
  const cleaned = takeFrom(context, deployment, old, spare, (set) => wanted(set) - available(set))
  const refreshed = old.map(
    (set) => context.objects.get('ReplicaSet', set.metadata.namespace, set.metadata.name) ?? set,
  )
  const free = sum([current, ...refreshed].map(available)) - (replicas - unavailable)
  takeFrom(context, deployment, refreshed, Math.min(free, spare - cleaned), wanted)
}

/** Moves replicas from the old sets to the current one, one step at a time, as the Deployment's strategy says. */
export function rollOut(
  context: ControllerContext,
  deployment: KubeObject,
  current: KubeObject,
  old: KubeObject[],
): void {
  const live = old.filter((set) => wanted(set) > 0 || (set.status?.replicas ?? 0) > 0)
  if (deployment.spec.strategy?.type === 'Recreate') recreate(context, deployment, current, live)
  else roll(context, deployment, current, live)
}
