import type { KubeObject } from '../objects.ts'
import { askWebhooks } from './admission/admit.ts'
import type { ApiAnswer, ApiContext, ApiRequest } from './context.ts'
import { existing, inVersion, kindOf, selected } from './read.ts'
import { customResources } from './registry.ts'
import { badRequest, conflict, forbidden } from './status.ts'

/** What holds a definition while objects of it are there. */
export const customCleanup = 'customresourcecleanup.apiextensions.k8s.io'

interface DeleteOptions {
  propagationPolicy?: string
  dryRun?: string[]
  preconditions?: { uid?: string; resourceVersion?: string }
}

function optionsOf({ body, query }: ApiRequest): DeleteOptions {
  const policy = query.get('propagationPolicy')
  const fromQuery: DeleteOptions = {
    ...(policy && { propagationPolicy: policy }),
    ...(query.get('dryRun') && { dryRun: ['All'] }),
  }
  if (body.trim() === '') return fromQuery
  try {
    return { ...(JSON.parse(body) as DeleteOptions), ...fromQuery }
  } catch {
    throw badRequest("couldn't get version/kind; json parse error")
  }
}

const protectedNamespaces = new Set(['default', 'kube-system', 'kube-public'])

/** Dependents that are to outlive their owner lose the reference to it. */
function orphan({ objects, registry }: ApiContext, owner: KubeObject): void {
  const kinds = new Set(registry.all().map(kindOf))
  for (const dependent of [...kinds].flatMap((kind) => objects.list(kind))) {
    const references = dependent.metadata.ownerReferences ?? []
    const rest = references.filter(({ uid }) => uid !== owner.metadata.uid)
    if (rest.length !== references.length)
      objects.update({ ...dependent, metadata: { ...dependent.metadata, ownerReferences: rest } })
  }
}

const isUsed = ({ objects }: ApiContext, claim: KubeObject): boolean =>
  objects
    .list('Pod', { namespace: claim.metadata.namespace ?? '' })
    .some(
      ({ spec, status }) =>
        !['Succeeded', 'Failed'].includes(status?.phase) &&
        (spec?.volumes ?? []).some(
          (volume: { persistentVolumeClaim?: { claimName: string } }) =>
            volume.persistentVolumeClaim?.claimName === claim.metadata.name,
        ),
    )

/** Something else has to happen before the object may go: it is only marked. */
function mustWait(context: ApiContext, object: KubeObject): boolean {
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') return true
  if (object.kind === 'PersistentVolumeClaim' && isUsed(context, object)) return true
  return (object.metadata.finalizers ?? []).length > 0
}

function mark({ objects, clock }: ApiContext, object: KubeObject): KubeObject {
  if (object.metadata.deletionTimestamp !== undefined) return object
  const deletionTimestamp = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`
  const marked = { ...object, metadata: { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 } }
  const terminating =
    object.kind === 'Namespace' ? { ...marked, status: { ...object.status, phase: 'Terminating' } } : marked
  return objects.update(terminating)
}

/** The objects of a definition go before it; those that somebody holds are marked. True when none is left. */
function removeInstances(context: ApiContext, definition: KubeObject): boolean {
  let left = false
  for (const kind of new Set(customResources(definition).map(kindOf)))
    for (const one of context.objects.list(kind)) {
      if (mustWait(context, one)) mark(context, one)
      else context.objects.delete(kind, one.metadata.namespace, one.metadata.name)
      left ||= mustWait(context, one)
    }
  return !left
}

function removeOne(context: ApiContext, request: ApiRequest, object: KubeObject, options: DeleteOptions): KubeObject {
  const { resource } = request
  const { name, namespace, uid, resourceVersion } = object.metadata
  if (resource.kind === 'Namespace' && protectedNamespaces.has(name))
    throw forbidden(resource, name, 'this namespace may not be deleted')
  const wanted = options.preconditions ?? {}
  if (wanted.uid !== undefined && wanted.uid !== uid)
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`,
    )
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion)
    throw conflict(
      resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`,
    )
  askWebhooks(context, 'DELETE', object)
  if (options.dryRun !== undefined) return object
  if (options.propagationPolicy === 'Orphan') orphan(context, object)
  if (mustWait(context, object)) return mark(context, object)
  if (resource.kind === 'CustomResourceDefinition' && !removeInstances(context, object)) {
    const metadata = { ...object.metadata, finalizers: [customCleanup] }
    return mark(context, context.objects.update({ ...object, metadata }))
  }
  context.objects.delete(kindOf(resource), namespace, name)
  return object
}

/** DELETE of one object. Namespaces, and objects with finalizers, are marked and go later. */
export function remove(context: ApiContext, request: ApiRequest): ApiAnswer {
  const { resource } = request
  const object = existing(context, request)
  const removed = removeOne(context, request, object, optionsOf(request))
  const { name, uid } = object.metadata
  if (removed.metadata.deletionTimestamp !== undefined) return { code: 200, body: inVersion(resource, removed) }
  const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid }
  return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } }
}

/** DELETE of a collection: everything the selectors choose. */
export function removeMany(context: ApiContext, request: ApiRequest): ApiAnswer {
  const options = optionsOf(request)
  const found = selected(context, request)
  for (const object of found) removeOne(context, request, object, options)
  const { kind, version, group } = request.resource
  const apiVersion = group === '' ? version : `${group}/${version}`
  return {
    code: 200,
    body: { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: context.objects.revision() }, items: found },
  }
}

/** POST to a pod's `eviction`: it goes as if it were deleted. Disruption budgets are not simulated. */
export function evict(context: ApiContext, request: ApiRequest): ApiAnswer {
  const options = request.body.trim() === '' ? {} : (optionsOf(request) as { deleteOptions?: DeleteOptions })
  removeOne(context, request, existing(context, request), options.deleteOptions ?? {})
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } }
}
