import type { KubeObject } from '../objects.ts'
import { apiVersionOf, type Resource } from '../resources.ts'
import type { ApiRequest } from './context.ts'
import { type Mismatch, mismatches, withoutNulls } from './schema/check.ts'
import { isRecord, type Schema } from './schema/types.ts'
import { ApiError, badRequest } from './status.ts'

const accepted = 'application/json, application/yaml'

/** 415: only JSON and YAML bodies are read, protobuf is not. */
export const unsupportedMediaType = (): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  )

/** The body as JSON or YAML; throws UnsupportedMediaType or BadRequest. */
export async function parseBody({ contentType, body }: ApiRequest): Promise<unknown> {
  const type = contentType.split(';')[0]!.trim()
  if (!/^application\/((.*\+)?(json|yaml))$/.test(type) && type !== '') throw unsupportedMediaType()
  try {
    if (type.endsWith('yaml') && !body.trimStart().startsWith('{')) return (await import('yaml')).parse(body) as unknown
    return JSON.parse(body) as unknown
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`)
  }
}

/** The body as an object of the request's resource, checked against what the path says. */
export function asObject(request: ApiRequest, value: unknown): KubeObject {
  const { resource, namespace, name } = request
  if (!isRecord(value)) throw badRequest("couldn't get version/kind; json parse error: cannot unmarshal into Go value")
  const object = structuredClone(value) as KubeObject
  const apiVersion = apiVersionOf(resource)
  if ((object.apiVersion ?? apiVersion) !== apiVersion || (object.kind ?? resource.kind) !== resource.kind) {
    throw badRequest(
      `${object.kind} in version "${object.apiVersion}" cannot be handled as a ${resource.kind}: expected ${apiVersion}, Kind=${resource.kind}`,
    )
  }
  object.apiVersion = apiVersion
  object.kind = resource.kind
  object.metadata = isRecord(object.metadata) ? object.metadata : { name: '' }
  const given = object.metadata
  if (resource.namespaced) {
    if (given.namespace !== undefined && namespace !== undefined && given.namespace !== namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
    given.namespace = namespace ?? 'default'
  } else delete given.namespace
  if (name !== undefined) {
    if (given.name && given.name !== name)
      throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`)
    given.name = name
  }
  if (!given.name && given.generateName) given.name = `${given.generateName}${Math.random().toString(36).slice(2, 7)}`
  return object
}

function decodingError(resource: Resource, found: Mismatch[]): ApiError {
  const unknown = found
    .filter(({ problem }) => problem !== 'type')
    .map(({ plainPath }) => `unknown field "${plainPath}"`)
  const type = found.find(({ problem }) => problem === 'type')
  const text =
    type === undefined
      ? `strict decoding error: ${unknown.join(', ')}`
      : `json: cannot unmarshal ${type.plainPath}: ${type.message}`
  return badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${text}`,
  )
}

/** Drops fields the schema does not know. */
function prune(schema: Schema, value: unknown): unknown {
  if (schema.type === 'list' && Array.isArray(value)) return value.map((one) => prune(schema.items, one))
  if (schema.type !== 'object' || !isRecord(value)) return value
  const known = Object.entries(value).filter(([name]) => Object.hasOwn(schema.fields, name))
  return Object.fromEntries(known.map(([name, one]) => [name, prune(schema.fields[name]!, one)]))
}

/**
 * Checks an object's fields for a create or update: wrong types are refused, unknown fields too when the request asks
 * for `fieldValidation=Strict`, else they are dropped with a warning.
 */
export function decode(request: ApiRequest, schema: Schema, object: KubeObject): KubeObject {
  const validation = request.query.get('fieldValidation') ?? 'Warn'
  const found = mismatches(schema, object)
  if (found.some(({ problem }) => problem === 'type')) throw decodingError(request.resource, found)
  if (found.length > 0 && validation === 'Strict') throw decodingError(request.resource, found)
  if (validation === 'Warn') request.warnings.push(...found.map(({ plainPath }) => `unknown field "${plainPath}"`))
  return withoutNulls(schema, prune(schema, object)) as KubeObject
}

/** Checks an applied configuration: server-side apply has no lenient mode. */
export function decodeApplied(resource: Resource, schema: Schema, object: KubeObject): KubeObject {
  const [first] = mismatches(schema, object)
  if (first !== undefined) {
    const { name, namespace } = object.metadata
    const what = `${namespace === undefined ? '' : `${namespace}/`}${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`
    throw new ApiError(500, '', `failed to create typed patch object (${what}): ${first.path}: ${first.message}`)
  }
  return withoutNulls(schema, object) as KubeObject
}
