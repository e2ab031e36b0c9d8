import { groupOf } from '../../kube/resources.ts'

// biome-ignore lint/suspicious/noExplicitAny: resources come as YAML of any shape
export type Json = any

/** A resource on its way through a build, with the names it had before. */
export interface Resource {
  object: Json
  /** Name and namespace in the file it came from: what references use. */
  originalName: string
  originalNamespace: string | undefined
  /** Came from a generator: the name gets a hash of the content. */
  needsHash: boolean
}

/** A mistake in a kustomization; the message is kustomize's own. */
export class KustomizeError extends Error {}

/** `Deployment.v1.apps/web.[noNs]`: how kustomize names a resource in messages. */
export function resourceId(object: Json): string {
  const [group, version] = String(object.apiVersion ?? '').includes('/')
    ? object.apiVersion.split('/')
    : ['[noGrp]', object.apiVersion || '[noVer]']
  const namespace = object.metadata?.namespace || '[noNs]'
  return `${object.kind}.${version}.${group}/${object.metadata?.name}.${namespace}`
}

/** Two resources with the same key cannot be in one build. */
export const identity = ({ apiVersion, kind, metadata }: Json): string =>
  `${groupOf(apiVersion ?? '')}/${kind}/${metadata?.namespace || 'default'}/${metadata?.name}`

/** Takes a document in, refusing what is no Kubernetes object. */
export function resourceFrom(object: Json, file: string): Resource {
  if (object?.kind === undefined) throw new KustomizeError(`missing Resource metadata: kind in File: ${file}`)
  if (!object.metadata?.name)
    throw new KustomizeError(
      `missing metadata.name in object {{${object.apiVersion ?? ''} ${object.kind}} {{ } map[] map[]}}`,
    )
  return { object, originalName: object.metadata.name, originalNamespace: object.metadata.namespace, needsHash: false }
}

/** The objects of a document: itself, or the items of a List. */
export const itemsOf = (document: Json): Json[] =>
  typeof document?.kind === 'string' && document.kind.endsWith('List') && Array.isArray(document.items)
    ? document.items
    : [document]

/** The pod template of a workload, the one of a CronJob's jobs included. */
export const templatesOf = (object: Json): Json[] =>
  [object.spec?.template, object.spec?.jobTemplate?.spec?.template].filter(
    (one) => typeof one === 'object' && one !== null,
  )
