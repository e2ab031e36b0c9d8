import type { Server } from 'node:http'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { createYoga, type Plugin } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import type { AccessService } from '../../domains/access/index.ts'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { type Guard, guardedHeaders } from '../http/guard.ts'
import { formatError } from './errors.ts'

export interface GraphqlDoorDeps {
  schema: GraphQLSchema
  masker: Masker
  log: Log
  guard: Guard
  /** Context of one request. */
  context(headers: { get(name: string): string | null }): RequestContext
}

/** A document of more tokens is refused: reading one that is nested thousands of levels deep would end the stack. */
const parseOptions = { maxTokens: 3_000 }

const limitedParsing: Plugin = {
  onParse({ setParseFn }) {
    setParseFn((source, options) => parse(source, { ...options, ...parseOptions }))
  },
}

/** GraphQL over HTTP with GraphiQL that needs no internet. */
export function createGraphqlHandler(deps: GraphqlDoorDeps) {
  return createYoga({
    schema: deps.schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    cors: false,
    batching: false,
    renderGraphiQL,
    graphiql: {
      subscriptionsProtocol: 'WS',
      title: 'Wild Central',
      defaultQuery: '{\n  instances {\n    name\n    status\n  }\n}\n',
    },
    maskedErrors: { maskError: (error) => formatError(error, deps.masker, deps.log) },
    context: ({ request }) => deps.context(request.headers),
    plugins: [limitedParsing],
  })
}

/** GraphQL subscriptions over WebSocket on the same port. Returns what closes it: clients are told to go, then cut. */
export function attachSubscriptions(
  server: Server,
  deps: GraphqlDoorDeps & { access: Pick<AccessService, 'check'> },
): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 })
  const cleanup = useServer<Record<string, unknown>, { request: import('node:http').IncomingMessage }>(
    {
      schema: deps.schema,
      // The token comes in the connection's parameters: a browser can send no header with a WebSocket.
      onConnect: async ({ connectionParams, extra }) => {
        const { token } = (connectionParams ?? {}) as { token?: unknown }
        try {
          await deps.access.check(
            typeof token === 'string' ? token : undefined,
            extra.request.socket.remoteAddress ?? '',
          )
          return true
        } catch {
          return false
        }
      },
      context: (ctx) => {
        const headers = ctx.extra.request.headers
        return deps.context({ get: (name) => (headers[name.toLowerCase()] as string | undefined) ?? null })
      },
      // Errors of parsing and validating must be answers: thrown, they would close the socket with all its subscriptions.
      onSubscribe: (_ctx, _id, { query, variables, operationName }) => {
        try {
          const document = parse(query, parseOptions)
          const errors = validate(deps.schema, document)
          if (errors.length) return errors
          return { schema: deps.schema, document, variableValues: variables, operationName }
        } catch (error) {
          if (error instanceof GraphQLError) return [error]
          throw error
        }
      },
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatError(error, deps.masker, deps.log)),
      onNext: (_ctx, _id, _payload, _args, result) =>
        result.errors
          ? { ...result, errors: result.errors.map((error) => formatError(error, deps.masker, deps.log)) }
          : undefined,
    },
    sockets as never,
  )
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined)
    try {
      deps.guard.check(guardedHeaders(request))
    } catch {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
  })
  return async () => {
    await cleanup.dispose()
    for (const client of sockets.clients) client.terminate()
  }
}
