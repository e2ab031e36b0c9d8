import type { KubeObject } from '../../tools/kubectl.ts'
import { hashAnnotation, keyOf, readiness } from './model.ts'
import { troubledPods } from './pods.ts'

/** A Job we applied that does not get done, with why. */
export interface StuckJob {
  namespace: string
  trouble: string
}

/** Jobs of ours that failed, or whose pod says what keeps them. One that only takes its time is not among them. */
export function stuckJobs(objects: KubeObject[]): StuckJob[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod')
  return objects.flatMap((job) => {
    const { annotations, deletionTimestamp, namespace = 'default' } = job.metadata
    if (job.kind !== 'Job' || !annotations?.[hashAnnotation] || deletionTimestamp) return []
    const { ready, failed, reason } = readiness(job)
    if (ready) return []
    const said = troubledPods(pods.filter((pod) => isOwnedBy(pod, job)))[0]?.trouble
    const trouble = said ?? (failed ? `${keyOf(job)}: ${reason}.` : undefined)
    return trouble === undefined ? [] : [{ namespace, trouble }]
  })
}

function isOwnedBy(pod: KubeObject, job: KubeObject): boolean {
  const owners = (pod.metadata.ownerReferences ?? []) as { kind: string; name: string }[]
  return (
    pod.metadata.namespace === job.metadata.namespace &&
    owners.some(({ kind, name }) => kind === 'Job' && name === job.metadata.name)
  )
}
