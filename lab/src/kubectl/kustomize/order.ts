import { groupOf } from '../../kube/resources.ts'
import type { Json } from './resource.ts'

const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
]
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

function rank(kind: string): number {
  if (first.includes(kind)) return first.indexOf(kind) - first.length
  return last.includes(kind) ? 1 + last.indexOf(kind) : 0
}

const keys = ({ apiVersion = '', kind, metadata }: Json): string[] => [
  [groupOf(apiVersion) || '~G', apiVersion.split('/').at(-1) || '~V', kind].join('_'),
  [metadata.namespace || '~X', metadata.name].join('|'),
]

/** The order kustomize prints in: what others need comes first, webhooks last, the rest by group, kind and name. */
export function byOrder(one: Json, other: Json): number {
  const difference = rank(one.kind) - rank(other.kind)
  if (difference !== 0) return difference
  const [left, right] = [keys(one), keys(other)]
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return left[at]! < right[at]! ? -1 : 1
  return 0
}
