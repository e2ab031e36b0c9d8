import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Call {
  method: string
  /** Path below `/api/v1`, with its query. */
  path: string
  headers: IncomingMessage['headers']
  body: unknown
}

export type Handler = (call: Call, response: ServerResponse) => void

export interface TestDaemon {
  url: string
  calls: Call[]
  /** Answers `METHOD /path` (query left out) with a handler, replacing an earlier one. */
  on(route: string, handler: Handler): void
  /** Forgets all routes and calls. */
  reset(): void
  stop(): Promise<void>
}

/** A small HTTP server on loopback that answers as the daemon's contract says. */
export async function startTestDaemon(): Promise<TestDaemon> {
  const routes = new Map<string, Handler>()
  const calls: Call[] = []
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call)
      const handler = routes.get(`${call.method} ${call.path.split('?')[0]}`)
      if (handler) handler(call, response)
      else fail(404, 'NOT_FOUND', `no route ${call.method} ${call.path}`)(call, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    on: (route, handler) => void routes.set(route, handler),
    reset() {
      routes.clear()
      calls.length = 0
    },
    /** Safe to call twice. */
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers with any JSON body. */
export function answer(body: unknown, status = 200): Handler {
  return (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
}

/** Answers with the plan's envelope around `data`. */
export function data(value: unknown, status = 200): Handler {
  return answer({ success: true, data: value }, status)
}

/** Answers 202 for an operation. */
export function accepted(id: string): Handler {
  return answer({ operation_id: id, status: 'running', message: 'Operation started' }, 202)
}

/** Answers with the plan's error body. */
export function fail(status: number, code: string, message: string, details: object = {}): Handler {
  return answer({ error: { code, message, details } }, status)
}

/** Starts an event stream. */
export function openFeed(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': heartbeat\n\n')
}

/** Writes one event of a stream. */
export function sendEvent(response: ServerResponse, event: string, id: number, value: unknown): void {
  response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(value)}\n\n`)
}

async function readCall(request: IncomingMessage): Promise<Call> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  const path = request.url!.replace('/api/v1', '')
  const plain = request.headers['content-type']?.startsWith('text/plain')
  const body = plain ? text : text ? JSON.parse(text) : undefined
  return { method: request.method!, path, headers: request.headers, body }
}
