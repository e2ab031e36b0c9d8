import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  /** Is it there and unharmed? */
  has(url: string): Promise<boolean>
  /** Throws DOWNLOAD_FAILED, which says what to do. */
  fetch(url: string, signal?: AbortSignal): Promise<Download>
}

const largest = 64 * 1024 * 1024
const tries = 5

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
    const key = createHash('sha256')
      .update(`${mirror ?? ''} ${url}`)
      .digest('hex')
      .slice(0, 24)
    return join(
      folder,
      `${key}-${url
        .split('/')
        .at(-1)!
        .replace(/[^\w.-]/g, '_')}`,
    )
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

  async function attempt(url: string, signal?: AbortSignal): Promise<Uint8Array> {
    const source = mirror ? url.replace(/^https:\/\//, `${mirror}/`) : url
    const bytes = await body(source, url, signal)
    if (mirror) {
      const wanted = new TextDecoder()
        .decode(await body(`${source}.sha256`, url, signal))
        .trim()
        .split(/\s+/)[0]
      if (wanted !== sha256(bytes))
        throw new WildError(
          'DOWNLOAD_FAILED',
          `The checksum of ${url} differs from the mirror's. The mirror's copy is broken; mend it there, then try again.`,
          { url, mirror },
        )
    }
    return bytes
  }

  async function body(source: string, url: string, signal?: AbortSignal): Promise<Uint8Array> {
    const limit = AbortSignal.any([AbortSignal.timeout(120_000), ...(signal ? [signal] : [])])
    const response = await get(source, { signal: limit, redirect: 'follow' }).catch((cause: unknown) => {
      throw new TransientDownload(`${url} cannot be reached`, { cause })
    })
    if (response.status >= 500 || response.status === 429)
      throw new TransientDownload(`${url} answered ${response.status}`)
    if (!response.ok)
      throw new WildError(
        'DOWNLOAD_FAILED',
        `${url} answered ${response.status}. Check the version in the catalog entry.`,
        { url, status: response.status },
      )
    const bytes = await response.arrayBuffer().catch((cause: unknown) => {
      throw new TransientDownload(`${url} broke off`, { cause })
    })
    const announced = Number(response.headers.get('content-length') ?? bytes.byteLength)
    if (!response.headers.get('content-encoding') && announced !== bytes.byteLength)
      throw new TransientDownload(`${url} broke off`)
    if (bytes.byteLength > largest)
      throw new WildError('DOWNLOAD_FAILED', `${url} is larger than ${largest / 1024 / 1024} MB.`, { url })
    return new Uint8Array(bytes)
  }

  return {
    has: async (url) => (await cached(url)) !== undefined,
    async fetch(url, signal) {
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
          if (signal?.aborted) throw signal.reason
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
    },
  }
}

/** Trouble that may pass by itself. */
class TransientDownload extends Error {}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
