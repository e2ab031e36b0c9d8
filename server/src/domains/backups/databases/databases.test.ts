import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMasker } from '../../../platform/masking.ts'
import { createToolRunner } from '../../../platform/tool-runner.ts'
import type { DatabaseEngine, DatabaseShell } from './engine.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'

const limitMs = 120_000
const execute = promisify(execFile)
const run = createToolRunner({ masker: createMasker(), defaultTimeoutMs: 60_000 })
const folder = mkdtempSync(join(tmpdir(), 'wd-'))
chmodSync(folder, 0o755)
const isRoot = process.getuid?.() === 0
const user = isRoot ? { uid: 65534, gid: 65534 } : {}

/** Debian keeps servers of PostgreSQL out of PATH. */
function postgresBin(): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((one, other) => Number(other) - Number(one)) : []
  return versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

/** Debian keeps the server of MariaDB in sbin. */
function mariadbServer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((place) => join(place, 'mariadbd')).find((path) => existsSync(path))
}

const started: ChildProcess[] = []

interface Server {
  engine: DatabaseEngine
  port: number
  /** The command that runs statements from its input in the database it is given. */
  client(database: string): string[]
  /** A dump that was cut short. */
  cut: string
  /** Environment that its container would have. */
  env: Record<string, string>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  return gone
}

type Reached = Pick<Server, 'engine' | 'port' | 'env'>

