import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join as joinPath } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { exists, makeDirectory, readFileIfThere, syncFolder, writeFileAtomic } from './atomic-file.ts'
import type { Clock } from './clock.ts'
import { WildError } from './errors.ts'
import { dropPart, readText, TransientDownload, transfer } from './transfer.ts'

export interface Download {
  path: string
  sha256: string
  /** True when it was there already. */
  cached: boolean
}

/** A copy in the cache, as it was when it came. */
export interface StoredDownload {
  url: string
  path: string
  sha256: string
  /** Bytes. */
  size: number
  /** ISO 8601. */
  at: string
}

export interface FetchOptions {
  /** Bytes so far, and in all where the server says so. */
  progress?(received: number, total: number | undefined): void
  /** Most bytes it may have; default 64 MB. */
  largest?: number
  /** What to do when the server has no such file; default: look at the version in the catalog entry. */
  advice?: string
  /** Looks at the file before it counts: why it is not what was asked for, or undefined. */
  reject?(path: string): Promise<string | undefined>
}

/** Releases by URL, downloaded once and verified ever after; works offline when cached. */
export interface Downloads {
  /** Is it there and unharmed? Throws DOWNLOAD_FAILED when the copy was changed on disk. */
  has(url: string): Promise<boolean>
  /** The copy that is there already; never downloads. Throws DOWNLOAD_FAILED when it was changed on disk. */
  cached(url: string): Promise<Download | undefined>
  /**
   * Callers that ask for the same URL at once share one download; what broke off is gone on with. Throws
   * DOWNLOAD_FAILED, which says what to do.
   */
  fetch(url: string, signal?: AbortSignal, options?: FetchOptions): Promise<Download>
  /** Every copy that came from here (from this mirror). */
  list(): Promise<StoredDownload[]>
  /** Removes a copy and what was gathered of it; false when there was none. */
  remove(url: string): Promise<boolean>
}

const usuallyLargest = 64 * 1024 * 1024
const largestChecksum = 4_096
const tries = 5

