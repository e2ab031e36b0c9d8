import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instantClock } from '../testing/engine.ts'
import { mountTinyDisk } from '../testing/tiny-disk.ts'
import { createDownloads } from './download.ts'
import { WildError } from './errors.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A real HTTP server whose answers are queued per path; the last one stays. */
async function aServer() {
  const answers = new Map<string, Answer[]>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const queue = answers.get(request.url!) ?? []
    const answer = queue.length > 1 ? queue.shift() : queue[0]
    if (answer) answer(response, request)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    on: (path: string, ...queue: Answer[]) => void answers.set(path, queue),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const ok =
  (text: string): Answer =>
  (response) =>
    void response.end(text)
const status =
  (code: number): Answer =>
  (response) =>
    void response.writeHead(code).end()
/** Promises more than it sends. */
const brokenOff: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('half of it', () => response.destroy())
}

async function failure(work: Promise<unknown>): Promise<WildError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(WildError)
  return error as WildError
}

describe('the download cache', () => {
  let folder: string
  let server: Awaited<ReturnType<typeof aServer>>
  let clock: ReturnType<typeof instantClock>
  const at = (path: string) => `${server.url}${path}`
  const cache = (mirror?: string) => createDownloads({ folder, mirror, clock })
  const textOf = ({ path }: { path: string }) => readFileSync(path, 'utf8')

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wild-downloads-'))
    clock = instantClock()
    server = await aServer()
  })
  afterEach(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('downloads a release once and answers from the cache afterwards, also offline', async () => {
    server.on('/v1/release.yaml', ok('kind: Release'))
    const first = await cache().fetch(at('/v1/release.yaml'))
    expect(first.cached).toBe(false)
    const url = at('/v1/release.yaml')
    await server.close()
    const again = await cache().fetch(url)
    expect(again).toEqual({ ...first, cached: true })
    expect(textOf(again)).toBe('kind: Release')
    expect(server.asked).toHaveLength(1)
  })

  it('tells what is there without downloading', async () => {
    server.on('/release.yaml', ok('x'))
    expect(await cache().has(at('/release.yaml'))).toBe(false)
    expect(await cache().cached(at('/release.yaml'))).toBeUndefined()
    await cache().fetch(at('/release.yaml'))
    expect(await cache().has(at('/release.yaml'))).toBe(true)
    expect(server.asked).toHaveLength(1)
  })

  it('does not ask again after a refusal, and names the address', async () => {
    server.on('/gone.yaml', status(404))
    const error = await failure(cache().fetch(at('/gone.yaml')))
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED', details: { status: 404 } })
    expect(error.message).toContain('/gone.yaml answered 404')
    expect(server.asked).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
  })

  it('tries again while the server is in trouble, with growing pauses', async () => {
    server.on('/r.yaml', status(500), status(503), ok('there'))
    expect(textOf(await cache().fetch(at('/r.yaml')))).toBe('there')
    expect(clock.slept).toEqual([2_000, 4_000])
  })

  it('gives up after five tries and says what to check', async () => {
    server.on('/r.yaml', status(500))
    const error = await failure(cache().fetch(at('/r.yaml')))
    expect(error.message).toContain('answered 500. Check the internet connection')
    expect(server.asked).toHaveLength(5)
  })

  it('never keeps half a file that broke off', async () => {
    server.on('/r.yaml', brokenOff, ok('whole'))
    expect(textOf(await cache().fetch(at('/r.yaml')))).toBe('whole')
    server.on('/other.yaml', brokenOff)
    expect((await failure(cache().fetch(at('/other.yaml')))).message).toContain('broke off')
    expect(await cache().has(at('/other.yaml'))).toBe(false)
  })

  describe('going on with what broke off', () => {
    const whole = Buffer.from('0123456789'.repeat(1_000))
    const half = whole.length / 2
    /** Half of it, then nothing more. */
    const firstHalf =
      (etag: string): Answer =>
      (response) => {
        response.writeHead(200, { 'content-length': whole.length, etag })
        response.write(whole.subarray(0, half))
        const breakOff = () => (gathered() === half ? response.destroy() : setTimeout(breakOff, 5))
        breakOff()
      }
    const gathered = () => {
      const part = readdirSync(folder).find((name) => name.endsWith('.part'))
      return part ? statSync(join(folder, part)).size : 0
    }
    /** As a server that knows ranges: the rest to whoever has the first half of this very file. */
    const ranges =
      (etag: string): Answer =>
      (response, { headers }) => {
        const from = headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0
        asked.push(from)
        const range = from ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}
        response.writeHead(from ? 206 : 200, { 'content-length': whole.length - from, etag, ...range })
        response.end(whole.subarray(from))
      }
    let asked: number[]
    beforeEach(() => {
      asked = []
    })

    it('asks only for the rest, also in a later run', async () => {
      server.on('/big', firstHalf('"a"'), status(404))
      expect((await failure(cache().fetch(at('/big')))).message).toContain('answered 404')
      server.on('/big', ranges('"a"'))
      const seen: number[] = []
      const got = await cache().fetch(at('/big'), undefined, { progress: (received) => seen.push(received) })
      expect([asked, seen[0], seen.at(-1)]).toEqual([[half], half, whole.length])
      expect(readFileSync(got.path).equals(whole)).toBe(true)
    })

    it('begins anew when the server has another file by now', async () => {
      server.on('/big', firstHalf('"a"'), ranges('"b"'))
      expect(readFileSync((await cache().fetch(at('/big'))).path).equals(whole)).toBe(true)
      expect(asked).toEqual([0])
    })

    it('leaves nothing beside the file, lists it, and removes it', async () => {
      server.on('/big', firstHalf('"a"'), ranges('"a"'))
      await cache().fetch(at('/big'))
      expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
      expect(await cache().list()).toMatchObject([{ url: at('/big'), size: whole.length }])
      expect(await cache().remove(at('/big'))).toBe(true)
      expect([await cache().remove(at('/big')), readdirSync(folder)]).toEqual([false, []])
    })

    it('keeps nothing that is not what was asked for, and says why', async () => {
      server.on('/big', ranges('"a"'))
      const error = await failure(
        cache().fetch(at('/big'), undefined, { reject: async () => 'it does not begin like a kernel' }),
      )
      expect(error.message).toContain('not what was asked for: it does not begin like a kernel')
      expect(readdirSync(folder)).toEqual([])
    })
  })

  it('refuses a body that is too large without reading all of it', async () => {
    server.on('/huge', (response) => {
      const piece = Buffer.alloc(4 * 1024 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
    })
    expect((await failure(cache().fetch(at('/huge')))).message).toContain('larger than 64 MB')
  })

  it('refuses a copy that was changed on disk and says which file to delete', async () => {
    server.on('/r.yaml', ok('good'))
    const { path } = await cache().fetch(at('/r.yaml'))
    writeFileSync(path, 'evil')
    const error = await failure(cache().fetch(at('/r.yaml')))
    expect(error.message).toContain(`Delete ${path}`)
    expect(await failure(cache().has(at('/r.yaml')))).toMatchObject({ code: 'DOWNLOAD_FAILED' })
    rmSync(path)
    expect(textOf(await cache().fetch(at('/r.yaml')))).toBe('good')
  })

  describe('with a mirror', () => {
    const url = 'https://example.com/v1/release.yaml'

    it('takes file and checksum from the mirror, below the name of the host', async () => {
      const hash = createHash('sha256').update('mirrored').digest('hex')
      server.on('/example.com/v1/release.yaml', ok('mirrored'))
      server.on('/example.com/v1/release.yaml.sha256', ok(`${hash}  release.yaml\n`))
      expect(await cache(server.url).fetch(url)).toMatchObject({ sha256: hash, cached: false })
      expect(server.asked).toEqual(['/example.com/v1/release.yaml', '/example.com/v1/release.yaml.sha256'])
    })

    it('refuses a file whose checksum is another', async () => {
      server.on('/example.com/v1/release.yaml', ok('mirrored'))
      server.on('/example.com/v1/release.yaml.sha256', ok('0'.repeat(64)))
      expect((await failure(cache(server.url).fetch(url))).message).toContain("differs from the mirror's")
      expect(await cache(server.url).has(url)).toBe(false)
    })

    it('says when the mirror has no checksum', async () => {
      server.on('/example.com/v1/release.yaml', ok('mirrored'))
      expect((await failure(cache(server.url).fetch(url))).message).toContain(
        'the checksum of https://example.com/v1/release.yaml answered 404',
      )
    })

    it('keeps copies of different mirrors apart', async () => {
      server.on('/r.yaml', ok('direct'))
      await cache().fetch(at('/r.yaml'))
      expect(await cache(server.url).has(at('/r.yaml'))).toBe(false)
    })
  })

  describe('with several callers', () => {
    it('downloads once for all who ask at the same time', async () => {
      server.on('/r.yaml', ok('one'))
      const downloads = cache()
      const got = await Promise.all([1, 2, 3, 4].map(() => downloads.fetch(at('/r.yaml'))))
      expect(new Set(got.map(({ path }) => path)).size).toBe(1)
      expect(server.asked).toHaveLength(1)
    })

    it('leaves the others their download when one gives up', async () => {
      let finish: () => void = () => undefined
      const asked = new Promise<void>((resolve) =>
        server.on('/slow.yaml', (response) => {
          finish = () => response.end('slow')
          resolve()
        }),
      )
      const downloads = cache()
      const abort = new AbortController()
      const leaving = downloads.fetch(at('/slow.yaml'), abort.signal)
      const staying = downloads.fetch(at('/slow.yaml'), new AbortController().signal)
      await asked
      abort.abort(new WildError('CANCELLED', 'Cancelled.'))
      expect(await failure(leaving)).toMatchObject({ code: 'CANCELLED' })
      finish()
      expect(textOf(await staying)).toBe('slow')
    })

    it('ends the request when the last one gives up, and starts afresh for the next', async () => {
      const closed = new Promise<void>((resolve) =>
        server.on('/slow.yaml', (response) => {
          response.on('close', () => resolve())
          abort.abort(new WildError('CANCELLED', 'Cancelled.'))
        }),
      )
      const abort = new AbortController()
      const downloads = cache()
      expect(await failure(downloads.fetch(at('/slow.yaml'), abort.signal))).toMatchObject({ code: 'CANCELLED' })
      await closed
      server.on('/slow.yaml', ok('now'))
      expect(textOf(await downloads.fetch(at('/slow.yaml')))).toBe('now')
    })
  })
})

