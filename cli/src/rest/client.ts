import { CliError, exitCodes, usageError } from '../errors.ts'
import { answerError, cannotReach, notTheDaemon } from './failures.ts'

export const DEFAULT_DAEMON_URL = 'http://127.0.0.1:5055'

const ANSWER_WITHIN_MS = 120_000

/** The plan's envelope; operations answer `operation_id` beside or instead of it. */
export interface Answer<T> {
  success?: boolean
  message?: string
  data: T
}

export type Query = Record<string, string | undefined>

export interface Bytes {
  body: ReadableStream<Uint8Array>
  /** Where it begins. */
  from: number
  size?: number
}

export interface RestClient {
  readonly url: string
  /** The `data` of a GET answer. */
  get<T>(path: string, query?: Query): Promise<T>
  /** A text answer such as YAML. */
  text(path: string, query?: Query): Promise<string>
  /** The whole answer of a call that changes something. */
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, query?: Query): Promise<T>
  /** The whole answer of a call whose body is plain text. */
  sendText<T>(method: 'POST' | 'PUT', path: string, text: string, query?: Query): Promise<T>
  /** The bytes of a file that a call answers. */
  download(path: string, body: unknown): Promise<Uint8Array>
  /** Bytes of any length, from one on where the daemon can do that. `size` is that of the whole, where it is known. */
  bytes(method: 'GET' | 'POST', path: string, from: number): Promise<Bytes>
  /** An event stream, open until `signal` aborts or the daemon ends it. */
  stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** A client of the daemon at `url`; failures are CliErrors with the exit code of the contract. */
export function createRestClient(url: string, token: string | undefined, within = ANSWER_WITHIN_MS): RestClient {
  const base = checkedBase(url)
  const call = async (path: string, init: RequestInit, query: Query = {}): Promise<Response> => {
    const target = new URL(`${base}/api/v1${path}`)
    for (const [key, value] of Object.entries(query)) if (value !== undefined) target.searchParams.set(key, value)
    const headers = {
      'user-agent': 'wild-cli',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(init.headers as object),
    }
    const response = await fetch(target, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted && !isTimeout(error)) throw error
      throw cannotReach(base, error)
    })
    if (!response.ok) throw await answerError(base, response)
    return response
  }
  const timed = () => AbortSignal.timeout(within)

  return {
    url: base,
    async get<T>(path: string, query?: Query) {
      const response = await call(path, { headers: { accept: 'application/json' }, signal: timed() }, query)
      return (await json<Answer<T>>(base, response)).data
    },
    async text(path, query) {
      const response = await call(path, { headers: { accept: 'text/plain' }, signal: timed() }, query)
      return response.text()
    },
    async send<T>(method: string, path: string, body?: unknown, query?: Query) {
      const headers = { accept: 'application/json', 'content-type': 'application/json' }
      const payload = method === 'DELETE' ? undefined : JSON.stringify(body ?? {})
      return json<T>(base, await call(path, { method, headers, body: payload, signal: timed() }, query))
    },
    async sendText<T>(method: string, path: string, text: string, query?: Query) {
      const headers = { accept: 'application/json', 'content-type': 'text/plain; charset=utf-8' }
      return json<T>(base, await call(path, { method, headers, body: text, signal: timed() }, query))
    },
    async download(path, body) {
      const headers = { accept: 'application/octet-stream, application/json', 'content-type': 'application/json' }
      const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body), signal: timed() })
      if (response.headers.get('content-type') !== 'application/octet-stream') throw notTheDaemon(base, response.status)
      return new Uint8Array(await response.arrayBuffer())
    },
    async bytes(method, path, from) {
      const headers = {
        accept: 'application/octet-stream, application/json',
        ...(from > 0 ? { range: `bytes=${from}-` } : {}),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      }
      const response = await call(path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) })
      const type = response.headers.get('content-type')
      if (!response.body || type !== 'application/octet-stream') throw notTheDaemon(base, response.status)
      return { body: response.body, ...extent(response) }
    },
    async stream(path, headers, signal) {
      const response = await call(path, { headers: { accept: 'text/event-stream', ...headers }, signal })
      if (!response.body) throw notTheDaemon(base, response.status)
      return response.body
    },
  }
}

function checkedBase(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw usageError(`WILD_DAEMON_URL is not an http address: ${url}`, `Example: WILD_DAEMON_URL=${DEFAULT_DAEMON_URL}`)
  }
  return url.replace(/\/+$/, '')
}

async function json<T>(base: string, response: Response): Promise<T> {
  const text = await response.text()
  try {
    return JSON.parse(text) as T
  } catch {
    throw notTheDaemon(base, response.status)
  }
}

/** Where an answer of bytes begins, and how long the whole is. */
function extent({ headers }: Response): { from: number; size?: number } {
  const [, from, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? []
  if (from !== undefined) return { from: Number(from), size: Number(size) }
  const length = headers.get('content-length')
  return { from: 0, ...(length === null ? {} : { size: Number(length) }) }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

/** Whether a failure means that nobody answered, as opposed to the daemon saying no. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof CliError && error.exit === exitCodes.unreachable
}
