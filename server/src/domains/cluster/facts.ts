import { z } from 'zod'
import type { KubernetesNode } from '../nodes/index.ts'

/** etcd on one control plane machine; `reachable: false` when the machine did not tell. */
export interface EtcdFact {
  node: string
  reachable: boolean
  /** The machine answers, and does not take our certificate. */
  shut?: boolean
  running: boolean
  healthy: boolean
}

export interface PodFact {
  name: string
  phase: string
  ready: boolean
  labels: Record<string, string>
}

/** What a look at a bootstrapped cluster found. What could not be read is undefined. */
export interface ClusterFacts {
  vip: string
  vipAnswers: boolean
  /** The API's own readiness. */
  apiReady: boolean
  /** Why the API is not ready, in kubectl's words. */
  apiProblem: string
  /** It answers, and does not take our certificate. */
  apiTurnsAway?: boolean
  etcd: EtcdFact[]
  /** Names of nodes that were set up. */
  expected: string[]
  nodes?: KubernetesNode[]
  /** Pods of kube-system. */
  pods?: PodFact[]
  kubernetesVersion?: string
}

const pod = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).catch({}) }),
  status: z
    .object({
      phase: z.string().catch('Unknown'),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).catch([]),
    })
    .catch({ phase: 'Unknown', conditions: [] }),
})

/** Reads Pod objects as kubectl prints them; finished ones (Succeeded) are left out. */
export function readPods(objects: unknown[]): PodFact[] {
  return objects.flatMap((object) => {
    const parsed = pod.safeParse(object)
    if (!parsed.success || parsed.data.status.phase === 'Succeeded') return []
    const { metadata, status } = parsed.data
    const ready =
      status.phase === 'Running' &&
      status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
    return [{ name: metadata.name, labels: metadata.labels, phase: status.phase, ready }]
  })
}

/** Pods of one part of the system, by label or, for static pods of other makers, by name. */
export function podsOf(pods: PodFact[], part: string): PodFact[] {
  return pods.filter(
    ({ name, labels }) => labels['k8s-app'] === part || labels.component === part || name.startsWith(`${part}-`),
  )
}
