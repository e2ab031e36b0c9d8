import { type DatabaseEngine, type DatabaseShell, rowsOf } from './engine.ts'

// The container knows its password; it is never written into a command here.
const login = 'export PGPASSWORD="${POSTGRES_PASSWORD:-}" PGUSER="${POSTGRES_USER:-postgres}"; '
const command = (program: string, name: string, port: number): string[] => [
  'sh',
  '-c',
  `${login}exec ${program} --no-password --port="$2" --dbname="$1"`,
  'sh',
  name,
  String(port),
]
const psql =
  'psql --no-psqlrc --quiet --tuples-only --no-align --field-separator="$(printf \'\\t\')" --set=ON_ERROR_STOP=1'

/** Counts the rows of every table in one statement: information_schema names them, query_to_xml counts each. */
const countSql = `SELECT table_schema, table_name, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text
FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2;
`

const ask = async (shell: DatabaseShell, port: number, name: string, sql: string): Promise<string[][]> =>
  rowsOf(await shell.run(command(psql, name, port), sql))

/** PostgreSQL by pg_dump (custom format, not packed, so that a repository finds what is the same) and pg_restore. */
export const postgres: DatabaseEngine = {
  usualPort: 5432,
  dump: (name, port) => command('pg_dump --format=custom --compress=0', name, port),
  load: (name, port) => command('pg_restore --exit-on-error', name, port),
  list: async (shell, port) =>
    (await ask(shell, port, 'postgres', 'SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1;\n')).map(
      ([name]) => name!,
    ),
  async create(shell, port, name, like) {
    const found =
      like === undefined
        ? []
        : await ask(
            shell,
            port,
            'postgres',
            `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${like}';\n`,
          )
    const owner = found[0]?.[0]
    const owned = owner === undefined ? '' : ` OWNER "${owner.replaceAll('"', '""')}"`
    await ask(shell, port, 'postgres', `CREATE DATABASE "${name}" TEMPLATE template0${owned};\n`)
  },
  async drop(shell, port, name) {
    await disconnect(shell, port, [name])
    await ask(shell, port, 'postgres', `DROP DATABASE IF EXISTS "${name}";\n`)
  },
  async counts(shell, port, name) {
    const rows = await ask(shell, port, name, countSql)
    return Object.fromEntries(rows.map(([schema, table, count]) => [`${schema}.${table}`, Number(count)]))
  },
  unswappable: async () => undefined,
  async swap(shell, port, { live, fresh, old }) {
    const there = (await postgres.list(shell, port)).includes(live)
    await disconnect(shell, port, [live, fresh])
    const away = there ? [`ALTER DATABASE "${live}" RENAME TO "${old}";`] : []
    const statements = ['BEGIN;', ...away, `ALTER DATABASE "${fresh}" RENAME TO "${live}";`, 'COMMIT;', '']
    await ask(shell, port, 'postgres', statements.join('\n'))
  },
}

/** Ends what is connected: a database in use can be neither renamed nor dropped. */
async function disconnect(shell: DatabaseShell, port: number, names: string[]): Promise<void> {
  const list = names.map((name) => `'${name}'`).join(', ')
  const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (${list}) AND pid <> pg_backend_pid();\n`
  await ask(shell, port, 'postgres', sql)
}
