import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { ApiContext, Caller } from './context.ts'
import { dispatch, send } from './dispatch.ts'
import { healthAnswer } from './etcd.ts'
import { createExec } from './exec.ts'
import { ApiError, statusOf } from './status.ts'
import { tokenCaller } from './token.ts'

export interface ApiServerOptions {
  context: ApiContext
  host: string
  port: number
  /** The serving certificate and its key, PEM. */
  tls: { crt: string; key: string }
  /** Answers 503 to everything while it returns true: a fault somebody ordered. */
  unavailable?: () => boolean
}

export interface ApiServer {
  port: number
  close(): Promise<void>
}

const health = new Set(['/healthz', '/readyz', '/livez'])

const asList = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat())

/** Who the client certificate or the bearer token says is there. */
function callerOf(context: ApiContext, request: IncomingMessage): Caller | undefined {
  const socket = request.socket as TLSSocket
  if (socket.authorized) {
    const { subject } = socket.getPeerCertificate()
    return {
      name: subject.CN as string,
      groups: [...asList(subject.O as string | string[] | undefined), 'system:authenticated'],
    }
  }
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  return scheme === 'Bearer' && token !== undefined ? tokenCaller(context, token) : undefined
}

async function handle(
  { context, unavailable }: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('cache-control', 'no-cache, private')
  const path = new URL(request.url ?? '/', 'https://kubernetes').pathname
  if (unavailable?.() === true)
    throw new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request', {
      retryAfterSeconds: 1,
    })
  // Talos lets nobody in without a name, not even to ask for its health.
  const caller = callerOf(context, request)
  if (caller === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized')
  if (health.has(path)) {
    const { code, text } = healthAnswer(context, path)
    response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
    return
  }
  await dispatch(context, caller, request, response)
}

function refuse(response: ServerResponse, error: unknown): void {
  if (!(error instanceof ApiError)) console.error(error)
  const { code, body } = statusOf(error)
  if (response.headersSent) response.destroy()
  else send(response, { code, body })
}

/**
 * Serves one cluster's API over HTTPS. Clients without a certificate of the cluster's CA, and without a service
 * account's token, get 401. Rejects when the address cannot be taken.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { tls, host, port, context } = options
  const server = createServer({
    cert: tls.crt,
    key: tls.key,
    ca: context.cluster().ca.crt,
    requestCert: true,
    rejectUnauthorized: false,
  })
  server.on('request', (request, response) => {
    void handle(options, request, response).catch((error: unknown) => refuse(response, error))
  })
  server.on(
    'upgrade',
    createExec(context, (request) => callerOf(context, request)),
  )
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
