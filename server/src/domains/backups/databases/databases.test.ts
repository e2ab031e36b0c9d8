import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMasker } from '../../../platform/masking.ts'
import { createToolRunner } from '../../../platform/tool-runner.ts'
import type { DatabaseEngine, DatabaseShell } from './engine.ts'
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

interface Server {
  engine: DatabaseEngine
  port: number
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

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGINT')
  return gone
}

async function answers(server: Pick<Server, 'engine' | 'port' | 'env'>): Promise<void> {
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
  const env = { PGHOST: data, POSTGRES_USER: 'postgres', PATH: `${bin}:${process.env.PATH}` }
  const server = { engine: postgres, port, env, stop: () => ended(child) }
  await answers(server)
  return server
}

function shellOf({ env }: Pick<Server, 'env'>): DatabaseShell {
  return {
    async run([tool = '', ...args], input) {
      return (await run({ tool, args, env, input, captureOnly: true })).stdout
    },
  }
}

const kinds: [string, boolean, () => Promise<Server>][] = [['PostgreSQL', postgresBin() !== undefined, startPostgres]]

afterAll(() => rmSync(folder, { recursive: true, force: true }))

for (const [name, there, start] of kinds)
  describe.skipIf(!there)(`the commands for ${name}, held against the real one`, { timeout: limitMs }, () => {
    let server: Server
    beforeAll(async () => {
      server = await start()
    }, limitMs)
    afterAll(() => server?.stop())

    async function statements(database: string, sql: string): Promise<string> {
      const client = [
        'sh',
        '-c',
        'exec psql -XqAt -v ON_ERROR_STOP=1 -U postgres -p "$1" -d "$2"',
        'sh',
        String(server.port),
        database,
      ]
      return shellOf(server).run(client, sql)
    }

    it('dump, restore beside, count the same rows, and change over without losing what was there', async () => {
      const { engine, port } = server
      const shell = shellOf(server)
      await engine.create(shell, port, 'app-1', undefined)
      await statements(
        'app-1',
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, note VARCHAR(200)); CREATE TABLE empty_one (id INTEGER); INSERT INTO notes VALUES (1, 'first'), (2, 'tab\tline'), (3, NULL);",
      )
      const counted = await engine.counts(shell, port, 'app-1')
      expect(Object.values(counted).sort()).toEqual([0, 3])

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
      const cut = Buffer.from('PGDMP\x01')
      await expect(
        run({ tool: loader, args: loading, env: server.env, from: Readable.from([cut]) }),
      ).rejects.toMatchObject({ code: 'TOOL_FAILED' })
    })
  })
