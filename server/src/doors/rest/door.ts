import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql'
import type { Hono } from 'hono'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { behind } from '../graphql/errors.ts'
import { failureResponse } from '../http/failure.ts'
import { streamBytes } from './bytes.ts'
import { streamFeed } from './feed.ts'
import { openApi } from './openapi.ts'
import { planDocumentOf, planVariables } from './plan.ts'
import { variablesOf, wantsPlan } from './request.ts'
import { documentOf, rootField, snakeKeys } from './shape.ts'
import { streamOperation } from './stream.ts'

export interface RestDoorDeps {
  schema: GraphQLSchema
  routes: RestRoute[]
  masker: Masker
  log: Log
  version: string
  /** How often a silent stream shows that it lives; usually every 15 s. */
  heartbeatMs?: number
  context(headers: { get(name: string): string | null }): RequestContext
}

const prefix = '/api/v1'

/** Puts every route of the table on the app: method and path → GraphQL document → the plan's envelope. */
export function addRestRoutes(app: Hono, deps: RestDoorDeps): void {
  app.get(`${prefix}/openapi.json`, (c) => c.json(openApi(deps.schema, deps.routes, deps.version)))
  for (const route of deps.routes) {
    app.on(route.method, `${prefix}${route.path.replace(/\{(\w+)\}/g, ':$1')}`, async (c) => {
      try {
        return await answer(
          route,
          { params: c.req.param() as Record<string, string>, query: new URL(c.req.url).searchParams, raw: c.req.raw },
          deps,
        )
      } catch (error) {
        const failure = behind(error)
        if (failure.code === 'INTERNAL')
          deps.log.error({ err: failure.cause ?? error, path: c.req.path }, 'unexpected failure')
        return failureResponse(failure, deps.masker)
      }
    })
  }
}

async function answer(
  route: RestRoute,
  request: Parameters<typeof variablesOf>[1],
  deps: RestDoorDeps,
): Promise<Response> {
  const variables = await variablesOf(route, request)
  const context = deps.context(request.raw.headers)
  if (route.answer === 'stream') return streamOperation({ route, variables, request: request.raw, ...deps, context })
  if (route.answer === 'bytes')
    return streamBytes({ route, variables, context, request: request.raw, schema: deps.schema })
  if (route.answer === 'feed') return streamFeed({ route, variables, request: request.raw, ...deps, context })
  const plan = planDocumentOf(route)
  const planned = plan !== undefined && wantsPlan(request.query)
  const document = documentOf(planned ? plan : route.document)
  const result = (await execute({
    schema: deps.schema,
    document,
    variableValues: planned ? planVariables(route, variables) : variables,
    contextValue: context,
  })) as ExecutionResult
  if (result.errors?.length) throw result.errors[0]
  const field = rootField(document)
  const value = snakeKeys(result.data?.[field.alias?.value ?? field.name.value], field.selectionSet)
  return shaped(route, planned, value, variables)
}

function shaped(route: RestRoute, planned: boolean, value: unknown, variables: Record<string, unknown>): Response {
  const headers: Record<string, string> = { 'cache-control': route.noStore ? 'no-store' : 'no-cache' }
  if (route.answer === 'text' && !planned)
    return new Response(String(route.textOf ? (value as Record<string, unknown>)[route.textOf] : value), {
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    })
  if (route.answer === 'file' && !planned) return fileAnswer(value as { content: string; file_name: string }, headers)
  if (route.answer === 'operation' && !planned) return Response.json(value, { status: route.status ?? 202, headers })
  const message = typeof route.message === 'function' ? route.message(variables) : route.message
  if (route.answer === 'message' && !planned)
    return Response.json({ success: true, message }, { status: route.status ?? 200, headers })
  const data = route.wrap && (!planned || route.plan) ? { [route.wrap]: value } : (value ?? null)
  const body = { success: true, ...(message && !planned ? { message } : {}), data }
  return Response.json(body, { status: planned ? 200 : (route.status ?? 200), headers })
}

function fileAnswer({ content, file_name }: { content: string; file_name: string }, headers: Record<string, string>) {
  return new Response(Buffer.from(content, 'base64'), {
    headers: {
      ...headers,
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${file_name}"`,
    },
  })
}
