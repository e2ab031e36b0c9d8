import { createHash } from 'node:crypto'
import { parseAllDocuments, type ScalarTag } from 'yaml'
import { WildError } from '../../platform/errors.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'

/** Annotation that says what an object was rendered as; equal hash means nothing to apply. */
export const hashAnnotation = 'wild-central.io/hash'

/** Deterministic JSON: keys sorted at every level. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`
  return JSON.stringify(value)
}

/** SHA-256 of an object as rendered; its own hash annotation does not count. */
export function hashOf(object: KubeObject): string {
  const { [hashAnnotation]: _own, ...annotations } = object.metadata.annotations ?? {}
  return createHash('sha256')
    .update(canonical({ ...object, metadata: { ...object.metadata, annotations } }))
    .digest('hex')
}

/** The same object carrying its hash. Secrets carry none: a hash of a weak password would give it away. */
export function withHash(object: KubeObject): KubeObject {
  if (object.kind === 'Secret') return object
  const annotations = { ...object.metadata.annotations, [hashAnnotation]: hashOf(object) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** "Deployment ghost/ghost": one object of a cluster. */
export function keyOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`
}

/** Kubernetes reads `0644` as octal, as YAML 1.1 did: file modes depend on it. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
}

/** What kustomize printed, as objects. Throws TOOL_FAILED when it is no YAML. */
export function parseManifests(text: string): KubeObject[] {
  return parseAllDocuments(text, { customTags: (tags) => [octal, ...tags] }).flatMap((document) => {
    if (document.errors[0])
      throw new WildError(
        'TOOL_FAILED',
        `The built manifests are not valid YAML: ${document.errors[0].message.split('\n')[0]}.`,
      )
    const object = document.toJS() as KubeObject | null
    return object && typeof object === 'object' && object.kind ? [object] : []
  })
}

/**
 * Finds the live counterpart of an object. kustomize writes a namespace into custom resources that have none
 * (it does not know their scope), so a live object without one matches too; one that names no namespace is in `default`.
 */
export function lookup(live: KubeObject[]): (wanted: KubeObject) => KubeObject | undefined {
  const byKey = new Map(live.map((object) => [keyOf(object), object]))
  return (wanted) => {
    const { kind, metadata } = wanted
    const elsewhere = metadata.namespace ? `${kind} ${metadata.name}` : `${kind} default/${metadata.name}`
    return byKey.get(keyOf(wanted)) ?? byKey.get(elsewhere)
  }
}

export type ObjectState = 'absent' | 'different' | 'same'

/** How a wanted object compares with its live counterpart. Secret data is compared by value. */
export function stateOf(wanted: KubeObject, live: KubeObject | undefined): ObjectState {
  if (!live || live.metadata.deletionTimestamp) return 'absent'
  if (wanted.kind === 'Secret') return sameData(wanted, live) ? 'same' : 'different'
  return live.metadata.annotations?.[hashAnnotation] === hashOf(wanted) ? 'same' : 'different'
}

function sameData(wanted: KubeObject, live: KubeObject): boolean {
  // A release may bring an empty Secret that its own controller fills (MetalLB's webhook certificate).
  if (Object.keys(secretData(wanted)).length === 0) return true
  return canonical(secretData(wanted)) === canonical(secretData(live))
}

/** Data of a Secret in base64, whichever way it was written. */
export function secretData(secret: KubeObject): Record<string, string> {
  const plain = Object.entries((secret.stringData ?? {}) as Record<string, string>)
  return {
    ...((secret.data ?? {}) as Record<string, string>),
    ...Object.fromEntries(plain.map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
  }
}

export interface Verdict {
  ready: boolean
  /** Why not, for people. */
  reason: string
  /** It will not become ready by itself. */
  failed?: boolean
}

/** One thing that is not ready. */
export interface Unready extends Verdict {
  /** "Deployment ghost/ghost" */
  what: string
}

const yes: Verdict = { ready: true, reason: '' }
const no = (reason: string): Verdict => ({ ready: false, reason })
const notSeen = no('not seen by the cluster yet')

interface Condition {
  status: string
  reason?: string
  message?: string
}

function condition(object: KubeObject, type: string): Condition | undefined {
  return object.status?.conditions?.find((item: { type: string }) => item.type === type)
}

/** Does the status speak of an older version of the object? */
function isStale({ metadata, status }: KubeObject): boolean {
  return (status?.observedGeneration ?? 0) < ((metadata.generation as number | undefined) ?? 0)
}

function deployment(object: KubeObject): Verdict {
  const { spec = {}, status = {} } = object
  const wanted = spec.replicas ?? 1
  if (isStale(object)) return notSeen
  const good = Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0)
  if (good >= wanted && (status.replicas ?? 0) === wanted) return yes
  const stuck = condition(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded'
  return no(`${good} of ${wanted} pods ready${stuck ? ', no progress for a while' : ''}`)
}

function statefulSet(object: KubeObject): Verdict {
  const { spec = {}, status = {} } = object
  const wanted = spec.replicas ?? 1
  if (isStale(object)) return notSeen
  const current = !status.updateRevision || status.updateRevision === status.currentRevision
  const good = status.readyReplicas ?? 0
  if (good < wanted) return no(`${good} of ${wanted} pods ready`)
  return current ? yes : no('its pods are being replaced')
}

function daemonSet(object: KubeObject): Verdict {
  const { status = {} } = object
  if (isStale(object)) return notSeen
  const desired = status.desiredNumberScheduled ?? 0
  const good = Math.min(status.numberReady ?? 0, status.updatedNumberScheduled ?? 0)
  if (desired === 0) return no('no machine may run it yet')
  return good >= desired ? yes : no(`${good} of ${desired} pods ready`)
}

function job(object: KubeObject): Verdict {
  if (condition(object, 'Complete')?.status === 'True') return yes
  const failure = condition(object, 'Failed')
  if (failure?.status !== 'True') return no('still running')
  return { ready: false, failed: true, reason: `it failed: ${failure.message ?? failure.reason ?? 'too many tries'}` }
}

function byCondition(object: KubeObject, type: string): Verdict {
  const found = condition(object, type)
  return found?.status === 'True' ? yes : no(found?.message ?? `not ${type.toLowerCase()} yet`)
}

const readers: Record<string, (object: KubeObject) => Verdict> = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Job: job,
  CustomResourceDefinition: (object) => byCondition(object, 'Established'),
  PersistentVolumeClaim: ({ status }) =>
    status?.phase === 'Bound' ? yes : no(`volume ${String(status?.phase ?? 'Pending').toLowerCase()}`),
  Certificate: (object) => byCondition(object, 'Ready'),
  Issuer: (object) => byCondition(object, 'Ready'),
  ClusterIssuer: (object) => byCondition(object, 'Ready'),
}

/** Is a live object ready? Follows facts/tools.md 4.4. Objects without a notion of readiness are, once they exist. */
export function readiness(object: KubeObject): Verdict {
  return readers[object.kind]?.(object) ?? yes
}

/** Does the cluster meet a declared check? */
export function checkReady(check: ReadyCheck, live: KubeObject | undefined): Verdict {
  if (!live) return no('not there yet')
  if (check.condition === 'Exists') return yes
  if (check.condition === 'LoadBalancer') return live.status?.loadBalancer?.ingress?.[0] ? yes : no('no address yet')
  return readers[live.kind] ? readiness(live) : byCondition(live, check.condition)
}

const groups: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  Service: 'v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  Certificate: 'cert-manager.io/v1',
  Issuer: 'cert-manager.io/v1',
  ClusterIssuer: 'cert-manager.io/v1',
  StorageClass: 'storage.k8s.io/v1',
  CSIDriver: 'storage.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
}

const clusterScoped = new Set([
  'CustomResourceDefinition',
  'StorageClass',
  'CSIDriver',
  'ClusterIssuer',
  'Namespace',
  'PersistentVolume',
  'IngressClass',
  'RuntimeClass',
  'PriorityClass',
  'ClusterRole',
  'ClusterRoleBinding',
])

/** The object a check is about, as much of it as is needed to ask for it. */
export function probeOf(check: ReadyCheck, namespace?: string): KubeObject {
  const inNamespace = clusterScoped.has(check.kind) ? undefined : (check.namespace ?? namespace)
  return {
    apiVersion: check.apiVersion ?? groups[check.kind] ?? 'v1',
    kind: check.kind,
    metadata: { name: check.name, ...(inNamespace ? { namespace: inNamespace } : {}) },
  }
}

/** Kinds that run pods. */
export const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])
