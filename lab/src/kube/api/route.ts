import type { Resource } from '../resources.ts'
import type { Registry } from './registry.ts'
import { noSuchResource } from './status.ts'

/** A resource path, taken apart. */
export interface Route {
  resource: Resource
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
}

/** Reads `/api/v1/namespaces/x/pods/y/log` and `/apis/GROUP/VERSION/…`; throws NotFound for paths nobody serves. */
export function route(registry: Registry, pathname: string): Route {
  const [root, ...rest] = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const group = root === 'apis' ? rest.shift() : ''
  const version = rest.shift()
  if (group === undefined || version === undefined || (root !== 'api' && root !== 'apis')) throw noSuchResource()
  // `namespaces/x/pods` is about pods in x; `namespaces/x` and `namespaces/x/status` are about the namespace itself.
  const inside = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!)
  const namespace = inside ? rest[1] : undefined
  const [plural, name, subresource, ...more] = inside ? rest.slice(2) : rest
  const resource = plural === undefined ? undefined : registry.find(group, version, plural)
  if (resource === undefined || more.length > 0 || (inside && !resource.namespaced)) throw noSuchResource()
  if (resource.namespaced && name !== undefined && namespace === undefined) throw noSuchResource()
  return { resource, namespace, name, subresource }
}
