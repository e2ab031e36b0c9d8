import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { problemOf } from '../../instances/index.ts'
import { damaged } from '../vault/sealed.ts'

const longestLine = 16 * 1024
const longestPiece = 16 * 1024 * 1024

const headLine = z.object({ format: z.literal('wild-central-bundle'), version: z.literal(1) })
const entryLine = z.strictObject({
  path: z.string(),
  mode: z.int().min(0).max(0o777),
  folder: z.literal(true).optional(),
})
const endLine = z.strictObject({ end: z.literal(true), entries: z.int() })

/** Takes bytes off a stream as they are asked for. */
function reader(source: AsyncIterable<Buffer>) {
  const iterator = source[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  async function more(): Promise<boolean> {
    const { value, done } = await iterator.next()
    if (done) return false
    held = held.length === 0 ? Buffer.from(value) : Buffer.concat([held, value])
    return true
  }
  return {
    async bytes(length: number): Promise<Buffer> {
      while (held.length < length) if (!(await more())) throw damaged('it is cut short')
      const taken = held.subarray(0, length)
      held = held.subarray(length)
      return taken
    },
    async line(): Promise<unknown> {
      let at = held.indexOf(10)
      while (at < 0) {
        if (held.length > longestLine) throw damaged('a line of it is too long')
        if (!(await more())) throw damaged('it is cut short')
        at = held.indexOf(10)
      }
      const text = held.subarray(0, at).toString('utf8')
      held = held.subarray(at + 1)
      try {
        return JSON.parse(text)
      } catch {
        throw damaged('a line of it makes no sense')
      }
    },
    async atEnd(): Promise<boolean> {
      return held.length === 0 && !(await more())
    },
    close: () => iterator.return?.(),
  }
}

/** One entry of a bundle being read; `pieces` must be read to its end before the next one. */
export interface ReadEntry {
  path: string
  mode: number
  /** Absent for a folder. */
  pieces?: AsyncGenerator<Buffer>
}

/** Goes through a bundle, entry by entry. Throws CONFLICT when it is not one, is cut short, or has a path that leads elsewhere. */
export async function* entriesOf(source: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const from = reader(source)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const length = (await from.bytes(4)).readUInt32BE()
      if (length === 0) return
      if (length > longestPiece) throw damaged('a piece of it is too long')
      yield await from.bytes(length)
    }
  }
  try {
    if (!headLine.safeParse(await from.line()).success) throw damaged('it is no bundle of files')
    for (let count = 0; ; count++) {
      const line = await from.line()
      const end = endLine.safeParse(line)
      if (end.success) {
        if (end.data.entries !== count || !(await from.atEnd())) throw damaged('its end does not fit')
        return
      }
      const entry = entryLine.safeParse(line)
      if (!entry.success) throw damaged('a line of it makes no sense')
      const { path, mode, folder } = entry.data
      const wrong = problemOf(path)
      if (wrong) throw damaged(`${JSON.stringify(path).slice(0, 80)} in it cannot be: ${wrong}`)
      if (folder) {
        yield { path, mode }
        continue
      }
      const content = pieces()
      yield { path, mode, pieces: content }
      for await (const _ of content);
    }
  } finally {
    await from.close()
  }
}

/** Writes a bundle below a folder, which is made. Returns the paths of its files. What was written stays when it fails. */
export async function unbundle(
  source: AsyncIterable<Buffer>,
  folder: string,
  take: (path: string) => boolean = () => true,
): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const written: string[] = []
  for await (const { path, mode, pieces } of entriesOf(source)) {
    if (!take(path)) continue
    const place = join(folder, path)
    if (!pieces) {
      await mkdir(place, { recursive: true, mode: (mode & 0o755) | 0o700 })
      continue
    }
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    const file = await open(place, 'wx', (mode & 0o755) | 0o600)
    try {
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    written.push(path)
  }
  return written
}
