import type { KubeObject, ObjectStore } from '../objects.ts'
import type { Route } from './routes.ts'
import { type Gateway, hasProvider, mayAccess } from './traefik.ts'

type Spec = KubeObject['spec']

const annotationPrefix = 'traefik.ingress.kubernetes.io/router.'
const controller = 'traefik.io/ingress-controller'
const defaultClass = 'ingressclass.kubernetes.io/is-default-class'

/** Whether this Traefik serves the Ingress, by its class or the default one. */
export function isServed(objects: ObjectStore, { settings }: Gateway, ingress: KubeObject): boolean {
  const old = ingress.metadata.annotations?.['kubernetes.io/ingress.class']
  const only = settings.get('providers.kubernetesingress.ingressclass')
  const fallback = objects.list('IngressClass').find(({ metadata }) => metadata.annotations?.[defaultClass] === 'true')
  const name = ingress.spec.ingressClassName ?? (old === undefined ? fallback?.metadata.name : undefined)
  if (name === undefined) return old === undefined ? only === undefined : old === (only ?? 'traefik')
  if (only !== undefined && name !== only) return false
  return objects.get('IngressClass', undefined, name)?.spec?.controller === controller
}

/** The Ingresses this Traefik sees and serves. */
export function servedIngresses(objects: ObjectStore, gateway: Gateway): KubeObject[] {
  if (!hasProvider(gateway, 'kubernetesingress')) return []
  if (!mayAccess(objects, gateway, 'networking.k8s.io', 'ingresses', 'list')) return []
  return objects.list('Ingress').filter((ingress) => isServed(objects, gateway, ingress))
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

/** The Middlewares that `namespace-name@kubernetescrd` names; undefined when one of them does not exist. */
function middlewaresOf(objects: ObjectStore, ingress: KubeObject): KubeObject[] | undefined {
  const names = listOf(ingress.metadata.annotations?.[`${annotationPrefix}middlewares`])
  const found = names.map((text) =>
    objects.list('Middleware').find(({ metadata }) => `${metadata.namespace}-${metadata.name}@kubernetescrd` === text),
  )
  return found.every((one) => one !== undefined) ? found : undefined
}

/** All entry points take Ingresses, unless some were made the default or the Ingress names its own. */
function entryPointsOf({ settings }: Gateway, ingress: KubeObject): string[] {
  const named = listOf(ingress.metadata.annotations?.[`${annotationPrefix}entrypoints`]).map((name) =>
    name.toLowerCase(),
  )
  if (named.length > 0) return named
  const all = [...settings.keys()].flatMap((key) => /^entrypoints\.([^.]+)\.address$/.exec(key)?.[1] ?? [])
  const defaults = all.filter((name) => settings.get(`entrypoints.${name}.asdefault`) === 'true')
  return (defaults.length > 0 ? defaults : all).filter((name) => name !== 'traefik' && name !== 'metrics')
}

const hasTls = ({ settings }: Gateway, entryPoint: string): boolean =>
  [...settings.keys()].some((key) => key.startsWith(`entrypoints.${entryPoint}.http.tls`))

function routesOfRule(ingress: KubeObject, rule: Spec, rest: Omit<Route, 'hosts' | 'path' | 'backend'>): Route[] {
  const hosts = rule.host ? [rule.host] : []
  return (rule.http?.paths ?? []).flatMap(({ path = '/', pathType, backend }: Spec) => {
    if (backend?.service === undefined) return []
    const { name, port } = backend.service
    const target = {
      kind: 'service' as const,
      namespace: ingress.metadata.namespace ?? '',
      name,
      port: port?.number ?? port?.name,
    }
    return [{ ...rest, hosts, path: { exact: pathType === 'Exact', value: path }, backend: target }]
  })
}

function routesOf(objects: ObjectStore, gateway: Gateway, ingress: KubeObject): Route[] {
  const middlewares = middlewaresOf(objects, ingress)
  if (middlewares === undefined) return []
  const asked =
    (ingress.spec.tls ?? []).length > 0 || ingress.metadata.annotations?.[`${annotationPrefix}tls`] === 'true'
  const catchAll = ingress.spec.defaultBackend
  const rules = [
    ...(ingress.spec.rules ?? []),
    ...(catchAll === undefined ? [] : [{ http: { paths: [{ backend: catchAll }] } }]),
  ]
  return entryPointsOf(gateway, ingress).flatMap((entryPoint) => {
    const rest = { middlewares, entryPoints: [entryPoint], tls: asked || hasTls(gateway, entryPoint) }
    return rules.flatMap((rule) => routesOfRule(ingress, rule, rest))
  })
}

/** The routes of all Ingresses; one that names a Middleware that does not exist has none. */
export const ingressRoutes = (objects: ObjectStore, gateway: Gateway): Route[] =>
  servedIngresses(objects, gateway).flatMap((ingress) => routesOf(objects, gateway, ingress))
