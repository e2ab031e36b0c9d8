import { z } from 'zod'

/** What we read of a Kubernetes Node. */
const kubernetesNode = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).catch({}) }),
  spec: z.object({ unschedulable: z.boolean().catch(false) }).catch({ unschedulable: false }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().catch(''),
            reason: z.string().catch(''),
          }),
        )
        .catch([]),
      nodeInfo: z
        .object({ kubeletVersion: z.string().catch(''), osImage: z.string().catch('') })
        .catch({ kubeletVersion: '', osImage: '' }),
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).catch([]),
    })
    .catch({ conditions: [], nodeInfo: { kubeletVersion: '', osImage: '' }, addresses: [] }),
})

export interface KubernetesNode {
  name: string
  ready: boolean
  /** Why it is not ready, in the kubelet's words; empty when it is. */
  reason: string
  controlPlane: boolean
  /** "v1.34.1" */
  kubeletVersion: string
  /** "v1.11.5", from "Talos (v1.11.5)"; empty when it is another system. */
  talosVersion: string
  ip?: string
}

/** Reads Node objects as kubectl prints them; objects that are no Nodes are left out. */
export function readKubernetesNodes(objects: unknown[]): KubernetesNode[] {
  return objects.flatMap((object) => {
    const parsed = kubernetesNode.safeParse(object)
    if (!parsed.success) return []
    const { metadata, status } = parsed.data
    const condition = status.conditions.find(({ type }) => type === 'Ready')
    const ready = condition?.status === 'True'
    return [
      {
        name: metadata.name,
        ready,
        reason: ready ? '' : condition?.message || condition?.reason || 'it has not reported yet',
        controlPlane: 'node-role.kubernetes.io/control-plane' in metadata.labels,
        kubeletVersion: status.nodeInfo.kubeletVersion,
        talosVersion: /\((v[^)]+)\)/.exec(status.nodeInfo.osImage)?.[1] ?? '',
        ip: status.addresses.find(({ type }) => type === 'InternalIP')?.address,
      },
    ]
  })
}
