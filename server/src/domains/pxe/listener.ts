import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Answer } from './answer.ts'

const mostConnections = 200
const text = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }

export interface ListenerDeps {
  log: Log
  answer(path: string, query: URLSearchParams): Promise<Answer>
  /** A machine got this answer, as far as it took it. */
  sent(ip: string, answer: Answer): void
}

/** The second listener: machines that boot know no token, so it gives away nothing but what they boot from. */
export interface Listener {
  /** Where it listens; undefined while it does not. */
  place(): { address: string; port: number } | undefined
  /** Listens there; does nothing when it does already. Throws CONFLICT when the port is taken. */
  listen(address: string, port: number): Promise<void>
  close(): Promise<void>
}

/** GET and HEAD below `/pxe/`, with ranges. */
export function createListener(deps: ListenerDeps): Listener {
  let server: Server | undefined
  let asked: { address: string; port: number } | undefined

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...text, allow: 'GET, HEAD' })
      return void response.end('Only GET and HEAD.\n')
    }
    const [path, query] = (request.url ?? '').split('?', 2) as [string, string | undefined]
    if (!path.startsWith('/pxe/')) return refuse(response, 404, 'There is nothing here.')
    const answer = await deps.answer(path.slice('/pxe/'.length), new URLSearchParams(query ?? ''))
    const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    if (answer.kind === 'none') return refuse(response, answer.status, answer.why)
    if (answer.kind === 'script') {
      response.writeHead(200, {
        ...text,
        'content-length': Buffer.byteLength(answer.text),
        'cache-control': 'no-store',
      })
      response.end(request.method === 'HEAD' ? undefined : answer.text)
    } else if (!(await sendFile(request, response, answer.path))) return
    if (request.method === 'GET') deps.sent(ip, answer)
  }

  return {
    place() {
      if (!server || !asked) return undefined
      return { address: asked.address, port: (server.address() as AddressInfo).port }
    },
    async listen(address, port) {
      if (server && asked?.address === address && asked.port === port) return
      await close()
      const next = createServer((request, response) => {
        handle(request, response).catch((error: unknown) => {
          const known = error instanceof WildError
          if (!known && !response.destroyed) deps.log.error({ err: error, url: request.url }, 'a machine got no answer')
          if (response.headersSent) response.destroy()
          else refuse(response, 503, known ? error.message : 'This could not be read; the log of the daemon says why.')
        })
      })
      next.maxConnections = mostConnections
      await new Promise<void>((resolve, reject) => {
        next.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(address, port, error)))
        next.listen(port, address, resolve)
      })
      next.on('error', (error) => deps.log.error({ err: error }, 'the listener of network boot'))
      server = next
      asked = { address, port }
    },
    close,
  }

  async function close(): Promise<void> {
    const open = server
    server = undefined
    if (!open) return
    const closed = new Promise<void>((resolve) => open.close(() => resolve()))
    open.closeAllConnections()
    await closed
  }
}

function cannotListen(address: string, port: number, error: NodeJS.ErrnoException): WildError {
  const why =
    error.code === 'EADDRINUSE'
      ? `Port ${port} of ${address} is in use. Stop what uses it, or start the daemon with another WILD_PXE_PORT.`
      : `Network boot cannot listen on ${address}:${port} (${error.code}).`
  return new WildError('CONFLICT', why, { field: 'WILD_PXE_PORT' })
}

function refuse(response: ServerResponse, status: number, why: string): void {
  const body = `${why}\n`
  response.writeHead(status, { ...text, 'content-length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Streams a file or a range of it; false when the machine hung up or the range was not there. */
async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
  const { size } = await stat(path)
  const range = rangeOf(request.headers.range, size)
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' }
  if (range === 'beyond') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 })
    response.end()
    return false
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  })
  if (request.method === 'HEAD') {
    response.end()
    return true
  }
  try {
    await pipeline(createReadStream(path, { start, end }), response)
  } catch {
    return false
  }
  return end === size - 1
}

/** One range (RFC 9110, 14.2); several, or what is none, count as no range. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | 'beyond' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from, to] = match as unknown as [string, string, string]
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start > end ? 'beyond' : { start, end }
}
