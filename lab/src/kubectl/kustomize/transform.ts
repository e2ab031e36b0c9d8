import { isNamespacedKind } from '../../kube/resources.ts'
import { identity, type Json, KustomizeError, type Resource, resourceId, templatesOf } from './resource.ts'

/** `namespace:` — every namespaced resource moves there; a Namespace object takes the name. */
export function setNamespace(resources: Resource[], namespace: string): void {
  for (const { object } of resources) {
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') object.metadata.name = namespace
    else if (isNamespacedKind(object.kind) !== false) object.metadata.namespace = namespace
    if (['RoleBinding', 'ClusterRoleBinding'].includes(object.kind)) {
      for (const subject of object.subjects ?? [])
        if (subject.kind === 'ServiceAccount' && subject.name === 'default') subject.namespace = namespace
    }
  }
  const seen = new Set<string>()
  for (const { object } of resources) {
    if (seen.has(identity(object)))
      throw new KustomizeError(`namespace transformation produces ID conflict: ${resourceId(object)}`)
    seen.add(identity(object))
  }
}

const keepsName = new Set(['CustomResourceDefinition', 'APIService', 'Namespace'])

/** `namePrefix:` and `nameSuffix:`. */
export function rename(resources: Resource[], prefix: string, suffix: string): void {
  for (const { object } of resources)
    if (!keepsName.has(object.kind)) object.metadata.name = `${prefix}${object.metadata.name}${suffix}`
}

type Pairs = Record<string, string>

/** Adds to the mapping at a path, which is made when `create` says so. */
function add(object: Json, path: string, pairs: Pairs, create: boolean): void {
  const steps = path.split('.')
  let at = object
  for (const step of steps.slice(0, -1)) {
    if (at[step] === undefined || at[step] === null) {
      if (!create) return
      at[step] = {}
    }
    at = at[step]
  }
  const last = steps.at(-1)!
  if (at[last] === undefined && !create) return
  at[last] = { ...at[last], ...pairs }
}

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])

function selectors(object: Json, pairs: Pairs): void {
  if (object.kind === 'Service') {
    if (object.spec?.type !== 'ExternalName') add(object, 'spec.selector', pairs, true)
  } else if (object.kind === 'ReplicationController') add(object, 'spec.selector', pairs, true)
  else if (workloads.has(object.kind)) add(object, 'spec.selector.matchLabels', pairs, true)
  else if (['Job', 'PodDisruptionBudget'].includes(object.kind)) add(object, 'spec.selector.matchLabels', pairs, false)
  else if (object.kind === 'CronJob') add(object, 'spec.jobTemplate.spec.selector.matchLabels', pairs, false)
  else if (object.kind === 'NetworkPolicy') add(object, 'spec.podSelector.matchLabels', pairs, false)
  for (const claim of object.kind === 'StatefulSet' ? (object.spec?.volumeClaimTemplates ?? []) : [])
    add(claim, 'metadata.labels', pairs, true)
}

/** `labels:` (and `commonLabels:`, which is the same with selectors). */
export function addLabels(
  resources: Resource[],
  pairs: Pairs,
  includeSelectors: boolean,
  includeTemplates: boolean,
): void {
  for (const { object } of resources) {
    add(object, 'metadata.labels', pairs, true)
    if (includeSelectors) selectors(object, pairs)
    if (includeSelectors || includeTemplates)
      for (const template of templatesOf(object)) add(template, 'metadata.labels', pairs, true)
    if ((includeSelectors || includeTemplates) && object.kind === 'CronJob')
      add(object, 'spec.jobTemplate.metadata.labels', pairs, true)
  }
}

/** `commonAnnotations:`, in pod templates too. */
export function addAnnotations(resources: Resource[], pairs: Pairs): void {
  for (const { object } of resources) {
    add(object, 'metadata.annotations', pairs, true)
    for (const template of templatesOf(object)) add(template, 'metadata.annotations', pairs, true)
    if (object.kind === 'CronJob') add(object, 'spec.jobTemplate.metadata.annotations', pairs, true)
  }
}

interface Image {
  name: string
  newName?: string
  newTag?: string
  digest?: string
}

/** An image taken apart at its tag and digest. */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const [rest = '', digest = ''] = image.split('@')
  const colon = rest.lastIndexOf(':')
  const tagged = colon > rest.lastIndexOf('/')
  return { name: tagged ? rest.slice(0, colon) : rest, tag: tagged ? rest.slice(colon + 1) : '', digest }
}

function changed(image: string, change: Image): string {
  const { name, tag, digest } = splitImage(image)
  if (name !== change.name) return image
  const newName = change.newName ?? name
  const newTag = change.newTag === undefined ? tag : String(change.newTag)
  if (change.digest) return `${newName}${newTag && change.newTag !== undefined ? `:${newTag}` : ''}@${change.digest}`
  if (newTag) return `${newName}:${newTag}${digest && change.newTag === undefined ? `@${digest}` : ''}`
  return `${newName}${digest ? `@${digest}` : ''}`
}

/** `images:` — in every list of containers, wherever it is. */
export function changeImages(resources: Resource[], images: Image[]): void {
  const visit = (node: Json, key: string): void => {
    if (typeof node !== 'object' || node === null) return
    if (['containers', 'initContainers'].includes(key) && Array.isArray(node)) {
      for (const container of node)
        if (typeof container?.image === 'string') container.image = images.reduce(changed, container.image)
    }
    for (const [name, value] of Object.entries(node)) visit(value, name)
  }
  for (const { object } of resources) if (object.kind !== 'CustomResourceDefinition') visit(object, '')
}

const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'])

/** `replicas:` */
export function setReplicas(resources: Resource[], { name, count }: { name: string; count: number }): void {
  const chosen = resources.filter(
    ({ object, originalName }) => scalable.has(object.kind) && [originalName, object.metadata.name].includes(name),
  )
  if (chosen.length === 0)
    throw new KustomizeError(
      `resource with name ${name} does not match a config with the following GVK [Deployment.[noVer].[noGrp] ReplicationController.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] StatefulSet.[noVer].[noGrp]]`,
    )
  for (const { object } of chosen) object.spec = { ...object.spec, replicas: count }
}
