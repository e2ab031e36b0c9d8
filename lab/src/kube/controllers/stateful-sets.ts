import type { KubeObject } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { controlledBy, nameHash } from './owners.ts'
import { createPod } from './pod-factory.ts'
import { isAvailable, isFinished, isReady } from './pod-state.ts'

const component = 'statefulset-controller'
const revisionLabel = 'controller-revision-hash'

const revisionOf = (set: KubeObject): string => `${set.metadata.name}-${nameHash(set.spec.template)}`
const ordinalOf = (pod: KubeObject): number => Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1))

/** The claims of one ordinal. They outlive the pod and the set: the data is the person's. */
function claimsFor(set: KubeObject, ordinal: number): KubeObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template: KubeObject) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `${template.metadata.name}-${set.metadata.name}-${ordinal}`,
      namespace: set.metadata.namespace,
      labels: { ...set.spec.selector?.matchLabels, ...template.metadata.labels },
      ...(template.metadata.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
    },
    spec: { volumeMode: 'Filesystem', ...template.spec },
    status: { phase: 'Pending' },
  }))
}

function ensureClaims({ objects, record }: ControllerContext, set: KubeObject, ordinal: number): void {
  for (const claim of claimsFor(set, ordinal)) {
    const { name, namespace } = claim.metadata
    if (objects.get('PersistentVolumeClaim', namespace, name) !== undefined) continue
    objects.create(claim)
    const pod = `${set.metadata.name}-${ordinal}`
    const text = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`
    record(set, 'Normal', 'SuccessfulCreate', text, component)
  }
}

function addPod(context: ControllerContext, set: KubeObject, ordinal: number): boolean {
  const name = `${set.metadata.name}-${ordinal}`
  ensureClaims(context, set, ordinal)
  const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }: KubeObject) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
  }))
  const own = set.spec.template.spec.volumes ?? []
  const refusal = createPod(context, {
    owner: set,
    template: set.spec.template,
    name,
    generateName: `${set.metadata.name}-`,
    labels: {
      'apps.kubernetes.io/pod-index': String(ordinal),
      'statefulset.kubernetes.io/pod-name': name,
      [revisionLabel]: revisionOf(set),
    },
    spec: { hostname: name, subdomain: set.spec.serviceName, volumes: [...own, ...claimed] },
  })
  const what = `create Pod ${name} in StatefulSet ${set.metadata.name}`
  if (refusal === undefined) context.record(set, 'Normal', 'SuccessfulCreate', `${what} successful`, component)
  else context.record(set, 'Warning', 'FailedCreate', `${what} failed error: ${refusal}`, component)
  return refusal === undefined
}

function removePod({ objects, record }: ControllerContext, set: KubeObject, pod: KubeObject): void {
  objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
  const text = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`
  record(set, 'Normal', 'SuccessfulDelete', text, component)
}

/** One step towards the wanted pods. Ordered sets wait for every pod before the next. */
function step(context: ControllerContext, set: KubeObject, pods: KubeObject[]): void {
  const replicas = set.spec.replicas ?? 1
  const ordered = set.spec.podManagementPolicy !== 'Parallel'
  for (const pod of pods.filter(isFinished)) context.objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
  const live = pods.filter((pod) => !isFinished(pod))
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const pod = live.find((one) => ordinalOf(one) === ordinal)
    if (pod === undefined && !addPod(context, set, ordinal)) return
    if (ordered && (pod === undefined || !isReady(pod))) return
  }
  const surplus = live
    .filter((pod) => ordinalOf(pod) >= replicas)
    .sort((one, other) => ordinalOf(other) - ordinalOf(one))
  for (const pod of ordered ? surplus.slice(0, 1) : surplus) removePod(context, set, pod)
  if (surplus.length > 0 || set.spec.updateStrategy?.type === 'OnDelete') return
  update(context, set, live)
}

/** Replaces pods of an older template, the highest ordinal first, one at a time. */
function update(context: ControllerContext, set: KubeObject, live: KubeObject[]): void {
  const revision = revisionOf(set)
  const outdated = live.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== revision)
  const next = outdated.sort((one, other) => ordinalOf(other) - ordinalOf(one))[0]
  const broken = live.filter((pod) => !isReady(pod))
  if (next === undefined || broken.some((pod) => pod !== next && !outdated.includes(pod))) return
  removePod(context, set, broken.find((pod) => outdated.includes(pod)) ?? next)
}

function status(context: ControllerContext, set: KubeObject, pods: KubeObject[]): Record<string, unknown> {
  const updateRevision = revisionOf(set)
  const updated = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === updateRevision)
  const before = set.status?.currentRevision ?? updateRevision
  const done = updated.length === pods.length && pods.every(isReady)
  const currentRevision = done ? updateRevision : before
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, minReadySeconds, context.clock)).length,
    currentReplicas: pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === currentRevision).length,
    updatedReplicas: updated.length,
    currentRevision,
    updateRevision,
    collisionCount: 0,
  }
}

/** Keeps the numbered pods of each StatefulSet, each with claims of its own. */
export const statefulSets: Reconciler = {
  name: 'stateful-sets',
  watches: ['StatefulSet', 'Pod', 'Namespace', 'ServiceAccount', 'PersistentVolumeClaim'],
  reconcile: (context) => {
    for (const set of context.objects.list('StatefulSet')) {
      const owned = () => controlledBy(set, context.objects.list('Pod', { namespace: set.metadata.namespace }))
      step(context, set, owned())
      context.objects.updateStatus(set, status(context, set, owned()))
    }
  },
}
