import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join as joinPath } from 'node:path'
import { exists, readFileIfThere, writeFileAtomic } from './atomic-file.ts'
import type { Clock } from './clock.ts'
import { WildError } from './errors.ts'

export interface Download {
  path: string
  sha256: string
  /** True when it was there already. */
  cached: boolean
}

/** Releases by URL, downloaded once and verified ever after; works offline when cached. */
export interface Downloads {
  /** Is it there and unharmed? Throws DOWNLOAD_FAILED when the copy was changed on disk. */
  has(url: string): Promise<boolean>
  /** The copy that is there already; never downloads. Throws DOWNLOAD_FAILED when it was changed on disk. */
  cached(url: string): Promise<Download | undefined>
  /** Callers that ask for the same URL at once share one download. Throws DOWNLOAD_FAILED, which says what to do. */
  fetch(url: string, signal?: AbortSignal): Promise<Download>
}

const largest = 64 * 1024 * 1024
const tries = 5
const timeoutMs = 120_000

/** A cache below `folder`, keyed by URL and mirror. With a mirror its `.sha256` counts, without one the recorded checksum. */
export function createDownloads(options: {
  folder: string
  mirror?: string
  clock: Clock
  fetch?: typeof fetch
}): Downloads {
  const { folder, mirror, clock } = options
  const get = options.fetch ?? fetch

  function place(url: string): string {
    const key = sha256(Buffer.from(`${mirror ?? ''} ${url}`)).slice(0, 24)
    const name = basename(url)
      .replace(/[^\w.-]/g, '_')
      .slice(-80)
    return joinPath(folder, `${key}-${name}`)
  }

  async function cached(url: string): Promise<Download | undefined> {
    const path = place(url)
    const recorded = (await readFileIfThere(`${path}.sha256`))?.trim()
    if (!recorded || !(await exists(path))) return undefined
    if (sha256(await readFile(path)) !== recorded)
      throw new WildError(
        'DOWNLOAD_FAILED',
        `The cached copy of ${url} was changed on disk. Delete ${path} to download it again.`,
        { url, path },
      )
    return { path, sha256: recorded, cached: true }
  }

  async function attempt(url: string, signal: AbortSignal): Promise<Uint8Array> {
    if (!mirror) return body(url, url, signal)
    const source = url.replace(/^https?:\/\//, `${mirror}/`)
    const bytes = await body(source, url, signal)
    const [wanted] = new TextDecoder()
      .decode(await body(`${source}.sha256`, `the checksum of ${url}`, signal))
      .trim()
      .split(/\s+/)
    if (wanted !== sha256(bytes))
      throw new WildError(
        'DOWNLOAD_FAILED',
        `The checksum of ${url} differs from the mirror's. The mirror's copy is broken; mend it there, then try again.`,
        { url, mirror },
      )
    return bytes
  }

  async function body(source: string, what: string, signal: AbortSignal): Promise<Uint8Array> {
    const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal])
    const response = await get(source, { signal: limit, redirect: 'follow' }).catch((cause: unknown) => {
      throw new TransientDownload(`${what} cannot be reached`, { cause })
    })
    if (response.ok) return read(response, what)
    await response.body?.cancel().catch(() => undefined)
    if (response.status >= 500 || response.status === 429)
      throw new TransientDownload(`${what} answered ${response.status}`)
    const advice = mirror
      ? 'Put it on the mirror, or check the version in the catalog entry.'
      : 'Check the version in the catalog entry.'
    throw new WildError('DOWNLOAD_FAILED', `${what} answered ${response.status}. ${advice}`, {
      url: source,
      status: response.status,
    })
  }

  async function download(url: string, signal: AbortSignal): Promise<Download> {
    const known = await cached(url)
    if (known) return known
    for (let count = 1; ; count++) {
      try {
        const bytes = await attempt(url, signal)
        const path = place(url)
        await writeFileAtomic(path, bytes)
        await writeFileAtomic(`${path}.sha256`, `${sha256(bytes)}\n`)
        return { path, sha256: sha256(bytes), cached: false }
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (!(error instanceof TransientDownload)) throw error
        if (count >= tries)
          throw new WildError(
            'DOWNLOAD_FAILED',
            `${error.message}. Check the internet connection${mirror ? ' of the mirror' : ''}, then run it again.`,
            { url },
            { cause: error },
          )
        await clock.sleep(2 ** count * 1_000, signal)
      }
    }
  }

  const flights = new Map<string, Flight>()

  function flightFor(url: string): Flight {
    const abort = new AbortController()
    const flight: Flight = { abort, waiting: 0, outcome: download(url, abort.signal) }
    flights.set(url, flight)
    const landed = () => {
      if (flights.get(url) === flight) flights.delete(url)
    }
    flight.outcome.then(landed, landed)
    return flight
  }

  /** Waits for a shared download; whoever leaves last ends it. */
  async function join(url: string, signal?: AbortSignal): Promise<Download> {
    const flight = flights.get(url) ?? flightFor(url)
    flight.waiting++
    let leave: (() => void) | undefined
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([flight.outcome, left])
    } finally {
      signal?.removeEventListener('abort', leave!)
      if (--flight.waiting === 0) {
        flights.delete(url)
        flight.abort.abort(signal?.reason)
      }
    }
  }

  return {
    has: async (url) => (await cached(url)) !== undefined,
    cached,
    async fetch(url, signal) {
      signal?.throwIfAborted()
      return join(url, signal)
    },
  }
}

/** A download under way and how many wait for it. */
interface Flight {
  abort: AbortController
  waiting: number
  outcome: Promise<Download>
}

/** The body, as far as it may be long. Throws TransientDownload when it breaks off. */
async function read(response: Response, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of response.body ?? []) {
      length += part.byteLength
      if (length > largest) break
      parts.push(part)
    }
  } catch (cause) {
    throw new TransientDownload(`${what} broke off`, { cause })
  }
  if (length > largest)
    throw new WildError('DOWNLOAD_FAILED', `${what} is larger than ${largest / 1024 / 1024} MB.`, { url: response.url })
  const announced = Number(response.headers.get('content-length') ?? length)
  if (!response.headers.get('content-encoding') && announced !== length)
    throw new TransientDownload(`${what} broke off`)
  return Buffer.concat(parts)
}

/** Trouble that may pass by itself. */
class TransientDownload extends Error {}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
