import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Makes a directory (and parents); `secret` ones are 0700 whatever the umask. */
export async function makeDirectory(path: string, options: { secret?: boolean } = {}): Promise<void> {
  await mkdir(path, { recursive: true, mode: options.secret ? 0o700 : 0o755 })
  if (options.secret) await chmod(path, 0o700)
}

/** A name beside a file or folder for what will replace it; `removeTemporary` knows it again. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
}

const temporary = /^\..+\.[0-9a-f]{12}\.tmp$/

/** True for a name that `temporaryName` makes. */
export function isTemporary(name: string): boolean {
  return temporary.test(name)
}

/**
 * Removes what a power cut left of unfinished replacements, at any depth; links are not followed. Call while nothing
 * writes there. Returns the paths removed; folders that cannot be read are left alone.
 */
export async function removeTemporary(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const removed: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (isTemporary(entry.name)) {
      await rm(path, { recursive: true, force: true })
      removed.push(path)
    } else if (entry.isDirectory()) removed.push(...(await removeTemporary(path)))
  }
  return removed
}

/**
 * Replaces a file as a whole: temporary file beside it, fsync, rename, fsync of the folder. A power cut leaves the old
 * text or the new one. Files with mode 0600 get a 0700 folder when the folder has to be made. Throws the system error
 * (ENOSPC, EACCES…) and leaves no temporary file behind.
 */
export async function writeFileAtomic(
  path: string,
  text: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: options.mode === 0o600 ? 0o700 : 0o755 })
  const mode = options.mode ?? (await modeOf(path)) ?? 0o644
  const draft = temporaryName(path)
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await file.chmod(mode)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** Makes renames in a folder outlast a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777
  } catch {
    return undefined
  }
}

/** The text of a file, or undefined when there is none. Other failures are thrown. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** True when a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
