import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

type Mounts = { path: string; folder: string }[]

/** A failure in the words of the database's own program. */
export class DatabaseError extends Error {}

/** The databases of a server: SQLite files in the volume its container keeps its data in. */
export interface DatabaseFiles {
  names(): string[]
  has(name: string): boolean
  create(name: string): void
  drop(name: string): void
  rename(from: string, to: string): void
  open(name: string): Database.Database
  read(name: string): Buffer
  write(name: string, bytes: Buffer): void
}

/** Those of the server whose data is mounted at `path`. Throws when this container has no such volume. */
export function databaseFiles(path: RegExp): DatabaseFiles {
  const mounts = JSON.parse(process.env.WILD_LAB_MOUNTS ?? '[]') as Mounts
  const data = mounts.find((mount) => path.test(mount.path))
  if (data === undefined) throw new DatabaseError('could not connect to server: Connection refused')
  const folder = join(data.folder, 'databases')
  mkdirSync(folder, { recursive: true })
  const file = (name: string) => join(folder, `${name}.sqlite`)
  return {
    names: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.sqlite'))
        .map((name) => name.slice(0, -'.sqlite'.length))
        .sort(),
    has: (name) => existsSync(file(name)),
    create: (name) => writeFileSync(file(name), ''),
    drop: (name) => rmSync(file(name), { force: true }),
    rename: (from, to) => renameSync(file(from), file(to)),
    open: (name) => new Database(file(name)),
    read: (name) => readFileSync(file(name)),
    write: (name, bytes) => writeFileSync(file(name), bytes),
  }
}

/** Names of the tables of a database, in order. */
export function tablesOf(database: Database.Database): string[] {
  return database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]
}

/** Runs one statement; the rows it answers, as text. */
export function runStatement(database: Database.Database, sql: string): string[][] {
  const statement = database.prepare(sql)
  if (!statement.reader) {
    statement.run()
    return []
  }
  return (statement.raw().all() as unknown[][]).map((row) => row.map((value) => (value === null ? '' : String(value))))
}

/** Statements of a script, without the semicolons at the ends of their lines. */
export function statementsOf(script: string): string[] {
  return script
    .split(/;\s*(?:\n|$)/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
