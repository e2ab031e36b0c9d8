import { DatabaseError, databaseFiles, runStatement, statementsOf, tablesOf } from './files.ts'

const files = () => databaseFiles(/^\/var\/lib\/mysql/)
const firstLine = '-- MySQL dump 10.13  Distrib 8.4.6, for Linux (x86_64)'
const lastLine = '-- Dump completed'

const unknown = (name: string): DatabaseError => new DatabaseError(`ERROR 1049 (42000): Unknown database '${name}'`)

function within<T>(name: string, work: (database: ReturnType<ReturnType<typeof files>['open']>) => T): T {
  if (!files().has(name)) throw unknown(name)
  const database = files().open(name)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** Moves a table into another database, all of it. */
function moveTable(fromDatabase: string, from: string, toDatabase: string, to: string): void {
  const kept = within(fromDatabase, (database) => ({
    sql: database.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(from) as string | undefined,
    rows: database.prepare(`SELECT * FROM "${from}"`).raw().all() as unknown[][],
  }))
  within(toDatabase, (database) => {
    if (tablesOf(database).includes(to)) throw new DatabaseError(`ERROR 1050 (42S01): Table '${to}' already exists`)
    database.exec(kept.sql!)
    for (const row of kept.rows)
      database.prepare(`INSERT INTO "${from}" VALUES (${row.map(() => '?').join(', ')})`).run(...row)
  })
  within(fromDatabase, (database) => database.exec(`DROP TABLE "${from}"`))
}

type Handler = (match: RegExpExecArray) => string[][]

const handlers: [RegExp, Handler][] = [
  [
    /^SELECT schema_name FROM information_schema\.schemata/i,
    () => [...new Set(['information_schema', 'mysql', ...files().names()])].map((name) => [name]),
  ],
  [
    /^SELECT table_name, table_type FROM information_schema\.tables WHERE table_schema = '([^']+)'/i,
    ([, name]) => (files().has(name!) ? within(name!, tablesOf).map((table) => [table, 'BASE TABLE']) : []),
  ],
  [/^SELECT \(SELECT COUNT\(\*\) FROM information_schema\.views/i, () => [['0']]],
  [
    /^CREATE DATABASE (IF NOT EXISTS )?`([^`]+)`/i,
    ([, lenient, name]) => {
      if (files().has(name!) && lenient) return []
      if (files().has(name!))
        throw new DatabaseError(`ERROR 1007 (HY000): Can't create database '${name}'; database exists`)
      files().create(name!)
      return []
    },
  ],
  [
    /^DROP DATABASE IF EXISTS `([^`]+)`$/i,
    ([, name]) => {
      files().drop(name!)
      return []
    },
  ],
  [
    /^RENAME TABLE (.+)$/is,
    ([, pairs]) => {
      for (const [, fromDatabase, from, toDatabase, to] of pairs!.matchAll(
        /`([^`]+)`\.`([^`]+)` TO `([^`]+)`\.`([^`]+)`/gi,
      ))
        moveTable(fromDatabase!, from!, toDatabase!, to!)
      return []
    },
  ],
  [
    /^SELECT '[^']+', COUNT\(\*\) FROM `([^`]+)`\./i,
    ({ input }) =>
      [...input.matchAll(/SELECT '([^']+)', COUNT\(\*\) FROM `([^`]+)`\.`([^`]+)`/gi)].map(([, label, name, table]) => [
        label!,
        String(within(name!, (database) => database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get())),
      ]),
  ],
]

/** `mysql`: statements, or a dump, from standard input. `name` is empty when none was given. */
export function mysql(name: string, script: string): string {
  if (name !== '' && !files().has(name)) throw unknown(name)
  if (script.startsWith(firstLine)) {
    load(name, script)
    return ''
  }
  const rows = statementsOf(script).flatMap((sql) => {
    const handler = handlers.find(([pattern]) => pattern.test(sql))
    if (handler) return handler[1](handler[0].exec(sql)!)
    if (name === '') throw new DatabaseError('ERROR 1046 (3D000) at line 1: No database selected')
    try {
      return within(name, (database) => runStatement(database, sql))
    } catch (error) {
      throw new DatabaseError(`ERROR 1064 (42000) at line 1: ${(error as Error).message}`)
    }
  })
  return rows.map((row) => `${row.join('\t')}\n`).join('')
}

/** `mysqldump`: text that ends as a real one does. */
export function mysqldump(name: string): string {
  if (!files().has(name))
    throw new DatabaseError(`mysqldump: Got error: 1049: "Unknown database '${name}'" when selecting the database`)
  const content =
    files()
      .read(name)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return [firstLine, ...content.map((line) => `-- ${line}`), lastLine, ''].join('\n')
}

function load(name: string, script: string): void {
  const lines = script.trimEnd().split('\n')
  if (lines.at(-1) !== lastLine)
    throw new DatabaseError('ERROR 1064 (42000) at line 2: You have an error in your SQL syntax')
  const text = lines
    .slice(1, -1)
    .map((line) => line.slice(3))
    .join('')
  files().write(name, Buffer.from(text, 'base64'))
}
