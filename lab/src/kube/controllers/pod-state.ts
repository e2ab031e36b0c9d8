import type { LabClock } from '../../lab-clock.ts'
import type { KubeObject } from '../objects.ts'
import { conditionOf, isTrue } from './conditions.ts'

/** A pod that ended, well or badly. */
export const isFinished = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(pod.status?.phase)

/** A pod that takes traffic. */
export const isReady = (pod: KubeObject): boolean => !isFinished(pod) && isTrue(pod, 'Ready')

/** A pod that has been ready for `minReadySeconds` of lab time. */
export function isAvailable(pod: KubeObject, minReadySeconds: number, clock: LabClock): boolean {
  if (!isReady(pod)) return false
  const since = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '')
  return minReadySeconds === 0 || (clock.now() - since) * clock.speed >= minReadySeconds * 1000
}

/** All containers of a pod spec, the initial ones first. */
export const containersOf = (podSpec: KubeObject['spec']): KubeObject['spec'][] => [
  ...(podSpec.initContainers ?? []),
  ...(podSpec.containers ?? []),
]

/** The names of the claims a pod mounts. */
export const claimsOf = (podSpec: KubeObject['spec']): string[] =>
  (podSpec.volumes ?? []).flatMap((volume: KubeObject['spec']) =>
    volume.persistentVolumeClaim === undefined ? [] : [volume.persistentVolumeClaim.claimName as string],
  )
