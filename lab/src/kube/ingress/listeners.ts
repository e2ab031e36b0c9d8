import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { KeyPair } from '../../pki/index.ts'
import type { Answer, IngressRequest } from './answer.ts'
import type { CertificateChoice } from './certificates.ts'

/** What a listener serves now; it changes with the cluster while connections stay. */
export interface Site {
  http?: string
  https?: string
  certificate: CertificateChoice
  /** For clients that name no server. */
  fallback: KeyPair
  answer(request: IngressRequest): Answer
}

export interface IngressPorts {
  http: number
  https: number
}

export interface Listener {
  ports: IngressPorts
  site: Site
  close(): Promise<void>
}

const wellKnown: IngressPorts = { http: 80, https: 443 }
/** For people who may not listen below 1024. */
const unprivileged: IngressPorts = { http: 8080, https: 8443 }

function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
}

function respond(site: Site, tls: boolean, request: IncomingMessage, response: ServerResponse): void {
  const entryPoint = tls ? site.https : site.http
  request.resume()
  if (entryPoint === undefined) return void request.socket.destroy()
  const remoteAddress = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const { method = 'GET', url = '/' } = request
  const {
    status,
    headers = {},
    body,
  } = site.answer({ method, host: hostOf(request), target: url, entryPoint, tls, remoteAddress })
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(method === 'HEAD' ? undefined : body)
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // A client that breaks off is its own affair.
      server.on('error', () => {})
      resolve()
    })
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

async function openOn(address: string, ports: IngressPorts, current: () => Site): Promise<() => Promise<void>> {
  const { fallback } = current()
  const http = createHttp((request, response) => respond(current(), false, request, response))
  const https = createHttps(
    { cert: fallback.crt, key: fallback.key, SNICallback: (name, done) => done(null, current().certificate(name)) },
    (request, response) => respond(current(), true, request, response),
  )
  await listen(http, address, ports.http)
  try {
    await listen(https, address, ports.https)
  } catch (error) {
    await close(http)
    throw error
  }
  return async () => {
    await Promise.all([close(http), close(https)])
  }
}

/** Answers HTTP and HTTPS on an address: on 80 and 443, or where that is not permitted on 8080 and 8443. Throws when the ports are taken. */
export async function openListener(address: string, site: Site): Promise<Listener> {
  const listener: Listener = { ports: wellKnown, site, close: async () => {} }
  const open = (ports: IngressPorts) => openOn(address, ports, () => listener.site)
  try {
    listener.close = await open(wellKnown)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    listener.ports = unprivileged
    listener.close = await open(unprivileged)
  }
  return listener
}