/** `https://HOST/PATH` as it is asked for: `$WILD_MIRROR/HOST/PATH` where a mirror is set. */
export function sourceOf(url: string, mirror: string | undefined): string {
  return mirror ? url.replace(/^https?:\/\//, `${mirror}/`) : url
}

/** A cache below `folder`, keyed by URL and mirror. With a mirror its `.sha256` counts, without one the recorded checksum. */
export function createDownloads(options: {
  folder: string
  mirror?: string
  clock: Clock
  fetch?: typeof fetch
}): Downloads {
  const { folder, mirror, clock } = options
  const get = options.fetch ?? fetch
  const usualAdvice = 'Check the version in the catalog entry.'
  /** Checksums by what the file system says of a file: reading hundreds of megabytes twice tells nothing new. */
  const hashed = new Map<string, { mark: string; sha256: string }>()

  function place(url: string): string {
    const key = createHash('sha256')
      .update(`${mirror ?? ''} ${url}`)
      .digest('hex')
      .slice(0, 24)
    const name = basename(url)
      .replace(/[^\w.-]/g, '_')
      .slice(-80)
    return joinPath(folder, `${key}-${name}`)
  }

  async function sha256Of(path: string): Promise<string> {
    const { ctimeMs, ino, size } = await stat(path)
    const mark = `${ctimeMs} ${ino} ${size}`
    const known = hashed.get(path)
    if (known?.mark === mark) return known.sha256
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const sha256 = hash.digest('hex')
    hashed.set(path, { mark, sha256 })
    return sha256
  }

  async function cached(url: string): Promise<Download | undefined> {
    const path = place(url)
    const recorded = (await readFileIfThere(`${path}.sha256`))?.trim()
    if (!recorded || !(await exists(path))) return undefined
    if ((await sha256Of(path)) !== recorded)
      throw new WildError(
        'DOWNLOAD_FAILED',
        `The cached copy of ${url} was changed on disk. Delete ${path} to download it again.`,
        { url, path },
      )
    return { path, sha256: recorded, cached: true }
  }

  /** Gathers the file beside its place and checks it; throws what `transfer` throws, and DOWNLOAD_FAILED for a wrong one. */
  async function attempt(url: string, signal: AbortSignal, how: FetchOptions): Promise<string> {
    const part = `${place(url)}.part`
    const source = sourceOf(url, mirror)
    const todo = how.advice ?? usualAdvice
    const advice = mirror ? `Put it on the mirror, or: ${todo}` : todo
    const task = { get, source, signal, advice }
    const largest = how.largest ?? usuallyLargest
    await transfer({ ...task, what: url, part, largest, progress: how.progress })
    const sha256 = await sha256Of(part)
    if (mirror) {
      const sum = { ...task, source: `${source}.sha256`, what: `the checksum of ${url}`, largest: largestChecksum }
      const [wanted] = (await readText(sum)).trim().split(/\s+/)
      if (wanted !== sha256) await refuse(url, part, "The mirror's copy is broken; mend it there, then try again.")
    }
    const reason = await how.reject?.(part)
    if (reason) {
      await dropPart(part)
      throw new WildError('DOWNLOAD_FAILED', `${url} is not what was asked for: ${reason}. Nothing was kept.`, { url })
    }
    return sha256
  }

  async function refuse(url: string, part: string, todo: string): Promise<never> {
    await dropPart(part)
    throw new WildError('DOWNLOAD_FAILED', `The checksum of ${url} differs from the mirror's. ${todo}`, { url, mirror })
  }

  /** Puts a gathered file in its place; whatever is interrupted, a checksum never stands beside another file. */
  async function keep(url: string, sha256: string): Promise<Download> {
    const path = place(url)
    await rm(`${path}.sha256`, { force: true })
    await rename(`${path}.part`, path)
    await dropPart(`${path}.part`)
    await syncFolder(folder)
    await writeFileAtomic(`${path}.url`, `${url}\n`)
    await writeFileAtomic(`${path}.sha256`, `${sha256}\n`)
    return { path, sha256, cached: false }
  }

  async function download(url: string, signal: AbortSignal, how: FetchOptions): Promise<Download> {
    const known = await cached(url)
    if (known) return known
    await makeDirectory(folder)
    for (let count = 1; ; count++) {
      try {
        return await keep(url, await attempt(url, signal, how))
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

  function flightFor(url: string, how: FetchOptions): Flight {
    const abort = new AbortController()
    const watching = new Set<NonNullable<FetchOptions['progress']>>()
    const progress: FetchOptions['progress'] = (received, total) => {
      for (const watch of watching) watch(received, total)
    }
    const flight: Flight = {
      abort,
      watching,
      waiting: 0,
      outcome: download(url, abort.signal, { ...how, progress }),
    }
    flights.set(url, flight)
    const landed = () => {
      if (flights.get(url) === flight) flights.delete(url)
    }
    flight.outcome.then(landed, landed)
    return flight
  }

  /** Waits for a shared download; whoever leaves last ends it. */
  async function join(url: string, signal: AbortSignal | undefined, how: FetchOptions): Promise<Download> {
    const flight = flights.get(url) ?? flightFor(url, how)
    flight.waiting++
    if (how.progress) flight.watching.add(how.progress)
    let leave: (() => void) | undefined
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([flight.outcome, left])
    } finally {
      signal?.removeEventListener('abort', leave!)
      if (how.progress) flight.watching.delete(how.progress)
      if (--flight.waiting === 0) {
        flights.delete(url)
        flight.abort.abort(signal?.reason)
      }
    }
  }

  async function list(): Promise<StoredDownload[]> {
    const names = await readdir(folder).catch(() => [])
    const found = await Promise.all(
      names.filter((name) => name.endsWith('.url')).map((name) => stored(joinPath(folder, name.slice(0, -4)))),
    )
    return found.filter((copy) => copy !== undefined)
  }

  async function stored(path: string): Promise<StoredDownload | undefined> {
    const [url, sum] = await Promise.all(['url', 'sha256'].map((kind) => readFileIfThere(`${path}.${kind}`)))
    const file = await stat(path).catch(() => undefined)
    if (!url || !sum || !file || place(url.trim()) !== path) return undefined
    return { url: url.trim(), path, sha256: sum.trim(), size: file.size, at: file.mtime.toISOString() }
  }

  async function remove(url: string): Promise<boolean> {
    const path = place(url)
    const there = await exists(path)
    for (const kind of ['.sha256', '', '.url']) await rm(`${path}${kind}`, { force: true })
    await dropPart(`${path}.part`)
    hashed.delete(path)
    return there
  }

  return {
    has: async (url) => (await cached(url)) !== undefined,
    cached,
    list,
    remove,
    async fetch(url, signal, how = {}) {
      signal?.throwIfAborted()
      return join(url, signal, how)
    },
  }
}

/** A download under way, how many wait for it, and who watches it. */
interface Flight {
  abort: AbortController
  watching: Set<NonNullable<FetchOptions['progress']>>
  waiting: number
  outcome: Promise<Download>
}
