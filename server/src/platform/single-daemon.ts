import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { makeDirectory } from './atomic-file.ts'
import { WildError } from './errors.ts'

/** Holds a data directory for one daemon. */
export interface Hold {
  /** Writes where this daemon answers, for tools: `run/url`. */
  announce(url: string): void
  release(): void
}

/**
 * Takes the data directory: an exclusive SQLite lock that the kernel frees when the process dies, whatever the way.
 * Throws CONFLICT naming the process that holds it.
 */
export async function holdDataDirectory(folder: string): Promise<Hold> {
  await makeDirectory(folder, { secret: true })
  const [lock, pid, url] = ['lock', 'pid', 'url'].map((name) => join(folder, name)) as [string, string, string]
  const held = new Sqlite(lock)
  try {
    held.pragma('busy_timeout = 200')
    held.pragma('locking_mode = EXCLUSIVE')
    held.exec('BEGIN EXCLUSIVE')
  } catch {
    held.close()
    const holder = read(pid)
    const where = read(url)
    throw new WildError(
      'CONFLICT',
      `Another daemon${holder ? ` (pid ${holder}${where ? `, ${where}` : ''})` : ''} already uses this data directory. Stop it, or set WILD_CENTRAL_DATA to another one.`,
      { field: 'WILD_CENTRAL_DATA' },
    )
  }
  writeFileSync(pid, `${process.pid}\n`)
  return {
    announce: (address) => writeFileSync(url, `${address}\n`),
    release() {
      for (const file of [pid, url]) rmSync(file, { force: true })
      held.close()
    },
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
