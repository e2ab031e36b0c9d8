import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import { admit } from './admission/admit.ts'
import { type JsonPatchOperation, jsonPatch } from './apply/json-patch.ts'
import { applyOver, conflicts, mergePatch, strategicMerge } from './apply/merge.ts'
import { asObject, decode, decodeApplied, parseBody, unsupportedMediaType } from './body.ts'
import type { ApiAnswer, ApiContext, ApiRequest } from './context.ts'
import { belongsTo, existing, inVersion, kindOf } from './read.ts'
import { ApiError, alreadyExists, badRequest, conflict, invalid, notFound, required } from './status.ts'

const isDryRun = ({ query }: ApiRequest): boolean => {
  const value = query.get('dryRun')
  if (value !== null && value !== 'All') throw badRequest(`Invalid value: "${value}": dryRun`)
  return value === 'All'
}

const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Stores a new object, or shows what would be stored. */
function store(context: ApiContext, request: ApiRequest, object: KubeObject): KubeObject {
  if (!isDryRun(request)) return context.objects.create(object)
  const metadata = {
    ...object.metadata,
    uid: randomUUID(),
    creationTimestamp: seconds(context.clock.now()),
    generation: 1,
  }
  return { ...object, metadata }
}

function create(context: ApiContext, request: ApiRequest, object: KubeObject): ApiAnswer {
  const { resource } = request
  if (!object.metadata.name)
    throw invalid(resource, '', [required('metadata.name', 'name or generateName is required')])
  for (const field of ['resourceVersion', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const)
    delete object.metadata[field]
  if (resource.status) delete object.status
  const admitted = admit(context, resource, object, undefined, request.warnings)
  if (context.objects.get(kindOf(resource), object.metadata.namespace, object.metadata.name) !== undefined)
    throw alreadyExists(resource, object.metadata.name)
  return { code: 201, body: inVersion(resource, store(context, request, admitted)) }
}

/** POST to a collection. */
export async function post(context: ApiContext, request: ApiRequest): Promise<ApiAnswer> {
  const object = asObject(request, await parseBody(request))
  return create(context, request, decode(request, context.registry.schema(request.resource), object))
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

function checkVersion({ resource }: ApiRequest, current: KubeObject, next: KubeObject): void {
  const wanted = next.metadata.resourceVersion
  if (wanted && wanted !== current.metadata.resourceVersion) throw conflict(resource, current.metadata.name, modified)
  const { uid } = next.metadata
  if (uid && uid !== current.metadata.uid)
    throw conflict(
      resource,
      current.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    )
}

/** Stores a changed object; its status stays unless the resource has no status of its own. */
function change(context: ApiContext, request: ApiRequest, current: KubeObject, next: KubeObject): KubeObject {
  const { resource } = request
  checkVersion(request, current, next)
  if (resource.status) next.status = current.status
  const { uid, creationTimestamp, deletionTimestamp, generation, resourceVersion } = current.metadata
  Object.assign(
    next.metadata,
    { uid, creationTimestamp, generation, resourceVersion },
    deletionTimestamp && { deletionTimestamp },
  )
  const admitted = admit(context, resource, next, current, request.warnings)
  if (isDryRun(request)) return admitted
  const stored = context.objects.update(admitted)
  if (
    deletionTimestamp !== undefined &&
    (stored.metadata.finalizers ?? []).length === 0 &&
    resource.kind !== 'Namespace'
  )
    context.objects.delete(kindOf(resource), stored.metadata.namespace, stored.metadata.name)
  return stored
}

function changeStatus(context: ApiContext, request: ApiRequest, current: KubeObject, next: KubeObject): KubeObject {
  checkVersion(request, current, next)
  const status = (next.status ?? {}) as Record<string, unknown>
  if (isDryRun(request)) return { ...current, status }
  context.objects.updateStatus(current, status)
  return existing(context, request)
}

function save(context: ApiContext, request: ApiRequest, current: KubeObject, next: KubeObject): ApiAnswer {
  const { resource, subresource } = request
  const write = subresource === 'status' ? changeStatus : change
  return { code: 200, body: inVersion(resource, write(context, request, current, next)) }
}

/** PUT of an object or of its status. */
export async function put(context: ApiContext, request: ApiRequest): Promise<ApiAnswer> {
  const object = asObject(request, await parseBody(request))
  const current = existing(context, request)
  return save(context, request, current, decode(request, context.registry.schema(request.resource), object))
}

function patched(context: ApiContext, request: ApiRequest, type: string, current: KubeObject, patch: unknown): unknown {
  const { resource } = request
  if (type === 'application/merge-patch+json') return mergePatch(current, patch)
  if (type === 'application/strategic-merge-patch+json' && !resource.custom)
    return strategicMerge(context.registry.schema(resource), current, patch)
  if (type !== 'application/json-patch+json') throw unsupportedMediaType()
  try {
    return jsonPatch(current, patch as JsonPatchOperation[])
  } catch (error) {
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${(error as Error).message}`,
    )
  }
}

/** PATCH: server-side apply, merge patch, strategic merge patch or JSON patch. */
export async function patch(context: ApiContext, request: ApiRequest): Promise<ApiAnswer> {
  const type = request.contentType.split(';')[0]!.trim()
  const body = await parseBody(request)
  if (type === 'application/apply-patch+yaml') return apply(context, request, body)
  const current = existing(context, request)
  const next = asObject(request, patched(context, request, type, inVersion(request.resource, current), body))
  return save(context, request, current, decode(request, context.registry.schema(request.resource), next))
}

/** What of an applied object is merged and remembered: no identity, no status. */
function configuration(object: KubeObject, keepStatus: boolean): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, metadata, status, ...rest } = object
  const { labels, annotations, finalizers, ownerReferences } = metadata
  const kept = Object.entries({ labels, annotations, finalizers, ownerReferences }).filter(
    ([, value]) => value !== undefined,
  )
  return {
    ...rest,
    ...(kept.length > 0 ? { metadata: Object.fromEntries(kept) } : {}),
    ...(keepStatus && status !== undefined ? { status } : {}),
  }
}

function refuseConflicts(
  context: ApiContext,
  request: ApiRequest,
  applied: unknown,
  others: { manager: string; applied: unknown }[],
  live: unknown,
): void {
  if (['true', '1'].includes(request.query.get('force') ?? '')) return
  const schema = context.registry.schema(request.resource)
  const changed = new Set(conflicts(schema, applied, live))
  const found = others.flatMap(({ manager, applied: held }) =>
    conflicts(schema, applied, held)
      .filter((path) => changed.has(path))
      .map((path) => ({ manager, path })),
  )
  if (found.length === 0) return
  const text =
    found.length === 1
      ? `Apply failed with 1 conflict: conflict with "${found[0]!.manager}": ${found[0]!.path}`
      : `Apply failed with ${found.length} conflicts: ${found.map(({ manager, path }) => `conflict with "${manager}": ${path}`).join('\n')}`
  const causes = found.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"`,
    field: path,
  }))
  throw new ApiError(409, 'Conflict', text, { causes })
}

