import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiAnswer, ApiContext, ApiRequest, Caller } from './context.ts'
import { aggregated, coreVersions, groupList, groupOfName, resourceList, versionInfo } from './discovery.ts'
import { askEtcd } from './etcd.ts'
import { followPodLog, podLog } from './logs.ts'
import { openApiDocument, openApiRoot } from './openapi.ts'
import { authorize } from './rbac.ts'
import { getOne, list } from './read.ts'
import { evict, remove, removeMany } from './remove.ts'
import { route } from './route.ts'
import { ApiError, methodNotAllowed, noSuchResource } from './status.ts'
import { table } from './table.ts'
import { issueToken } from './token.ts'
import { watch } from './watch.ts'
import { patch, post, put } from './write.ts'

const largest = 3 * 1024 * 1024

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largest)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largest}`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** Discovery and version: the paths that name no resource. Undefined when the path names one. */
function general({ registry, cluster }: ApiContext, path: string[], accept: string): unknown {
  const wantsAll = accept.includes('as=APIGroupDiscoveryList')
  const [root, group, version] = path
  if (root === 'version' && path.length === 1) return versionInfo(cluster().kubernetesVersion)
  if (root === 'api' && path.length === 1)
    return wantsAll ? aggregated(registry, true) : coreVersions(`${cluster().vip}:6443`)
  if (root === 'api' && path.length === 2) return resourceList(registry, '', group!)
  if (root === 'openapi' && group === 'v3')
    return path.length === 2 ? openApiRoot(registry) : openApiDocument(registry, path.slice(2).join('/'))
  if (root === 'apis' && path.length === 1) return wantsAll ? aggregated(registry, false) : groupList(registry)
  if (root === 'apis' && path.length === 2) return groupOfName(registry, group!)
  if (root === 'apis' && path.length === 3) return resourceList(registry, group!, version!)
  return undefined
}

function verbOf(method: string, { name }: ApiRequest, watching: boolean): string {
  const named = name !== undefined
  if (method === 'GET') return watching ? 'watch' : named ? 'get' : 'list'
  if (method === 'DELETE') return named ? 'delete' : 'deletecollection'
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase()
}

const isTrue = (value: string | null): boolean => value === 'true' || value === '1'

async function answer(context: ApiContext, method: string, request: ApiRequest): Promise<ApiAnswer> {
  const { resource, name, subresource } = request
  if (subresource === 'token' && resource.kind === 'ServiceAccount') {
    if (method !== 'POST') throw methodNotAllowed()
    return issueToken(context, request)
  }
  if (subresource === 'eviction' && resource.kind === 'Pod') {
    if (method !== 'POST') throw methodNotAllowed()
    return evict(context, request)
  }
  if (subresource !== undefined && !(subresource === 'status' && resource.status)) throw noSuchResource()
  if (resource.namespaced && request.namespace === undefined && method !== 'GET') throw methodNotAllowed()
  switch (method) {
    case 'GET':
      return name === undefined ? list(context, request) : getOne(context, request)
    case 'POST':
      if (name !== undefined) throw methodNotAllowed()
      return post(context, request)
    case 'PUT':
      if (name === undefined) throw methodNotAllowed()
      return put(context, request)
    case 'PATCH':
      if (name === undefined) throw methodNotAllowed()
      return patch(context, request)
    case 'DELETE':
      if (subresource !== undefined) throw methodNotAllowed()
      return name === undefined ? removeMany(context, request) : remove(context, request)
    default:
      throw methodNotAllowed()
  }
}

/** Writes an answer as JSON. */
export function send(response: ServerResponse, { code, body }: ApiAnswer, warnings: readonly string[] = []): void {
  if (warnings.length > 0)
    response.setHeader(
      'warning',
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    )
  response.writeHead(code, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}

/** Answers one request of somebody who is known. Throws ApiError for refusals. */
export async function dispatch(
  context: ApiContext,
  caller: Caller,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'https://kubernetes')
  const method = message.method ?? 'GET'
  const accept = message.headers.accept ?? ''
  const found = method === 'GET' ? general(context, url.pathname.split('/').filter(Boolean), accept) : undefined
  if (found !== undefined) {
    const type =
      accept.includes('as=APIGroupDiscoveryList') && 'items' in (found as object)
        ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
        : 'application/json'
    response.writeHead(200, { 'content-type': type }).end(`${JSON.stringify(found)}\n`)
    return
  }
  const place = route(context.registry, url.pathname)
  const contentType = message.headers['content-type'] ?? ''
  const request: ApiRequest = {
    ...place,
    query: url.searchParams,
    contentType,
    body: await bodyOf(message),
    warnings: [],
  }
  const watching = method === 'GET' && isTrue(url.searchParams.get('watch'))
  authorize(context.objects, caller, { verb: verbOf(method, request, watching), ...place })
  await askEtcd(context)
  if (watching && place.subresource === undefined) return watch(context, request, response)
  if (place.subresource === 'log' && place.resource.kind === 'Pod' && method === 'GET') {
    if (isTrue(url.searchParams.get('follow'))) return followPodLog(context, request, response)
    const text = podLog(context, request)
    response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
    return
  }
  const result = await answer(context, method, request)
  const asTable = method === 'GET' && accept.includes('as=Table')
  send(
    response,
    asTable ? { code: result.code, body: table(place.resource, result.body, context.clock.now()) } : result,
    request.warnings,
  )
}
