import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isTemporary } from '../../../platform/atomic-file.ts'

/** One file or folder on its way into a bundle. */
export interface BundleEntry {
  /** Relative, with `/`. */
  path: string
  mode: number
  /** Absent for a folder. */
  content?: AsyncIterable<Buffer>
}

const format = { format: 'wild-central-bundle', version: 1 }
const endOfFile = Buffer.alloc(4)

/**
 * Files as one stream: a line of JSON for each entry, then its content in pieces that begin with their length (4 bytes),
 * ended by a piece of no length; at last a line with the number of entries. Links and devices cannot be said in it.
 */
export async function* bundle(entries: AsyncIterable<BundleEntry>): AsyncGenerator<Buffer> {
  yield line(format)
  let count = 0
  for await (const { path, mode, content } of entries) {
    count++
    yield line({ path, mode: mode & 0o777, ...(content ? {} : { folder: true }) })
    if (!content) continue
    for await (const piece of content) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(piece.length)
      if (piece.length > 0) yield Buffer.concat([length, piece])
    }
    yield endOfFile
  }
  yield line({ end: true, entries: count })
}

function line(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

export interface WalkOptions {
  /** Put before every path. */
  prefix?: string
  /** False leaves a path (below the root) out, with all below it. */
  take?(path: string): boolean
  /** Told of what is neither file nor folder and is left out. */
  leftOut?(path: string): void
}

/** Everything below a folder, parents first. What is replaced meanwhile is taken old or new, never half; what goes away is left out. */
export async function* filesOf(root: string, options: WalkOptions = {}, below = ''): AsyncGenerator<BundleEntry> {
  const { prefix = '', take = () => true, leftOut = () => undefined } = options
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(unlessGone)
  for (const entry of (entries ?? []).sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name
    if (isTemporary(entry.name) || !take(path)) continue
    if (entry.isDirectory()) {
      const mode = await modeOf(join(root, path))
      if (mode === undefined) continue
      yield { path: `${prefix}${path}`, mode }
      yield* filesOf(root, options, path)
    } else if (entry.isFile()) {
      const file = await fileEntry(join(root, path), `${prefix}${path}`)
      if (file) yield file
    } else leftOut(path)
  }
}

// Neither a link nor a pipe put there since it was listed is followed or waited for.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** A file as an entry; undefined when it is gone. It stays open until its content was read. */
export async function fileEntry(file: string, path: string): Promise<BundleEntry | undefined> {
  const handle = await open(file, flags).catch(unlessGone)
  if (!handle) return undefined
  async function* content(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle!.read(Buffer.allocUnsafe(64 * 1024))
        if (bytesRead === 0) return
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await handle!.close()
    }
  }
  return { path, mode: (await handle.stat()).mode & 0o777, content: content() }
}

/** A text made for the bundle, as a file for the owner alone. */
export function textEntry(path: string, text: string): BundleEntry {
  async function* content(): AsyncGenerator<Buffer> {
    yield Buffer.from(text)
  }
  return { path, mode: 0o600, content: content() }
}

async function modeOf(path: string): Promise<number | undefined> {
  const handle = await open(path, flags | constants.O_DIRECTORY).catch(unlessGone)
  if (!handle) return undefined
  try {
    return (await handle.stat()).mode & 0o777
  } finally {
    await handle.close()
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