async function answers(server: Reached): Promise<void> {
  const deadline = Date.now() + limitMs
  for (;;) {
    try {
      await server.engine.list(shellOf(server), server.port)
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

async function startPostgres(): Promise<Server> {
  const bin = postgresBin()!
  const data = join(folder, 'postgres')
  mkdirSync(data, { mode: 0o700 })
  if (isRoot) chownSync(data, 65534, 65534)
  await execute(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '-N'], { ...user, cwd: '/' })
  const port = await freePort()
  const options = ['-D', data, '-p', String(port), '-k', data, '-c', 'listen_addresses=', '-F']
  const child = spawn(join(bin, 'postgres'), options, { ...user, cwd: '/', stdio: 'ignore' })
  started.push(child)
  const env = { PGHOST: data, POSTGRES_USER: 'postgres', PATH: `${bin}:${process.env.PATH}` }
  const client = (database: string) => [
    'psql',
    '-XqAt',
    '-v',
    'ON_ERROR_STOP=1',
    '-U',
    'postgres',
    '-p',
    `${port}`,
    database,
  ]
  const server = { engine: postgres, port, env, client, cut: 'PGDMP\x01', stop: () => ended(child) }
  await answers(server)
  return server
}

/** With a password, as the image of the server has one. */
async function startMariadb(): Promise<Server> {
  const data = join(folder, 'mariadb')
  mkdirSync(data, { mode: 0o700 })
  if (isRoot) chownSync(data, 65534, 65534)
  const own = ['--no-defaults', `--datadir=${data}`]
  const settled = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
  await execute('mariadb-install-db', [...own, ...settled], { ...user, cwd: '/' })
  const socket = join(data, 's')
  const options = [...own, `--socket=${socket}`, '--skip-networking', `--pid-file=${join(data, 'pid')}`]
  const child = spawn(mariadbServer()!, options, { ...user, cwd: '/', stdio: 'ignore' })
  started.push(child)
  // Where a system says where its own server is, only the file of the user comes after that.
  writeFileSync(join(folder, '.my.cnf'), `[client]\nsocket=${socket}\n`)
  const env = { HOME: folder, PATH: process.env.PATH! }
  const before: Reached = { engine: mysql, port: mysql.usualPort, env }
  await answers(before)
  const client = (database: string) => mysql.load(database, mysql.usualPort)
  await shellOf(before).run(client('mysql'), "ALTER USER root@localhost IDENTIFIED BY 'hunter-two';\n")
  return {
    ...before,
    env: { ...env, MYSQL_ROOT_PASSWORD: 'hunter-two' },
    client,
    cut: 'CREATE TABLE whole (id INTEGER);\nCREATE TABLE half (id INT',
    stop: () => ended(child, 'SIGTERM'),
  }
}

function shellOf({ env }: Pick<Server, 'env'>): DatabaseShell {
  return {
    async run([tool = '', ...args], input) {
      return (await run({ tool, args, env, input, captureOnly: true })).stdout
    },
  }
}

const kinds: [string, boolean, () => Promise<Server>][] = [
  ['PostgreSQL', postgresBin() !== undefined, startPostgres],
  ['MariaDB', mariadbServer() !== undefined, startMariadb],
]

afterAll(async () => {
  // Also those that never answered.
  await Promise.all(started.map((child) => ended(child, 'SIGTERM')))
  rmSync(folder, { recursive: true, force: true })
})

for (const [name, there, start] of kinds)
  describe.skipIf(!there)(`the commands for ${name}, held against the real one`, { timeout: limitMs }, () => {
    let server: Server
    beforeAll(async () => {
      server = await start()
    }, limitMs)
    afterAll(() => server?.stop())

    const statements = (database: string, sql: string): Promise<string> =>
      shellOf(server).run(server.client(database), sql)

    it('dump, restore beside, count the same rows, and change over without losing what was there', async () => {
      const { engine, port } = server
      const shell = shellOf(server)
      await engine.create(shell, port, 'app-1', undefined)
      await statements(
        'app-1',
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, note VARCHAR(200)); CREATE TABLE empty_one (id INTEGER); CREATE TABLE tags (id INTEGER PRIMARY KEY, note_id INTEGER, FOREIGN KEY (note_id) REFERENCES notes (id)); INSERT INTO notes VALUES (1, 'first'), (2, 'tab\tline'), (3, NULL); INSERT INTO tags VALUES (1, 2);",
      )
      const counted = await engine.counts(shell, port, 'app-1')
      expect(Object.values(counted).sort()).toEqual([0, 1, 3])

      const [dumper = '', ...args] = engine.dump('app-1', port)
      const dump = new PassThrough()
      const chunks: Buffer[] = []
      dump.on('data', (chunk: Buffer) => chunks.push(chunk))
      await run({ tool: dumper, args, env: server.env, into: dump })
      await statements('app-1', "UPDATE notes SET note = 'overwritten'; INSERT INTO notes VALUES (4, 'later');")

      await engine.create(shell, port, 'app-1_new_abc234', 'app-1')
      const [loader = '', ...loading] = engine.load('app-1_new_abc234', port)
      await run({ tool: loader, args: loading, env: server.env, from: Readable.from([Buffer.concat(chunks)]) })
      expect(await engine.counts(shell, port, 'app-1_new_abc234')).toEqual(counted)
      expect(await engine.unswappable(shell, port, 'app-1')).toBeUndefined()

      const names = { live: 'app-1', fresh: 'app-1_new_abc234', old: 'app-1_old_abc234' }
      await engine.swap(shell, port, names)
      await expect(statements('app-1', 'INSERT INTO tags VALUES (2, 99);')).rejects.toMatchObject({
        code: 'TOOL_FAILED',
      })
      expect((await statements('app-1', 'SELECT note FROM notes WHERE id = 1;')).trim()).toBe('first')
      expect((await statements('app-1_old_abc234', 'SELECT note FROM notes WHERE id = 4;')).trim()).toBe('later')
      // And back, as a restore that failed does.
      await engine.swap(shell, port, { live: 'app-1', fresh: names.old, old: names.fresh })
      expect((await statements('app-1', 'SELECT note FROM notes WHERE id = 4;')).trim()).toBe('later')
      await engine.drop(shell, port, names.fresh)
      expect((await engine.list(shell, port)).filter((one) => one.startsWith('app-1'))).toEqual(['app-1'])
    })

    it('change over where nothing was there before', async () => {
      const { engine, port } = server
      const shell = shellOf(server)
      await engine.create(shell, port, 'gone_new_abc234', undefined)
      await statements('gone_new_abc234', 'CREATE TABLE t (id INTEGER);')
      await engine.swap(shell, port, { live: 'gone', fresh: 'gone_new_abc234', old: 'gone_old_abc234' })
      expect(Object.values(await engine.counts(shell, port, 'gone'))).toEqual([0])
    })

    it('fail on a dump that was cut short instead of restoring half of it', async () => {
      const { engine, port } = server
      await engine.create(shellOf(server), port, 'half', undefined)
      const [loader = '', ...loading] = engine.load('half', port)
      const cut = Buffer.from(server.cut)
      await expect(
        run({ tool: loader, args: loading, env: server.env, from: Readable.from([cut]) }),
      ).rejects.toMatchObject({ code: 'TOOL_FAILED' })
    })

    it.skipIf(name === 'PostgreSQL')(
      'say why a database cannot change over by renaming, before anything is moved',
      async () => {
        const { engine, port } = server
        const shell = shellOf(server)
        await engine.create(shell, port, 'viewed', undefined)
        await statements('viewed', 'CREATE TABLE t (id INTEGER); CREATE VIEW v AS SELECT id FROM t;')
        expect(await engine.unswappable(shell, port, 'viewed')).toContain('views')
      },
    )
  })
