import { storedKind } from '../object-store.ts'
import type { KubeObject } from '../objects.ts'
import { apiVersionOf, groupOf, type Resource } from '../resources.ts'
import type { ApiAnswer, ApiContext, ApiRequest } from './context.ts'
import { nodeLeases } from './node-leases.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'
import { badRequest, notFound } from './status.ts'

/** The kind objects of a resource are stored under. */
export const kindOf = (resource: Resource): string => storedKind(apiVersionOf(resource), resource.kind)

/** An object in the version that was asked for. */
export const inVersion = (resource: Resource, object: KubeObject): KubeObject => ({
  ...object,
  apiVersion: apiVersionOf(resource),
})

/** Custom kinds of the same name in another group are other things. */
export const belongsTo = (resource: Resource, object: KubeObject): boolean =>
  storedKind(object.apiVersion, object.kind) === kindOf(resource) &&
  (!resource.custom || groupOf(object.apiVersion) === resource.group)

/** The object a request names; throws NotFound. */
export function existing(context: ApiContext, { resource, namespace, name = '' }: ApiRequest): KubeObject {
  const { objects } = context
  const made = resource.kind === 'Lease' && namespace === 'kube-node-lease' ? nodeLeases(context) : []
  const found = objects.get(kindOf(resource), namespace, name) ?? made.find(({ metadata }) => metadata.name === name)
  if (found === undefined || !belongsTo(resource, found)) throw notFound(resource, name)
  return found
}

/** GET of one object. */
export function getOne(context: ApiContext, request: ApiRequest): ApiAnswer {
  return { code: 200, body: inVersion(request.resource, existing(context, request)) }
}

/** Which objects a list or watch is about. */
export function selection({ resource, namespace, name, query }: ApiRequest): Selector {
  const labels = labelSelector(query.get('labelSelector'))
  const fields = fieldSelector(query.get('fieldSelector'), resource.kind)
  return (object) =>
    belongsTo(resource, object) &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object) &&
    fields(object)
}

/** All objects a request selects, in the order of their names. */
export function selected(context: ApiContext, request: ApiRequest): KubeObject[] {
  const chosen = selection(request)
  const all = context.objects.list(
    kindOf(request.resource),
    request.namespace === undefined ? {} : { namespace: request.namespace },
  )
  const made = request.resource.kind === 'Lease' ? nodeLeases(context) : []
  return [...all, ...made].filter(chosen).map((object) => inVersion(request.resource, object))
}

function page(found: KubeObject[], query: URLSearchParams): { items: KubeObject[]; metadata: Record<string, unknown> } {
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue')
  const start = token ? Number(Buffer.from(token, 'base64url').toString()) : 0
  if (!Number.isInteger(limit) || limit < 0 || !Number.isInteger(start)) throw badRequest('continue key is not valid')
  const end = limit === 0 ? found.length : start + limit
  if (end >= found.length) return { items: found.slice(start), metadata: {} }
  const metadata = { continue: Buffer.from(String(end)).toString('base64url'), remainingItemCount: found.length - end }
  return { items: found.slice(start, end), metadata }
}

/** GET of a collection: labelSelector, fieldSelector, limit and continue count. */
export function list(context: ApiContext, request: ApiRequest): ApiAnswer {
  const { resource, query } = request
  const resourceVersion = context.objects.revision()
  const { items, metadata } = page(selected(context, request), query)
  const body = {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion, ...metadata },
    items,
  }
  return { code: 200, body }
}
