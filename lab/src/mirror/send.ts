import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FactoryAnswer } from './factory.ts'

/** What bad luck does to one answer. */
export type Mishap = 'download-breaks-off' | 'download-altered' | 'download-unavailable'

/** Sends an answer as a web server does: HEAD, and the rest of a file to whoever has the first part of this very one. */
export function send(request: IncomingMessage, response: ServerResponse, answer: FactoryAnswer, mishap?: Mishap): void {
  if (mishap === 'download-unavailable') {
    response.writeHead(503, { 'content-type': 'text/plain' })
    return void response.end('service unavailable')
  }
  const body = mishap === 'download-altered' ? altered(answer.body) : answer.body
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`
  const from = answer.status === 200 ? rangeStart(request, etag, body.length) : 0
  const rest = body.subarray(from)
  response.writeHead(from ? 206 : answer.status, {
    'content-type': answer.type,
    'content-length': rest.length,
    etag,
    'accept-ranges': 'bytes',
    ...(from ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
  })
  if (request.method === 'HEAD') return void response.end()
  if (mishap !== 'download-breaks-off') return void response.end(rest)
  response.write(rest.subarray(0, Math.ceil(rest.length / 2)), () => response.destroy())
}

function rangeStart({ headers }: IncomingMessage, etag: string, length: number): number {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  const same = headers['if-range'] === undefined || headers['if-range'] === etag
  return same && from < length ? from : 0
}

function altered(body: Buffer): Buffer {
  const copy = Buffer.from(body)
  copy[copy.length - 1] = copy[copy.length - 1]! ^ 0xff
  return copy
}