/** Server-side apply: creates the object, or merges what this manager applies now with what others hold. */
function apply(context: ApiContext, request: ApiRequest, body: unknown): ApiAnswer {
  const { resource, query, namespace, name = '' } = request
  const manager = query.get('fieldManager')
  if (!manager)
    throw invalid({ ...resource, kind: 'PatchOptions', group: 'meta.k8s.io' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ])
  if (Array.isArray((body as KubeObject | null)?.metadata?.managedFields))
    throw badRequest('metadata.managedFields must be nil')
  const schema = context.registry.schema(resource)
  const object = decodeApplied(resource, schema, asObject(request, body))
  const current = context.objects.get(kindOf(resource), namespace, name)
  if (current !== undefined && !belongsTo(resource, current)) throw notFound(resource, name)
  if (current !== undefined) checkVersion(request, current, object)
  const config = configuration(object, !resource.status || request.subresource === 'status')
  const { previous, others } = context.applied.owners(current?.metadata.uid, manager)
  if (current !== undefined) refuseConflicts(context, request, config, others, configuration(current, true))
  const remember = (answer: ApiAnswer): ApiAnswer => {
    const uid = (answer.body as KubeObject).metadata.uid
    if (!isDryRun(request) && uid !== undefined && !isDeepStrictEqual(previous, config))
      context.applied.remember(uid, manager, config)
    return answer
  }
  if (current === undefined) {
    if (object.metadata.resourceVersion || request.subresource) throw notFound(resource, name)
    return remember(create(context, request, object))
  }
  const owners = { previous, others: others.map((one) => one.applied) }
  const next = applyOver(schema, current, config, owners) as KubeObject
  return remember(save(context, request, current, structuredClone(next)))
}
