import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from './metrics.ts'

export const requestIdHeader = 'x-request-id'

/** Every request has an id (its own, or that of a program in front of us), is counted, and stands in the log. */
export function observed(log: Log, metrics: Metrics): MiddlewareHandler {
  return async (c, next) => {
    const given = c.req.header(requestIdHeader)
    const id = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
    c.req.raw.headers.set(requestIdHeader, id)
    const started = performance.now()
    await next()
    const ms = Math.round(performance.now() - started)
    const { method, path } = c.req
    c.header(requestIdHeader, id)
    metrics.request(surfaceOf(path), method, c.res.status, ms / 1000)
    const level = c.res.status >= 500 ? 'warn' : method === 'GET' || method === 'HEAD' ? 'debug' : 'info'
    log[level]({ request: id, method, path, status: c.res.status, ms }, 'request')
  }
}

/** Which part of the daemon answers; the path itself holds names and would make endless series. */
function surfaceOf(path: string): string {
  if (path.startsWith('/api/')) return 'rest'
  if (path === '/graphql') return 'graphql'
  return path === '/metrics' || path === '/healthz' ? 'probe' : 'web'
}
