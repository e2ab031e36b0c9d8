import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileReason, usageError } from './errors.ts'
import { readBytes } from './template-folder.ts'

/** A file of an old home; without text when the daemon has no use for it. */
export interface HomeFile {
  path: string
  text?: string
}

/** Folders that hold copies and downloads; they are named and not read. */
const bulky = new Set(['.git', '.wildcloud', 'docs', 'backup', 'backups'])
const largestFile = 512 * 1024
const mostFiles = 3_000

/**
 * The files of an old instance's folder, for the daemon to make a new one of. Links are not followed. Throws a usage
 * error for a folder that cannot be read, has no config.yaml, or has too many files.
 */
export async function readHome(folder: string): Promise<HomeFile[]> {
  const files: HomeFile[] = []
  await walk('')
  if (!files.some(({ path }) => path === 'config.yaml'))
    throw usageError(`${folder} has no config.yaml: it is not the folder of an instance.`)
  return files

  async function walk(below: string): Promise<void> {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
      throw usageError(`Cannot read ${join(folder, below)}: ${fileReason(error)}.`)
    })
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = below ? `${below}/${entry.name}` : entry.name
      if (files.length === mostFiles) throw usageError(`${folder} has more than ${mostFiles} files.`)
      if (entry.isDirectory() && !(below === '' && bulky.has(entry.name))) await walk(path)
      else files.push({ path, ...(entry.isFile() ? await textOf(path) : {}) })
    }
  }

  async function textOf(path: string): Promise<{ text?: string }> {
    const place = join(folder, path)
    if ((await lstat(place)).size > largestFile) return {}
    try {
      return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readBytes(place)) }
    } catch (error) {
      if (error instanceof TypeError) return {}
      throw error
    }
  }
}
