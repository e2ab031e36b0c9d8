import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, open, readdir, readFile, realpath, rename, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileReason, usageError } from './errors.ts'

/** A file of a folder of templates. */
export interface SourceFile {
  /** Path within the folder, with `/`. */
  path: string
  /** Permission bits, which the result keeps. */
  mode: number
  bytes: Buffer
  /** The text, when it holds something to fill in; everything else is copied as it is. */
  template: string | undefined
}

/** A file that is to be written. */
export interface OutputFile {
  path: string
  bytes: Buffer
  mode: number
}

const mostFiles = 2_000
const mostBytes = 64 * 1024 * 1024

/**
 * The files below a folder, hidden ones too, in name order. Links are left out and named in `skipped`: they may lead
 * anywhere. Throws a usage error when there is no such folder, or too much in it.
 */
export async function readSource(folder: string): Promise<{ files: SourceFile[]; skipped: string[] }> {
  const files: SourceFile[] = []
  const skipped: string[] = []
  let size = 0
  for (const path of await filesBelow(folder, skipped)) {
    if (files.length === mostFiles) throw usageError(`${folder} has more than ${mostFiles} files.`)
    const place = join(folder, path)
    const info = await lstat(place)
    size += info.size
    if (size > mostBytes) throw usageError(`${folder} has more than ${mostBytes / 1024 / 1024} MB.`)
    const bytes = await readBytes(place)
    files.push({ path, mode: info.mode & 0o777, bytes, template: templateIn(bytes) })
  }
  return { files, skipped }
}

/** The text of a file that has something to fill in; undefined for everything that is not text or has nothing. */
export function templateIn(bytes: Buffer): string | undefined {
  if (!bytes.includes('{{') || bytes.includes(0)) return undefined
  try {
    // A byte order mark stays part of the text, as everything else does.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Refuses a target that is the source, lies in it, or holds it: the next run would read its own results. */
export async function checkTarget(source: string, target: string): Promise<void> {
  const from = await realpath(source)
  const to = await realTarget(resolve(target))
  if (within(from, to) || within(to, from))
    throw usageError(`${target} and ${source} lie within each other; choose a target elsewhere.`)
  const info = await statIfThere(to)
  if (info && !info.isDirectory()) throw usageError(`${target} is not a folder.`)
}

/** What is in the target now, by path; undefined where there is nothing. Throws a usage error where no file can be written. */
export async function readTarget(target: string, paths: string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const path of paths) {
    await checkParents(target, path)
    const place = join(target, path)
    const info = await statIfThere(place)
    if (!info) continue
    if (info.isDirectory()) throw usageError(`${place} is a folder; a file should be written there.`)
    if (info.isFile()) found.set(path, await readBytes(place))
  }
  return found
}

/** Files of the target that are not among the results. */
export async function leftOver(target: string, paths: string[]): Promise<string[]> {
  if (!(await statIfThere(target))) return []
  const kept = new Set(paths)
  const links: string[] = []
  return [...(await filesBelow(target, links)), ...links].filter((path) => !kept.has(path)).sort()
}

/** Removes files, and the folders that are empty then. */
export async function removeFiles(target: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    await unlink(join(target, path))
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const gone = await rmdir(join(target, folder)).then(
        () => true,
        () => false,
      )
      if (!gone) break
    }
  }
}

/**
 * Writes files: all beside their places first, then each is moved into place, so that a full disk or a missing right
 * changes nothing and no file is ever half-written.
 */
export async function writeFiles(target: string, files: OutputFile[]): Promise<void> {
  const staged: { temporary: string; place: string }[] = []
  try {
    for (const { path, bytes, mode } of files) {
      const place = join(target, path)
      await mkdir(dirname(place), { recursive: true })
      const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.tmp`)
      staged.push({ temporary, place })
      const file = await open(temporary, 'wx', mode)
      try {
        await file.chmod(mode)
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    }
    for (const { temporary, place } of staged) await rename(temporary, place)
  } catch (error) {
    for (const { temporary } of staged) await unlink(temporary).catch(() => undefined)
    throw usageError(`Cannot write ${(error as NodeJS.ErrnoException).path ?? target}: ${fileReason(error)}.`)
  }
}

/** Permission bits of a file, or undefined where there is none. */
export async function modeOf(path: string): Promise<number | undefined> {
  const info = await statIfThere(path)
  return info ? info.mode & 0o777 : undefined
}

/** Narrows a file that stays as it is but holds a secret. */
export async function narrow(path: string): Promise<void> {
  if (((await modeOf(path)) ?? 0) & 0o077) await chmod(path, 0o600)
}

/** The bytes of a file. Throws a usage error that says why it cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw usageError(`Cannot read ${path}: ${fileReason(error)}.`)
  }
}

async function filesBelow(folder: string, links: string[]): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const pathOf = (entry: (typeof entries)[number]) =>
      relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    links.push(...entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).map(pathOf))
    return entries
      .filter((entry) => entry.isFile())
      .map(pathOf)
      .sort()
  } catch (error) {
    throw usageError(`Cannot read ${folder}: ${fileReason(error)}.`)
  }
}

async function checkParents(target: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1)
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = join(target, ...parts.slice(0, depth))
    const info = await statIfThere(folder)
    if (!info) return
    if (!info.isDirectory()) throw usageError(`${folder} is not a folder of its own; nothing is written through it.`)
  }
}

/** The real place of a target whose last parts may not be there yet. */
async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(await realTarget(above), basename(path))
  }
}

function within(inner: string, outer: string): boolean {
  const way = relative(outer, inner)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`))
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw usageError(`Cannot read ${path}: ${fileReason(error)}.`)
  }
}
