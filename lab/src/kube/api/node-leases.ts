import type { KubeObject } from '../objects.ts'
import type { ApiContext } from './context.ts'

const renewEvery = 10_000

/** A moment as leases write it: with microseconds. */
const micro = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z')

function lastHeard(node: KubeObject): number {
  const conditions = (node.status?.conditions ?? []) as { type: string; lastTransitionTime: string }[]
  return Date.parse(conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '') || 0
}

/**
 * The lease every kubelet renews, each by the clock of its own machine. They are made when they are read: a write every
 * ten seconds would tell nobody more.
 */
export function nodeLeases({ objects, cluster, clock }: ApiContext): KubeObject[] {
  const now = clock.now()
  return objects.list('Node').map((node) => {
    const { name, uid, creationTimestamp, resourceVersion } = node.metadata
    const view = cluster().nodes.find((one) => one.name === name)
    const renewed = view?.ready ? now - (now % renewEvery) + (view.clockOffset ?? 0) : lastHeard(node)
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid: uid! }
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace: 'kube-node-lease',
        uid: `${uid!.slice(0, -4)}1ea5`,
        creationTimestamp,
        resourceVersion,
        ownerReferences: [owner],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: micro(renewed) },
    }
  })
}
