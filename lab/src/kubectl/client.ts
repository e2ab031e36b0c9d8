import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { ConnectionError, ServerError } from './errors.ts'
import type { Connection } from './kubeconfig.ts'

export interface Call {
  method?: string
  path: string
  query?: Record<string, string | undefined>
  body?: string
  contentType?: string
  accept?: string
}

export interface Client {
  /** The answer's text; throws ServerError for refusals and ConnectionError when nobody answers. */
  text(call: Call): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape
  json(call: Call): Promise<any>
  /** Lines of an answer as they come; ends when the server or the timeout ends it. */
  lines(call: Call): AsyncIterable<string>
  close(): void
}

function wording(
  error: NodeJS.ErrnoException & { cert?: { subjectaltname?: string } },
  { server }: Connection,
): string {
  const host = `${server.hostname}:${server.port || 443}`
  const x509 = (text: string) => `Unable to connect to the server: tls: failed to verify certificate: x509: ${text}`
  switch (error.code) {
    case 'ECONNREFUSED':
      return `The connection to the server ${host} was refused - did you specify the right host or port?`
    case 'ECONNRESET':
    case 'EPIPE':
      return 'Unable to connect to the server: EOF'
    case 'EHOSTUNREACH':
      return `Unable to connect to the server: dial tcp ${host}: connect: no route to host`
    case 'ENETUNREACH':
      return `Unable to connect to the server: dial tcp ${host}: connect: network is unreachable`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `Unable to connect to the server: dial tcp: lookup ${server.hostname}: no such host`
    case 'CERT_HAS_EXPIRED':
      return x509('certificate has expired or is not yet valid')
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return x509(
        `certificate is valid for ${(error.cert?.subjectaltname ?? '').replaceAll(/(IP Address|DNS):/g, '')}, not ${server.hostname}`,
      )
    case 'ETIMEDOUT':
      return `Unable to connect to the server: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`
    default:
      if (/CERT|SIGNATURE|ISSUER/.test(error.code ?? '')) return x509('certificate signed by unknown authority')
      return `Unable to connect to the server: ${error.message}`
  }
}

function statusFrom(text: string, code: number): ServerError {
  try {
    const status = JSON.parse(text) as { kind?: string; message?: string }
    if (status.kind === 'Status') return new ServerError(status)
  } catch {
    // Not a Status: told below.
  }
  if (code >= 500)
    return new ServerError({
      code,
      reason: 'InternalError',
      message: `an error on the server (${JSON.stringify(text.trim())}) has prevented the request from succeeding`,
    })
  return new ServerError({
    code,
    message: code === 404 ? 'the server could not find the requested resource' : text.trim() || `unknown (${code})`,
    ...(code === 404 && { reason: 'NotFound' }),
  })
}

/** Warning headers look like `299 - "text"`, several may share one line. */
const warningsOf = (response: IncomingMessage): string[] =>
  [...String(response.headers.warning ?? '').matchAll(/299 \S+ ("(?:[^"\\]|\\.)*")/g)].map(
    ([, text]) => JSON.parse(text!) as string,
  )

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/**
 * Talks to the API server with the kubeconfig's certificate.
 * @param timeout milliseconds for one request, 0 for no limit
 * @param warn gets each warning of the server once
 */
export function createClient(connection: Connection, timeout: number, warn: (text: string) => void): Client {
  const agent = new Agent({ keepAlive: true })
  const warned = new Set<string>()

  const send = ({
    method = 'GET',
    path,
    query = {},
    body,
    contentType = 'application/json',
    accept = 'application/json',
  }: Call): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = new URL(connection.server)
      const [pathname = '', search = ''] = path.split('?')
      url.pathname = `${url.pathname.replace(/\/$/, '')}${pathname}`
      url.search = search
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
      const headers = {
        accept,
        'user-agent': 'kubectl/v1.34.1',
        ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
      }
      const { ca, cert, key } = connection
      const going = request(
        url,
        { method, headers, agent, ca, cert, key, ...(timeout > 0 && { signal: AbortSignal.timeout(timeout) }) },
        resolve,
      )
      going.on('error', (error: NodeJS.ErrnoException) => {
        const late = error.name === 'TimeoutError' || error.name === 'AbortError'
        reject(new ConnectionError(wording(late ? Object.assign(error, { code: 'ETIMEDOUT' }) : error, connection)))
      })
      going.end(body)
    })

  const answered = async (call: Call): Promise<IncomingMessage> => {
    const response = await send(call)
    for (const text of warningsOf(response)) {
      if (!warned.has(text)) warn(text)
      warned.add(text)
    }
    const code = response.statusCode ?? 0
    if (code >= 400) throw statusFrom(await readAll(response), code)
    return response
  }
  const text = async (call: Call): Promise<string> => readAll(await answered(call))

  async function* lines(call: Call): AsyncIterable<string> {
    let rest = ''
    try {
      for await (const part of await answered(call)) {
        rest += String(part)
        const complete = rest.split('\n')
        rest = complete.pop() ?? ''
        yield* complete
      }
    } catch (error) {
      // Going on after --request-timeout is the end of a watch, not a failure.
      if (!['AbortError', 'TimeoutError'].includes((error as Error).name)) throw error
    }
    if (rest !== '') yield rest
  }

  return { text, lines, json: async (call) => JSON.parse(await text(call)), close: () => agent.destroy() }
}
