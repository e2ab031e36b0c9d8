import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { AccessService } from '../../domains/access/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Door } from '../../platform/door.ts'
import { asWildError, failures, WildError } from '../../platform/errors.ts'
import type { RequestContext, Services } from '../../platform/schema-builder.ts'
import { createGraphqlHandler, type GraphqlDoorDeps } from '../graphql/door.ts'
import { formatError } from '../graphql/errors.ts'
import { addRestRoutes, type RestDoorDeps } from '../rest/door.ts'
import { readBody } from './body.ts'
import { failureResponse } from './failure.ts'
import type { Metrics } from './metrics.ts'
import { observed, requestIdHeader } from './observed.ts'
import { contentSecurityPolicy, createWebAssets } from './web-assets.ts'

export type AppDeps = Omit<GraphqlDoorDeps & RestDoorDeps, 'context'> & {
  access: Pick<AccessService, 'check'>
  services: Services
  audit: Audit
  metrics: Metrics
  webFolder: string
  iconOf?(app: string): Promise<string | undefined>
}

/** Browsers mark their own requests; the CLI names itself; the rest is somebody's program. */
export function doorOf(headers: { get(name: string): string | null }): Door {
  if (headers.get('user-agent')?.startsWith('wild-cli')) return 'cli'
  return headers.get('sec-fetch-site') || headers.get('origin') ? 'web' : 'api'
}

/** Context of each request. Its id comes with it, when a program in front made one, and is in the log. */
export function contextMaker(
  services: Services,
  audit: Audit,
): (headers: { get(name: string): string | null }) => RequestContext {
  return (headers) => ({
    services,
    audit,
    via: doorOf(headers),
    requestId: headers.get(requestIdHeader) ?? randomUUID(),
  })
}

/** The HTTP app: guard, GraphQL, REST, app icons, the web app. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono()
  const context = contextMaker(deps.services, deps.audit)
  const graphql = createGraphqlHandler({ ...deps, context })
  const assets = createWebAssets(deps.webFolder)

  app.use(observed(deps.log, deps.metrics))
  app.use(async (c, next) => {
    const origin = c.req.header('origin')
    try {
      deps.guard.check({ host: c.req.header('host'), origin })
    } catch (error) {
      return failureResponse(error, deps.masker)
    }
    const cors = deps.guard.corsOrigin(origin)
    if (c.req.method === 'OPTIONS' && cors) return new Response(null, { status: 204, headers: corsHeaders(cors) })
    if (wantsToken(c.req)) {
      try {
        await deps.access.check(bearer(c.req.header('authorization')), addressOf(c.env))
      } catch (error) {
        return c.req.path === '/graphql' ? graphqlRefusal(error, deps) : failureResponse(error, deps.masker)
      }
    }
    await next()
    if (cors) for (const [name, value] of Object.entries(corsHeaders(cors))) c.header(name, value)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    if (!c.req.path.startsWith('/graphql')) c.header('content-security-policy', contentSecurityPolicy)
  })
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/metrics', async () => {
    const { text, type } = await deps.metrics.exposition()
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } })
  })
  app.get('/graphql', (c) => graphql.fetch(c.req.raw))
  app.post('/graphql', async (c) => {
    const { url, headers } = c.req.raw
    try {
      return await graphql.fetch(new Request(url, { method: 'POST', headers, body: await readBody(c.req.raw) }))
    } catch (error) {
      return failureResponse(error, deps.masker)
    }
  })
  addRestRoutes(app, { ...deps, context })
  app.all('/api/*', (c) =>
    failureResponse(
      new WildError('NOT_FOUND', `There is no endpoint ${c.req.method} ${c.req.path}.`, { path: c.req.path }),
      deps.masker,
    ),
  )
  app.get('/icons/apps/:app', async (c) => {
    const icon = await deps.iconOf?.(c.req.param('app').replace(/\.svg$/, ''))
    return icon
      ? new Response(icon, { headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' } })
      : c.notFound()
  })
  app.get('*', async (c) => {
    const [ifNoneMatch, acceptEncoding] = [c.req.header('if-none-match'), c.req.header('accept-encoding')]
    return (await assets(c.req.path, { ifNoneMatch, acceptEncoding })) ?? c.notFound()
  })
  app.notFound((c) => c.text(`Nothing here: ${c.req.path}`, 404))
  app.onError((error, c) => {
    deps.log.error({ err: error, request: c.req.raw.headers.get(requestIdHeader) }, 'request failed')
    return failureResponse(error, deps.masker)
  })
  return app
}

/** The pages and their assets are for everybody: they hold nothing. So is the empty page of GraphiQL. */
function wantsToken(request: { path: string; method: string; query(name: string): string | undefined }): boolean {
  if (request.path.startsWith('/api/') || request.path === '/metrics') return true
  return request.path === '/graphql' && (request.method !== 'GET' || request.query('query') !== undefined)
}

/** The token of an Authorization header. */
function bearer(header: string | undefined): string | undefined {
  return /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
}

function addressOf(env: unknown): string {
  return (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? 'unknown'
}

/** A refusal as GraphQL clients read one. */
function graphqlRefusal(error: unknown, { masker, log }: AppDeps): Response {
  return Response.json(
    { errors: [formatError(error, masker, log)] },
    { status: failures[asWildError(error).code].http },
  )
}

function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'content-type, authorization, last-event-id',
    vary: 'Origin',
  }
}
