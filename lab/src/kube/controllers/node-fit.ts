import type { KubeObject, ObjectStore } from '../objects.ts'
import { quantity } from '../quantity.ts'
import { matchesNodeTerms, nodeSuits, selects, type Taint, tolerates } from './labels.ts'
import { claimsOf, containersOf } from './pod-state.ts'

/** A node and the living pods on it. */
export interface NodeLoad {
  node: KubeObject
  pods: KubeObject[]
}
export interface Misfit {
  reason: string
  /** Taking other pods away could help. */
  solvable: boolean
}

/** What a pod asks for: the sum of its containers, or its largest initial container. */
function requested(podSpec: KubeObject['spec'], resource: string): number {
  const of = (container: KubeObject['spec']) =>
    quantity(container.resources?.requests?.[resource] ?? container.resources?.limits?.[resource])
  const running = (podSpec.containers ?? []).reduce((total: number, one: KubeObject) => total + of(one), 0)
  return Math.max(running, ...(podSpec.initContainers ?? []).map(of))
}

function taintMisfit(pod: KubeObject, node: KubeObject): Misfit[] {
  const taint = ((node.spec?.taints ?? []) as Taint[]).find(
    (one) => one.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, one),
  )
  if (taint === undefined) return []
  if (taint.key === 'node.kubernetes.io/unschedulable')
    return [{ reason: 'node(s) were unschedulable', solvable: false }]
  const text = `${taint.key}: ${taint.value ?? ''}`
  return [{ reason: `node(s) had untolerated taint {${text}}`, solvable: false }]
}

/** Everything containers asked for, by name, extended resources included. */
function resourceMisfits(pod: KubeObject, { node, pods }: NodeLoad): Misfit[] {
  const names = containersOf(pod.spec).flatMap(({ resources }) => [
    ...Object.keys(resources?.requests ?? {}),
    ...Object.keys(resources?.limits ?? {}),
  ])
  const room = (name: string) =>
    quantity(node.status?.allocatable?.[name]) - pods.reduce((total, one) => total + requested(one.spec, name), 0)
  const short = [...new Set(names)].filter((name) => requested(pod.spec, name) > room(name))
  const misfits = short.map((name) => ({ reason: `Insufficient ${name}`, solvable: true }))
  return pods.length < 110 ? misfits : [{ reason: 'Too many pods', solvable: true }, ...misfits]
}

const hostPorts = (pod: KubeObject): string[] =>
  (pod.spec.containers ?? []).flatMap(({ ports = [] }: KubeObject) =>
    ports
      .filter((port: KubeObject['spec']) => port.hostPort || pod.spec.hostNetwork)
      .map((port: KubeObject['spec']) => `${port.protocol ?? 'TCP'}/${port.hostPort ?? port.containerPort}`),
  )

function portMisfit(pod: KubeObject, pods: KubeObject[]): Misfit[] {
  const taken = new Set(pods.flatMap(hostPorts))
  const clash = hostPorts(pod).some((port) => taken.has(port))
  return clash ? [{ reason: "node(s) didn't have free ports for the requested pod ports", solvable: true }] : []
}

function antiAffinityMisfit(pod: KubeObject, pods: KubeObject[]): Misfit[] {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const near = pods.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace)
  const clash = terms.some(
    ({ topologyKey, labelSelector }: KubeObject['spec']) =>
      topologyKey === 'kubernetes.io/hostname' && near.some(({ metadata }) => selects(labelSelector, metadata.labels)),
  )
  return clash ? [{ reason: "node(s) didn't match pod anti-affinity rules", solvable: true }] : []
}

function volumeMisfit(objects: ObjectStore, pod: KubeObject, node: KubeObject): Misfit[] {
  const clash = claimsOf(pod.spec).some((name) => {
    const claim = objects.get('PersistentVolumeClaim', pod.metadata.namespace, name)
    const volume = objects.get('PersistentVolume', undefined, claim?.spec.volumeName ?? '')
    const required = volume?.spec.nodeAffinity?.required
    return required !== undefined && !matchesNodeTerms(required.nodeSelectorTerms ?? [], node)
  })
  return clash ? [{ reason: "node(s) didn't match PersistentVolume's node affinity", solvable: false }] : []
}

/** Why the pod cannot run on the node: the first kind of reason that applies, as the scheduler reports it. */
export function misfit(objects: ObjectStore, pod: KubeObject, load: NodeLoad): Misfit[] {
  const { node, pods } = load
  const tainted = taintMisfit(pod, node)
  if (tainted.length > 0) return tainted
  if (!nodeSuits(pod.spec, node))
    return [{ reason: "node(s) didn't match Pod's node affinity/selector", solvable: false }]
  const checks = [
    () => portMisfit(pod, pods),
    () => resourceMisfits(pod, load),
    () => volumeMisfit(objects, pod, node),
    () => antiAffinityMisfit(pod, pods),
  ]
  for (const check of checks) {
    const found = check()
    if (found.length > 0) return found
  }
  return []
}
