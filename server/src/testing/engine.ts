import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { pino } from 'pino'
import { createOperations } from '../operations/engine.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import { openDatabase } from '../platform/db.ts'
import { createMasker } from '../platform/masking.ts'

/** A clock whose sleeps pass at once (after the pending work) and move its time. */
export function instantClock(): Clock & { slept: number[] } {
  let time = 1_700_000_000_000
  const slept: number[] = []
  return {
    slept,
    now: () => time,
    async sleep(ms, signal) {
      slept.push(ms)
      time += ms
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}

/** A real engine on a real database in a temporary folder. */
export function anEngine(
  options: { clock?: Clock; folder?: string; retention?: { keep: number; keepDays: number } } = {},
) {
  if (options.folder) mkdirSync(options.folder, { recursive: true })
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'wild-engine-'))
  const masker = createMasker()
  const siblings: Sqlite.Database[] = []
  const db = openDatabase(join(folder, 'test.db'), new URL('../../drizzle', import.meta.url).pathname)
  const operations = createOperations({
    db,
    masker,
    clock: options.clock ?? systemClock,
    retention: options.retention,
    log: pino({ level: 'silent' }),
  })
  return {
    folder,
    masker,
    db,
    operations,
    /** Another program's connection to the same database; closed with the engine. */
    sibling(): Sqlite.Database {
      const other = new Sqlite(join(folder, 'test.db'))
      siblings.push(other)
      return other
    },
    close(): void {
      for (const other of siblings) other.close()
      db.$client.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
