import { constants, type Dirent } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gunzip as gunzipCallback } from 'node:zlib'
import { z } from 'zod'
import { isTemporary } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { damaged, largestArchive, megabytes, sealOverhead } from './seal.ts'

const gunzip = promisify(gunzipCallback)

/** Bytes all files of an instance have together, at most. */
export const largestContent = 96 * 1024 * 1024
const mostEntries = 20_000
const deepest = 40
/** Content in base64 with its JSON around. */
const largestText = 160 * 1024 * 1024

/** First line of a packed folder. */
const headSchema = z.object({ format: z.literal('wild-central-instance'), name: z.string(), exportedAt: z.string() })
const entrySchema = z.strictObject({
  path: z.string(),
  mode: z.int().min(0).max(0o777),
  /** Base64; folders have none. */
  data: z.string().optional(),
})
type Entry = z.infer<typeof entrySchema>
export type Head = Pick<z.infer<typeof headSchema>, 'name' | 'exportedAt'>

/** HOME of tools: caches that they make again, and large. */
const leftOut = new Set(['.wildcloud/home'])

/**
 * A folder as gzipped JSON lines: a head, then each folder and file with its path and mode, parents first. JSON lines and
 * not tar, because tar brings links, devices, owners and several ways of writing a long name, each of which an import
 * would have to refuse; here they cannot be said at all. Throws CONFLICT when something in the folder is neither file nor
 * folder, or all of it is too large.
 */
export async function pack(root: string, head: Head): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const source = Readable.from(linesOf(root, head))
  const gzip = createGzip()
  source.on('error', (error) => gzip.destroy(error))
  for await (const chunk of source.pipe(gzip) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size + sealOverhead > largestArchive) {
      source.destroy()
      throw tooLarge(head.name, `it would be a file of more than ${megabytes(largestArchive)}`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* linesOf(root: string, head: Head): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: 'wild-central-instance', ...head })}\n`
  let total = 0
  let count = 0
  for await (const { path, folder } of walk(root, '')) {
    if (++count > mostEntries) throw tooLarge(head.name, `it has more than ${mostEntries} files`)
    const entry = folder
      ? await folderEntry(root, path)
      : await fileEntry(root, path, largestContent - total, head.name)
    if (!entry) continue
    total += entry.size
    yield `${JSON.stringify(entry.line)}\n`
  }
}

async function* walk(root: string, below: string): AsyncGenerator<{ path: string; folder: boolean }> {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name
    if (isTemporary(entry.name) || leftOut.has(path)) continue
    const wrong = problemOf(path) ?? kindProblem(entry)
    if (wrong)
      throw new WildError('CONFLICT', `${path} cannot be exported: ${wrong}. Move it out of the instance's folder.`, {
        path,
      })
    yield { path, folder: entry.isDirectory() }
    if (entry.isDirectory()) yield* walk(root, path)
  }
}

function kindProblem(entry: Dirent): string | undefined {
  if (entry.isFile() || entry.isDirectory()) return undefined
  return entry.isSymbolicLink() ? 'it is a link' : 'it is neither a file nor a folder'
}

interface Packed {
  line: Entry
  size: number
}

async function folderEntry(root: string, path: string): Promise<Packed> {
  const handle = await open(join(root, path), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    return { line: { path, mode: (await handle.stat()).mode & 0o777 }, size: 0 }
  } finally {
    await handle.close()
  }
}

/** Undefined for a file that went away since it was listed. What is replaced meanwhile is taken old or new, never half. */
async function fileEntry(root: string, path: string, room: number, name: string): Promise<Packed | undefined> {
  // Neither a link nor a pipe put there since it was listed is followed or waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(join(root, path), flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  try {
    const info = await handle.stat()
    if (info.size > room) throw tooLarge(name, `its files have more than ${megabytes(largestContent)} together`)
    const bytes = await handle.readFile()
    return { line: { path, mode: info.mode & 0o777, data: bytes.toString('base64') }, size: bytes.length }
  } finally {
    await handle.close()
  }
}

