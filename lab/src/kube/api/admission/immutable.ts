import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../objects.ts'
import { quantity } from '../../quantity.ts'
import { type FieldError, forbiddenField, invalidValue } from '../status.ts'

const get = (object: KubeObject, path: string): unknown =>
  // biome-ignore lint/suspicious/noExplicitAny: a walk through JSON
  path.split('.').reduce<any>((value, name) => value?.[name], object)

const fixed: Record<string, readonly string[]> = {
  Deployment: ['spec.selector'],
  DaemonSet: ['spec.selector'],
  ReplicaSet: ['spec.selector'],
  Job: ['spec.selector', 'spec.template', 'spec.completionMode'],
  StorageClass: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
  CustomResourceDefinition: ['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
  Secret: ['type'],
}

const statefulSetMayChange = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const statefulSetText =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

const without = (value: unknown, names: readonly string[]): unknown =>
  Object.fromEntries(Object.entries((value ?? {}) as Record<string, unknown>).filter(([name]) => !names.includes(name)))

const statefulSet = (before: KubeObject, after: KubeObject): FieldError[] =>
  isDeepStrictEqual(without(before.spec, statefulSetMayChange), without(after.spec, statefulSetMayChange))
    ? []
    : [forbiddenField('spec', statefulSetText)]

function claim(before: KubeObject, after: KubeObject): FieldError[] {
  const size = (object: KubeObject) => object.spec?.resources?.requests?.storage
  const allowed = ['resources', 'volumeAttributesClassName', 'volumeName']
  // The controllers may fill in a class that was left open.
  const classless = before.spec?.storageClassName === undefined ? [...allowed, 'storageClassName'] : allowed
  if (!isDeepStrictEqual(without(before.spec, classless), without(after.spec, classless)))
    return [
      forbiddenField(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ),
    ]
  const grows = quantity(size(after)) - quantity(size(before))
  if (grows < 0)
    return [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
  if (grows > 0 && before.status?.phase !== 'Bound')
    return [
      forbiddenField(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ),
    ]
  return []
}

function service(before: KubeObject, after: KubeObject): FieldError[] {
  const [was, is] = [before.spec?.clusterIP, after.spec?.clusterIP]
  return was && was !== is && after.spec?.type !== 'ExternalName'
    ? [invalidValue('spec.clusterIPs[0]', is === undefined ? [] : [is], 'may not change once set')]
    : []
}

function sealed(before: KubeObject, after: KubeObject): FieldError[] {
  if (before.immutable !== true) return []
  if (isDeepStrictEqual(before.data, after.data) && after.immutable === true) return []
  return [forbiddenField('data', 'field is immutable when `immutable` is set')]
}

const special: Record<string, (before: KubeObject, after: KubeObject) => FieldError[]> = {
  StatefulSet: statefulSet,
  PersistentVolumeClaim: claim,
  Service: service,
  Secret: sealed,
  ConfigMap: sealed,
}

/** Complaints about a change of an existing object: fields that stay as they were made. */
export function changeErrors(before: KubeObject, after: KubeObject): FieldError[] {
  const simple = (fixed[after.kind] ?? []).flatMap((path) =>
    isDeepStrictEqual(get(before, path), get(after, path))
      ? []
      : [invalidValue(path, get(after, path) ?? {}, 'field is immutable')],
  )
  return [...simple, ...(special[after.kind]?.(before, after) ?? [])]
}
