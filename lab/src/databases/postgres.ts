import { DatabaseError, databaseFiles, runStatement, statementsOf, tablesOf } from './files.ts'

const files = () => databaseFiles(/^\/var\/lib\/postgresql/)
const mark = 'PGDMP'

const missing = (program: string, name: string): DatabaseError =>
  new DatabaseError(
    `${program}: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  database "${name}" does not exist`,
  )

type Handler = (match: RegExpExecArray) => string[][]

/** Statements about databases as a whole, which SQLite has not. */
function management(): [RegExp, Handler][] {
  const server = files()
  const nothing: Handler = () => []
  return [
    [/^BEGIN$|^COMMIT$/i, nothing],
    [/^SELECT pg_terminate_backend\(/i, nothing],
    [/^SELECT datname FROM pg_database/i, () => [...new Set(['postgres', ...server.names()])].map((name) => [name])],
    [
      /^SELECT pg_get_userbyid\(datdba\) FROM pg_database WHERE datname = '([^']+)'$/i,
      ([, name]) => (server.has(name!) ? [[name!]] : []),
    ],
    [
      /^CREATE DATABASE "([^"]+)"/i,
      ([, name]) => {
        if (server.has(name!)) throw new DatabaseError(`ERROR:  database "${name}" already exists`)
        server.create(name!)
        return []
      },
    ],
    [
      /^ALTER DATABASE "([^"]+)" RENAME TO "([^"]+)"$/i,
      ([, from, to]) => {
        if (!server.has(from!)) throw new DatabaseError(`ERROR:  database "${from}" does not exist`)
        if (server.has(to!)) throw new DatabaseError(`ERROR:  database "${to}" already exists`)
        server.rename(from!, to!)
        return []
      },
    ],
    [
      /^DROP DATABASE IF EXISTS "([^"]+)"$/i,
      ([, name]) => {
        server.drop(name!)
        return []
      },
    ],
  ]
}

function counts(name: string): string[][] {
  const database = files().open(name)
  try {
    return tablesOf(database).map((table) => [
      'public',
      table,
      String(database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get()),
    ])
  } finally {
    database.close()
  }
}

/** `psql`: statements from standard input; rows with tabs between their fields. */
export function psql(name: string, script: string): string {
  if (name !== 'postgres' && !files().has(name)) throw missing('psql', name)
  const handlers = management()
  const rows: string[][] = []
  for (const sql of statementsOf(script)) {
    const handler = handlers.find(([pattern]) => pattern.test(sql))
    if (handler) rows.push(...handler[1](handler[0].exec(sql)!))
    else if (sql.includes('query_to_xml')) rows.push(...counts(name))
    else rows.push(...inside(name, sql))
  }
  return rows.map((row) => `${row.join('\t')}\n`).join('')
}

function inside(name: string, sql: string): string[][] {
  if (!files().has(name)) throw new DatabaseError(`ERROR:  relation does not exist: ${sql.slice(0, 60)}`)
  const database = files().open(name)
  try {
    return runStatement(database, sql)
  } catch (error) {
    throw new DatabaseError(`ERROR:  ${(error as Error).message}`)
  } finally {
    database.close()
  }
}

/** `pg_dump --format=custom`: begins as a real one does. */
export function pgDump(name: string): Buffer {
  if (!files().has(name)) throw missing('pg_dump', name)
  const content = files().read(name)
  const length = Buffer.alloc(6)
  length.writeUIntBE(content.length, 0, 6)
  return Buffer.concat([Buffer.from(mark), length, content])
}

/** `pg_restore` into an empty database. */
export function pgRestore(name: string, dump: Buffer): void {
  if (!files().has(name)) throw missing('pg_restore', name)
  if (dump.subarray(0, mark.length).toString('latin1') !== mark)
    throw new DatabaseError('pg_restore: error: input file does not appear to be a valid archive')
  const content = dump.subarray(mark.length + 6)
  if (content.length !== dump.readUIntBE(mark.length, 6))
    throw new DatabaseError('pg_restore: error: could not read from input file: end of file')
  const database = files().open(name)
  const full = tablesOf(database)[0]
  database.close()
  if (full !== undefined)
    throw new DatabaseError(`pg_restore: error: could not execute query: ERROR:  relation "${full}" already exists`)
  files().write(name, content)
}
