import { open, rm, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readFileIfThere, writeFileAtomic } from './atomic-file.ts'
import { WildError } from './errors.ts'

/** How long a server may say nothing, ms: an image factory builds for a minute before the first byte. */
const silenceMs = 180_000

/** Trouble that may pass by itself. */
export class TransientDownload extends Error {}

/** One file on its way from a server to the disk. */
export interface Transfer {
  get: typeof fetch
  source: string
  /** How a person is told of it. */
  what: string
  /** Where the bytes are gathered; what an attempt left there is gone on with when the server still has the same file. */
  part: string
  /** Bytes. */
  largest: number
  signal: AbortSignal
  /** What to do when the server refuses. */
  advice: string
  /** Bytes so far, and in all where the server says so. */
  progress?(received: number, total: number | undefined): void
}

/** What is known of a part: a server that has another file by now starts from the beginning. */
interface PartNote {
  validator: string
}

const noteOf = (part: string) => `${part}.json`

/** Forgets what an attempt gathered. */
export async function dropPart(part: string): Promise<void> {
  await Promise.all([part, noteOf(part)].map((path) => rm(path, { force: true })))
}

/**
 * Gathers a file in `part`, going on from what is there. Throws TransientDownload when it may work the next time,
 * DOWNLOAD_FAILED when it will not, DISK_FULL (and gives the room back) when it does not fit.
 */
export async function transfer(task: Transfer): Promise<void> {
  const silence = createSilence(task.signal)
  try {
    const asked = await ask(task, silence.signal)
    silence.heard()
    await gather(task, asked, silence.heard)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    await dropPart(task.part)
    throw new WildError(
      'DISK_FULL',
      `The disk became full while ${task.what} came in. Free some space, then run it again.`,
    )
  } finally {
    silence.over()
  }
}

/** The body of a small text, such as a checksum. Throws as `transfer` does. */
export async function readText(task: Omit<Transfer, 'part' | 'progress'>): Promise<string> {
  const silence = createSilence(task.signal)
  try {
    const response = await request(task, {}, silence.signal)
    const parts: Uint8Array[] = []
    let length = 0
    for await (const piece of response.body ?? []) {
      length += piece.byteLength
      if (length > task.largest) throw tooLarge(task)
      parts.push(piece)
    }
    return Buffer.concat(parts).toString('utf8')
  } catch (error) {
    task.signal.throwIfAborted()
    if (error instanceof WildError || error instanceof TransientDownload) throw error
    throw new TransientDownload(`${task.what} broke off`, { cause: error })
  } finally {
    silence.over()
  }
}

/** Aborts when nothing was heard for too long. */
function createSilence(signal: AbortSignal) {
  const quiet = new AbortController()
  let timer = setTimeout(() => quiet.abort(new Error('silent')), silenceMs)
  return {
    signal: AbortSignal.any([signal, quiet.signal]),
    heard() {
      clearTimeout(timer)
      timer = setTimeout(() => quiet.abort(new Error('silent')), silenceMs)
    },
    over: () => clearTimeout(timer),
  }
}

interface Asked {
  response: Response
  /** Bytes that are there already. */
  from: number
}

async function ask(task: Transfer, signal: AbortSignal): Promise<Asked> {
  const have = (await stat(task.part).catch(() => undefined))?.size ?? 0
  const note = JSON.parse((await readFileIfThere(noteOf(task.part))) ?? 'null') as PartNote | null
  if (!have || !note) return { response: await request(task, {}, signal), from: 0 }
  const response = await request(task, { range: `bytes=${have}-`, 'if-range': note.validator }, signal)
  const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`)
  if (goesOn || response.status === 200) return { response, from: goesOn ? have : 0 }
  await response.body?.cancel().catch(() => undefined)
  await dropPart(task.part)
  return { response: await request(task, {}, signal), from: 0 }
}

async function request(
  task: Omit<Transfer, 'part'>,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  // A file that is packed on its way could not be gone on with.
  const wanted = { 'accept-encoding': 'identity', ...headers }
  const response = await task
    .get(task.source, { signal, redirect: 'follow', headers: wanted })
    .catch((cause: unknown) => {
      task.signal.throwIfAborted()
      throw new TransientDownload(`${task.what} cannot be reached`, { cause })
    })
  if (response.ok || (response.status === 416 && headers.range)) return response
  await response.body?.cancel().catch(() => undefined)
  if (response.status >= 500 || response.status === 429)
    throw new TransientDownload(`${task.what} answered ${response.status}`)
  throw new WildError('DOWNLOAD_FAILED', `${task.what} answered ${response.status}. ${task.advice}`, {
    url: task.source,
    status: response.status,
  })
}

async function gather(task: Transfer, { response, from }: Asked, heard: () => void): Promise<void> {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN)
  const packed = response.headers.get('content-encoding')
  const total = packed || Number.isNaN(announced) ? undefined : from + announced
  if (total !== undefined) await mustFit(task, total, from)
  const validator = validatorOf(response)
  if (validator && !packed) await writeFileAtomic(noteOf(task.part), JSON.stringify({ validator }))
  let received = from
  const file = await open(task.part, from ? 'a' : 'w')
  try {
    task.progress?.(received, total)
    for await (const piece of response.body ?? []) {
      heard()
      received += piece.byteLength
      if (received > task.largest) throw tooLarge(task)
      await file.write(piece)
      task.progress?.(received, total)
    }
    await file.sync()
  } catch (error) {
    if (!validator || error instanceof WildError) await dropPart(task.part)
    task.signal.throwIfAborted()
    if (error instanceof WildError || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error
    throw new TransientDownload(`${task.what} broke off`, { cause: error })
  } finally {
    await file.close()
  }
  if (total === undefined || received === total) return
  if (!validator || received > total) await dropPart(task.part)
  throw new TransientDownload(`${task.what} broke off`)
}

/** What proves later that the server still has the same file; weak ones prove nothing (RFC 9110, 13.1.5). */
function validatorOf(response: Response): string | undefined {
  const tag = response.headers.get('etag')
  if (tag && !tag.startsWith('W/')) return tag
  return response.headers.get('last-modified') ?? undefined
}

async function mustFit(task: Transfer, total: number, from: number): Promise<void> {
  if (total > task.largest) throw tooLarge(task)
  const { bavail, bsize } = await statfs(dirname(task.part))
  if (total - from <= bavail * bsize) return
  throw new WildError(
    'DISK_FULL',
    `${task.what} needs ${megabytes(total - from)} MB, and ${megabytes(bavail * bsize)} MB are free. Free some space, then run it again.`,
  )
}

function tooLarge({ what, largest, source }: Pick<Transfer, 'what' | 'largest' | 'source'>): WildError {
  return new WildError('DOWNLOAD_FAILED', `${what} is larger than ${megabytes(largest)} MB.`, { url: source })
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024)
