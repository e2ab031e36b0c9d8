import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import * as schema from './db-schema.ts'

export * from './db-schema.ts'
export type Db = BetterSQLite3Database<typeof schema> & { $client: Sqlite.Database }

/** How long a write waits for another program that holds the database, ms. */
export const busyTimeoutMs = 5_000

/**
 * Opens (and migrates) the daemon's database: operations, logs, locks, last seen machines. Nothing of the user's is only
 * here: config and secrets are files. WAL, so that readers never wait for the log writer.
 */
export function openDatabase(file: string, migrationsFolder: string): Db {
  mkdirSync(dirname(file), { recursive: true })
  const client = new Sqlite(file)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = NORMAL')
  client.pragma(`busy_timeout = ${busyTimeoutMs}`)
  client.pragma('foreign_keys = ON')
  const db = drizzle(client, { schema })
  migrate(db, { migrationsFolder })
  return db as Db
}
