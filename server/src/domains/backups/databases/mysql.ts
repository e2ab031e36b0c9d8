import { type DatabaseEngine, type DatabaseShell, rowsOf } from './engine.ts'

// The container knows its password; MariaDB's image calls it otherwise, and its programs too.
const login = 'export MYSQL_PWD="${MYSQL_ROOT_PASSWORD:-${MARIADB_ROOT_PASSWORD:-}}"; '
const program = (names: string, options: string, name: string): string[] => [
  'sh',
  '-c',
  `${login}program=$(${names
    .split(' ')
    .map((each) => `command -v ${each}`)
    .join(' || ')}); exec "$program" --user=root ${options} ${name === '' ? '' : '"$1"'}`.trim(),
  'sh',
  ...(name === '' ? [] : [name]),
]
const client = (name: string) => program('mysql mariadb', '--batch --skip-column-names', name)

const ask = async (shell: DatabaseShell, sql: string): Promise<string[][]> => rowsOf(await shell.run(client(''), sql))

const tablesOf = async (shell: DatabaseShell, name: string): Promise<string[]> => {
  const sql = `SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '${name}' ORDER BY 1;\n`
  return (await ask(shell, sql)).filter(([, type]) => type === 'BASE TABLE').map(([table]) => table!)
}

const quoted = (...names: string[]): string => names.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.')
const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** MySQL and MariaDB by their dump program. Databases cannot be renamed there; their tables can, all at once. */
export const mysql: DatabaseEngine = {
  usualPort: 3306,
  dump: (name) =>
    program(
      'mysqldump mariadb-dump',
      '--single-transaction --routines --triggers --events --hex-blob --no-tablespaces',
      name,
    ),
  load: (name) => client(name),
  list: async (shell) =>
    (await ask(shell, 'SELECT schema_name FROM information_schema.schemata ORDER BY 1;\n')).map(([name]) => name!),
  async create(shell, _port, name) {
    await ask(shell, `CREATE DATABASE ${quoted(name)} CHARACTER SET utf8mb4;\n`)
  },
  async drop(shell, _port, name) {
    await ask(shell, `DROP DATABASE IF EXISTS ${quoted(name)};\n`)
  },
  async counts(shell, _port, name) {
    const tables = await tablesOf(shell, name)
    if (tables.length === 0) return {}
    const one = (table: string) => `SELECT ${text(table)}, COUNT(*) FROM ${quoted(name, table)}`
    const rows = await ask(shell, `${tables.map(one).join(' UNION ALL ')};\n`)
    return Object.fromEntries(rows.map(([table, count]) => [table!, Number(count)]))
  },
  async unswappable(shell, _port, name) {
    const of = (table: string, column: string) =>
      `(SELECT COUNT(*) FROM information_schema.${table} WHERE ${column} = ${text(name)})`
    const sum = `${of('views', 'table_schema')} + ${of('triggers', 'trigger_schema')} + ${of('routines', 'routine_schema')} + ${of('events', 'event_schema')}`
    const [[count] = []] = await ask(shell, `SELECT ${sum};\n`)
    return Number(count) === 0
      ? undefined
      : 'it has views, triggers, routines or events, which cannot be renamed with their tables'
  },
  async swap(shell, port, { live, fresh, old }) {
    const there = (await mysql.list(shell, port)).includes(live)
    const make = [...(there ? [] : [live]), old].map(
      (name) => `CREATE DATABASE IF NOT EXISTS ${quoted(name)} CHARACTER SET utf8mb4;\n`,
    )
    await ask(shell, make.join(''))
    const away = (await tablesOf(shell, live)).map((table) => `${quoted(live, table)} TO ${quoted(old, table)}`)
    const back = (await tablesOf(shell, fresh)).map((table) => `${quoted(fresh, table)} TO ${quoted(live, table)}`)
    const moves = [...away, ...back]
    if (moves.length > 0) await ask(shell, `RENAME TABLE ${moves.join(', ')};\n`)
    await mysql.drop(shell, port, fresh)
  },
}