const disk = mountTinyDisk(4)
if (!disk) console.info('a disk that is full cannot be shown here: no file system may be mounted')
afterAll(() => disk?.remove())

describe.skipIf(!disk)('the download cache on a disk that is too small', () => {
  const large = Buffer.alloc(6 * 1024 * 1024)
  let server: Awaited<ReturnType<typeof aServer>>
  const cache = () => createDownloads({ folder: join(disk!.path, 'cache'), clock: instantClock() })
  const left = () => readdirSync(join(disk!.path, 'cache'))

  beforeEach(async () => {
    server = await aServer()
  })
  afterEach(() => server.close())

  it('says before it begins how much is needed and how much is free', async () => {
    server.on('/large', (response) => void response.writeHead(200, { 'content-length': large.length }).end(large))
    const error = await failure(cache().fetch(`${server.url}/large`))
    expect([error.code, error.message]).toEqual([
      'DISK_FULL',
      expect.stringMatching(/needs 6 MB, and [34] MB are free/),
    ])
    expect(left()).toEqual([])
  })

  it('gives the room back when the disk becomes full, and goes on working', async () => {
    server.on('/small', ok('small'))
    // Without a length nobody can know it beforehand.
    server.on('/large', (response) => {
      response.write(large.subarray(1))
      response.end()
    })
    const error = await failure(cache().fetch(`${server.url}/large`))
    expect([error.code, left()]).toEqual(['DISK_FULL', []])
    expect(readFileSync((await cache().fetch(`${server.url}/small`)).path, 'utf8')).toBe('small')
  })
})
