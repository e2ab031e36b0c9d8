import { podsBehind } from '../controllers/endpoints.ts'
import { isReady } from '../controllers/pod-state.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { appPage, dashboardPage } from './page.ts'
import { type Route, routeFor } from './routes.ts'
import { entryPointPort, type Gateway } from './traefik.ts'

export interface IngressRequest {
  method: string
  host: string
  /** Path with query. */
  target: string
  entryPoint: string
  tls: boolean
  remoteAddress: string
}
export interface Answer {
  status: number
  headers?: Record<string, string>
  body: string
}

const text = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})
const notFound = text(404, '404 page not found\n')

/** Moved for good with GET; other methods keep their method and body. */
function redirect({ method, host, target }: IngressRequest, scheme: string, port: string, permanent: boolean): Answer {
  const suffix = port === '' || port === (scheme === 'https' ? '443' : '80') ? '' : `:${port}`
  const status = method === 'GET' ? (permanent ? 301 : 302) : permanent ? 308 : 307
  return { ...text(status, ''), headers: { location: `${scheme}://${host}${suffix}${target}` } }
}

/** The redirection an entry point does before any route is looked at. */
function entryPointRedirect({ settings }: Gateway, request: IngressRequest, securePort: number): Answer | undefined {
  const prefix = `entrypoints.${request.entryPoint}.http.redirections.entrypoint.`
  const to = settings.get(`${prefix}to`)
  if (to === undefined) return undefined
  const port = to.startsWith(':') ? to.slice(1) : String(entryPointPort(settings, to))
  const shown = port === '443' ? String(securePort) : port
  return redirect(
    request,
    settings.get(`${prefix}scheme`) ?? 'https',
    shown,
    settings.get(`${prefix}permanent`) !== 'false',
  )
}

function inRange(address: string, range: string): boolean {
  const [network = '', bits = '32'] = range.split('/')
  const number = (value: string) => value.split('.').reduce((total, part) => total * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(address) / size) === Math.floor(number(network) / size)
}

/** What a Middleware does to a request: an answer of its own, or undefined to let it pass. */
function applyMiddleware({ spec }: KubeObject, request: IngressRequest, securePort: number): Answer | undefined {
  const allowed = spec?.ipAllowList ?? spec?.ipWhiteList
  if (allowed !== undefined) {
    const inside = (allowed.sourceRange ?? []).some((range: string) => inRange(request.remoteAddress, range))
    return inside ? undefined : text(403, 'Forbidden')
  }
  const scheme = spec?.redirectScheme
  if (scheme?.scheme !== 'https' || request.tls) return undefined
  return redirect(request, 'https', scheme.port ?? String(securePort), scheme.permanent === true)
}

/** The ready pod behind a route's backend. `missing`: the Service or its port does not exist, so there is no route. */
function podFor(objects: ObjectStore, { backend }: Route): KubeObject | 'missing' | 'unready' {
  if (backend.kind !== 'service') return 'missing'
  const service = objects.get('Service', backend.namespace, backend.name)
  const ports = (service?.spec.ports ?? []) as { name?: string; port: number }[]
  if (service === undefined || !ports.some(({ name, port }) => port === backend.port || name === backend.port))
    return 'missing'
  return podsBehind(objects, service).find(isReady) ?? 'unready'
}

/**
 * What Traefik and the app behind it answer.
 * @param securePort the port under which HTTPS can be reached from outside
 */
export function answer(
  objects: ObjectStore,
  gateway: Gateway,
  routes: Route[],
  request: IngressRequest,
  securePort: number,
): Answer {
  const redirected = entryPointRedirect(gateway, request, securePort)
  if (redirected !== undefined) return redirected
  const route = routeFor(routes, { ...request, path: request.target.split('?')[0] ?? '/' })
  if (route === undefined) return notFound
  for (const middleware of route.middlewares) {
    const early = applyMiddleware(middleware, request, securePort)
    if (early !== undefined) return early
  }
  const html = { 'content-type': 'text/html; charset=utf-8' }
  if (route.backend.kind === 'dashboard') return { status: 200, headers: html, body: dashboardPage() }
  const pod = podFor(objects, route)
  if (pod === 'missing') return notFound
  if (pod === 'unready') return text(503, 'no available server\n')
  return { status: 200, headers: html, body: appPage(objects, pod, request.host) }
}
