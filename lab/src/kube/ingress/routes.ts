import type { KubeObject } from '../objects.ts'

/** Where a route leads. */
export type Backend =
  | { kind: 'service'; namespace: string; name: string; port: number | string }
  | { kind: 'dashboard' }

/** One rule of Traefik's table, whatever object it came from. */
export interface Route {
  /** Empty: any host. `*.example.com` covers one more label. */
  hosts: string[]
  path: { exact: boolean; value: string }
  entryPoints: string[]
  /** Routes with TLS answer HTTPS only, others HTTP only. */
  tls: boolean
  middlewares: KubeObject[]
  backend: Backend
}

function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern.toLowerCase() === host
  const rest = pattern.slice(1).toLowerCase()
  return host.endsWith(rest) && !host.slice(0, -rest.length).includes('.') && host.length > rest.length
}

function pathMatches({ path: { exact, value } }: Route, path: string): boolean {
  if (exact) return path === value
  const prefix = value.replace(/\/$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

const weight = ({ hosts, path }: Route): number =>
  Math.max(0, ...hosts.map((host) => host.length)) * 1000 + path.value.length

/** The route for a request: of those that match, the most precise one. */
export function routeFor(
  routes: Route[],
  request: { host: string; path: string; entryPoint: string; tls: boolean },
): Route | undefined {
  return routes
    .filter((route) => route.tls === request.tls && route.entryPoints.includes(request.entryPoint))
    .filter(({ hosts }) => hosts.length === 0 || hosts.some((host) => hostMatches(host, request.host)))
    .filter((route) => pathMatches(route, request.path))
    .sort((one, other) => weight(other) - weight(one))[0]
}
