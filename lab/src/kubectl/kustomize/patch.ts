import { type JsonPatchOperation, jsonPatch } from '../../kube/api/apply/json-patch.ts'
import { strategicMerge } from '../../kube/api/apply/merge.ts'
import { builtinSchema } from '../../kube/api/schema/kinds.ts'
import { anything } from '../../kube/api/schema/types.ts'
import { labelSelector } from '../../kube/api/selectors.ts'
import { groupOf } from '../../kube/resources.ts'
import { parseDocuments, YamlError } from '../yaml/parse.ts'
import { readInside } from './file.ts'
import { type Json, KustomizeError, type Resource, resourceId } from './resource.ts'

interface Target {
  group?: string
  version?: string
  kind?: string
  name?: string
  namespace?: string
  labelSelector?: string
  annotationSelector?: string
}

export interface PatchEntry {
  path?: string
  patch?: string
  target?: Target
  options?: { allowNameChange?: boolean; allowKindChange?: boolean }
}

const whole = (pattern: string | undefined, value: string | undefined): boolean =>
  pattern === undefined || pattern === '' || new RegExp(`^(?:${pattern})$`).test(value ?? '')

function isTarget(target: Target, { object, originalName }: Resource): boolean {
  const version = String(object.apiVersion ?? '')
    .split('/')
    .at(-1)
  const labels = labelSelector(target.labelSelector ?? null)
  const annotations = labelSelector(target.annotationSelector ?? null)
  return (
    whole(target.group, groupOf(object.apiVersion ?? '')) &&
    whole(target.version, version) &&
    whole(target.kind, object.kind) &&
    (whole(target.name, object.metadata.name) || whole(target.name, originalName)) &&
    whole(target.namespace, object.metadata.namespace ?? 'default') &&
    labels(object) &&
    annotations({ ...object, metadata: { ...object.metadata, labels: object.metadata.annotations } })
  )
}

const isSame = (patch: Json, { object, originalName }: Resource): boolean =>
  patch.kind === object.kind &&
  groupOf(patch.apiVersion ?? '') === groupOf(object.apiVersion ?? '') &&
  [object.metadata.name, originalName].includes(patch.metadata?.name) &&
  (patch.metadata?.namespace === undefined || patch.metadata.namespace === object.metadata.namespace)

/** Lays a strategic merge patch over a resource; false when the patch says `$patch: delete`. */
function merge(resource: Resource, patch: Json): boolean {
  if (patch.$patch === 'delete') return false
  const { apiVersion, kind, metadata } = resource.object
  const schema = builtinSchema(apiVersion, kind) ?? anything
  const merged = strategicMerge(schema, resource.object, patch, true) as Json
  merged.apiVersion = apiVersion
  merged.kind = kind
  merged.metadata.name = metadata.name
  if (metadata.namespace !== undefined) merged.metadata.namespace = metadata.namespace
  resource.object = merged
  return true
}

function strategic(resources: Resource[], patches: Json[], target: Target | undefined): Resource[] {
  const gone = new Set<Resource>()
  for (const patch of patches) {
    const chosen = resources.filter((resource) =>
      target === undefined ? isSame(patch, resource) : isTarget(target, resource),
    )
    if (target === undefined && chosen.length === 0) {
      const id = resourceId(patch)
      throw new KustomizeError(
        `no resource matches strategic merge patch "${id}": no matches for Id ${id}; failed to find unique target for patch ${id}`,
      )
    }
    for (const resource of chosen) if (!merge(resource, patch)) gone.add(resource)
  }
  return resources.filter((resource) => !gone.has(resource))
}

function json6902(resources: Resource[], operations: JsonPatchOperation[], target: Target | undefined): Resource[] {
  if (target === undefined) throw new KustomizeError('must specify a target for JSON patch')
  for (const resource of resources.filter((one) => isTarget(target, one))) {
    try {
      resource.object = jsonPatch(resource.object, operations)
    } catch (error) {
      throw new KustomizeError((error as Error).message)
    }
  }
  return resources
}

async function documentsOf(root: string, { path, patch }: PatchEntry): Promise<unknown[]> {
  if (path && patch) throw new KustomizeError("patch and path can't be set at the same time")
  if (!path && !patch) throw new KustomizeError('must specify one of patch and path in PatchTransformer')
  const text = patch ?? read(root, path!)
  try {
    return await parseDocuments(text)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new KustomizeError(`unable to parse SM or JSON patch from [${text.trim()}]: ${error.message}`)
  }
}

function read(root: string, path: string): string {
  try {
    return readInside(root, path)
  } catch (error) {
    throw new KustomizeError(`failed to get the patch file from path(${path}): ${(error as Error).message}`)
  }
}

/** Applies one entry of `patches`: a strategic merge patch, or a list of JSON 6902 operations for a target. */
export async function applyPatch(root: string, resources: Resource[], entry: PatchEntry): Promise<Resource[]> {
  const documents = await documentsOf(root, entry)
  const operations = documents.flat() as JsonPatchOperation[]
  const isJson =
    operations.length > 0 && operations.every((one) => typeof one?.op === 'string' && typeof one.path === 'string')
  return isJson
    ? json6902(resources, operations, entry.target)
    : strategic(resources, documents as Json[], entry.target)
}
