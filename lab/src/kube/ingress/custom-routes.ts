import type { KubeObject, ObjectStore } from '../objects.ts'
import type { Backend, Route } from './routes.ts'
import { type Gateway, hasProvider, mayAccess } from './traefik.ts'

type Spec = KubeObject['spec']

interface Rule {
  hosts: string[]
  path: { exact: boolean; value: string }
}

/** One `Host(…) && PathPrefix(…)` without alternatives; undefined when it asks for what this ingress cannot match. */
function parsePart(text: string): Rule | undefined {
  const rule: Rule = { hosts: [], path: { exact: false, value: '/' } }
  for (const term of text.split('&&')) {
    const [, matcher, values = ''] = /^\(*\s*(\w+)\(([^)]*)\)\s*\)*$/.exec(term.trim()) ?? []
    const quoted = [...values.matchAll(/[`"]([^`"]*)[`"]/g)].map(([, value = '']) => value)
    if (matcher === 'Host') rule.hosts.push(...quoted)
    else if (matcher === 'PathPrefix' || matcher === 'Path')
      rule.path = { exact: matcher === 'Path', value: quoted[0] ?? '/' }
    else return undefined
  }
  return rule
}

/** The alternatives of a match expression of an IngressRoute. */
export const parseMatch = (match: string): Rule[] =>
  match.split('||').flatMap((part) => {
    const rule = parsePart(part)
    return rule === undefined ? [] : [rule]
  })

/** Whether a reference may leave the route's namespace. */
const mayCross = ({ settings }: Gateway): boolean =>
  settings.get('providers.kubernetescrd.allowcrossnamespace') === 'true'

function middlewaresOf(
  objects: ObjectStore,
  gateway: Gateway,
  route: KubeObject,
  names: Spec[],
): KubeObject[] | undefined {
  const home = route.metadata.namespace
  const found = names.map(({ name, namespace = home }) =>
    namespace === home || mayCross(gateway) ? objects.get('Middleware', namespace, name) : undefined,
  )
  return found.every((one) => one !== undefined) ? found : undefined
}

function backendOf(gateway: Gateway, route: KubeObject, service: Spec | undefined): Backend | undefined {
  if (service?.kind === 'TraefikService') {
    const dashboard = service.name === 'api@internal' && gateway.settings.get('api.dashboard') !== 'false'
    return dashboard ? { kind: 'dashboard' } : undefined
  }
  const home = route.metadata.namespace ?? ''
  const namespace = service?.namespace ?? home
  if (service?.name === undefined || (namespace !== home && !mayCross(gateway))) return undefined
  return { kind: 'service', namespace, name: service.name, port: service.port }
}

function routesOf(objects: ObjectStore, gateway: Gateway, object: KubeObject): Route[] {
  const { routes = [], entryPoints, tls } = object.spec
  const all = [gateway.http, gateway.https].filter((name) => name !== undefined)
  const names = ((entryPoints ?? all) as string[]).map((name) => name.toLowerCase())
  return routes.flatMap((route: Spec) => {
    const middlewares = middlewaresOf(objects, gateway, object, route.middlewares ?? [])
    const backend = backendOf(gateway, object, route.services?.[0])
    if (middlewares === undefined || backend === undefined) return []
    const secure = (name: string) =>
      tls !== undefined || [...gateway.settings.keys()].some((key) => key.startsWith(`entrypoints.${name}.http.tls`))
    return names.flatMap((name) =>
      parseMatch(route.match ?? '').map((rule) => ({
        ...rule,
        entryPoints: [name],
        tls: secure(name),
        middlewares,
        backend,
      })),
    )
  })
}

/** The IngressRoutes this Traefik sees. */
export function servedCustomRoutes(objects: ObjectStore, gateway: Gateway): KubeObject[] {
  if (!hasProvider(gateway, 'kubernetescrd')) return []
  return mayAccess(objects, gateway, 'traefik.io', 'ingressroutes', 'list') ? objects.list('IngressRoute') : []
}

/** The routes of all IngressRoutes. */
export const customRoutes = (objects: ObjectStore, gateway: Gateway): Route[] =>
  servedCustomRoutes(objects, gateway).flatMap((object) => routesOf(objects, gateway, object))