function tooLarge(name: string, why: string): WildError {
  return new WildError(
    'CONFLICT',
    `${name} is too large to be exported as one file: ${why}. Move what is not part of the instance out of its folder.`,
    { largest: largestArchive },
  )
}

/** What is wrong with a path of an archive; nothing may lead out of the folder, or be taken for our own leftovers. */
export function problemOf(path: string): string | undefined {
  const parts = path.split('/')
  if (path.startsWith('/')) return 'its path is absolute'
  if (parts.length > deepest) return 'it lies too deep'
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'its path leads elsewhere'
  if (/[\p{Cc}\\\uFFFD]/u.test(path)) return 'its name has characters that are not allowed'
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'its name is too long'
  if (parts.some(isTemporary)) return 'it is a temporary file'
  return undefined
}

/** Files that hold keys are for the owner alone, whatever the archive says. */
const keys =
  /^(secrets\.yaml|\.kube\/.*|\.talos\/.*|setup\/cluster-nodes\/(generated|final)\/.*|\.wildcloud\/.*secrets.*)$/

/** Mode of a written file: never set-id, never writable by others, always readable by us. */
export function fileMode(path: string, mode: number): number {
  return keys.test(path) ? 0o600 : (mode & 0o755) | 0o600
}

/** The lines of a packed folder. Throws INVALID_INPUT (field `archive`) when it is not one, or too large. */
async function readLines(packed: Buffer): Promise<Buffer[]> {
  let text: Buffer
  try {
    text = await gunzip(packed, { maxOutputLength: largestText })
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw damaged(large ? `it holds more than ${megabytes(largestContent)}` : 'it cannot be unpacked')
  }
  const lines: Buffer[] = []
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(10, at)
    if (end < 0) throw damaged('its last line has no end')
    lines.push(text.subarray(at, end))
    if (lines.length > mostEntries + 1) throw damaged(`it has more than ${mostEntries} files`)
    at = end + 1
  }
  return lines
}

function parseLine<T>(schema: z.ZodType<T>, line: Buffer | undefined): T {
  try {
    return schema.parse(JSON.parse(line?.toString('utf8') ?? ''))
  } catch {
    throw damaged('a line of it makes no sense')
  }
}

export interface Unpacked extends Head {
  /** Writes everything into a folder, which is made. Throws INVALID_INPUT (field `archive`); what was written stays. */
  into(folder: string): Promise<void>
}

/** Opens a packed folder. Throws INVALID_INPUT (field `archive`). */
export async function unpack(packed: Buffer): Promise<Unpacked> {
  const [first, ...lines] = await readLines(packed)
  const { name, exportedAt } = parseLine(headSchema, first)
  return {
    name,
    exportedAt,
    async into(folder) {
      await mkdir(folder, { mode: 0o700 })
      let total = 0
      for (const line of lines) {
        const entry = parseLine(entrySchema, line)
        const wrong = problemOf(entry.path)
        if (wrong) throw damaged(`${JSON.stringify(entry.path.slice(0, 200))}: ${wrong}`)
        total += await writeEntry(folder, entry, largestContent - total)
      }
    },
  }
}

/** Parents come first and nothing is written twice, so that no entry can lead through another. Returns the bytes written. */
async function writeEntry(folder: string, entry: Entry, room: number): Promise<number> {
  const target = join(folder, entry.path)
  try {
    if (entry.data === undefined) {
      // Whatever the mode was outside, ours keeps others out of an instance.
      await mkdir(target, { mode: 0o700 })
      return 0
    }
    const bytes = Buffer.from(entry.data, 'base64')
    if (bytes.length > room) throw damaged(`it holds more than ${megabytes(largestContent)}`)
    const mode = fileMode(entry.path, entry.mode)
    const file = await open(target, 'wx', mode)
    try {
      await file.chmod(mode)
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return bytes.length
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw damaged(`${entry.path} is in it twice`)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw damaged(`the folder of ${entry.path} is not in it`)
    throw error
  }
}
