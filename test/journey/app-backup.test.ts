import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pick } from '../depth.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 420_000
const at = '/instances/home/apps'
const canary = 'canary-note-of-a-person'

/** How data is written into an app and read back: its database by its own program, its volume by a file in it. */
interface Kept {
  app: string
  database: string
  server: string
  sql(statement: string): string[]
  claim: string
}

const postgres = (name: string) => (statement: string) => ['psql', `--dbname=${name}`, `--command=${statement};\n`]
const mysql = (name: string) => (statement: string) => ['mysql', `--execute=${statement};\n`, name]

const apps: Kept[] = [
  { app: 'ghost', database: 'ghost', server: 'mysql', sql: mysql('ghost'), claim: 'ghost-content' },
  { app: 'gitea', database: 'gitea', server: 'postgres', sql: postgres('gitea'), claim: 'gitea-data' },
  { app: 'immich', database: 'immich', server: 'postgres', sql: postgres('immich'), claim: 'immich-library' },
]
const walked = apps.slice(0, pick({ quick: 2, ci: 3, full: 3 }))

let world: Awaited<ReturnType<typeof startTestWorld>>

beforeAll(async () => {
  world = await startTestWorld({ speed: 200 })
  await walkUntil(world, 'services')
}, limitMs)

afterAll(() => world?.remove(), limitMs)

// biome-ignore lint/suspicious/noExplicitAny: records as REST tells them
async function start(path: string, body: unknown = {}): Promise<any> {
  const answer = await world.rest('POST', path, body)
  if (answer.status !== 202) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return world.ended(answer.body.operation_id)
}

async function completed(path: string, body: unknown = {}) {
  const record = await start(path, body)
  expect([path, record.status, record.error]).toEqual([path, 'completed', undefined])
  return record
}

const run = promisify(execFile)

/** Not blocking: connections that are kept alive must notice when they are closed. */
async function kubectl(...args: string[]): Promise<string> {
  const kubeconfig = join(world.dataDirectory, 'instances/home/.kube/config')
  const env = { ...process.env, ...world.toolEnvironment }
  return (await run(join(root, 'lab/bin/kubectl'), ['--kubeconfig', kubeconfig, ...args], { env })).stdout
}

/** Runs a statement in the database of an app; what it printed. */
async function query({ server, sql }: Kept, statement: string): Promise<string> {
  return (await kubectl('exec', `${server}-0`, '-n', server, '--', ...sql(statement))).trim()
}

/** Where the lab keeps what is in a volume. */
async function volume({ app, claim }: Kept): Promise<string> {
  const name = await kubectl('get', 'pvc', claim, '-n', app, '-o', 'jsonpath={.spec.volumeName}')
  const clusters = join(world.dataDirectory, 'lab/clusters')
  return join(clusters, readdirSync(clusters)[0]!, 'volumes', name)
}

async function podsOf(app: string): Promise<string[]> {
  return (await kubectl('get', 'pods', '-n', app, '-o', 'jsonpath={.items[*].metadata.name}'))
    .split(' ')
    .filter(Boolean)
}

/** Writes a file into a volume. */
async function write(kept: Kept, name: string, text: string): Promise<void> {
  const folder = join(await volume(kept), 'photos')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
}

describe.each(walked)('the data of $app', (kept) => {
  const { app } = kept
  let backup = ''

  it(
    'is backed up while the app stands still, which runs again afterwards',
    async () => {
      expect((await world.rest('POST', at, { name: app })).status).toBeLessThan(300)
      await completed(`${at}/${app}/deploy`)
      await query(kept, 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)')
      for (const id of [1, 2, 3]) await query(kept, `INSERT INTO notes VALUES (${id}, '${canary}-${id}')`)
      await write(kept, 'one.txt', `${canary}-file`)
      await write(kept, '.hidden', 'hidden')

      const record = await completed(`${at}/${app}/backups`)
      backup = record.result.backup
      const { backups } = (await world.rest('GET', `${at}/${app}/backups`)).body.data
      expect(backups).toMatchObject([{ id: backup, whole: true, app, kind: 'app' }])
      expect(backups[0].parts).toContainEqual(
        expect.objectContaining({ kind: 'database', source: kept.database, rows: 3 }),
      )
      expect(backups[0].parts).toContainEqual(expect.objectContaining({ kind: 'volume', source: kept.claim, files: 2 }))
      expect((await world.rest('GET', `${at}/${app}/status`)).body.data.status).toBe('running')
      expect((await podsOf(app)).filter((name) => name.startsWith('wild-backup'))).toEqual([])
      await completed(`/instances/home/backups/${backup}/verify`)
    },
    limitMs,
  )

  it(
    'comes back after it was changed, and what was added since is gone',
    async () => {
      await query(kept, "UPDATE notes SET text = 'overwritten'")
      await query(kept, "INSERT INTO notes VALUES (4, 'later')")
      await write(kept, 'one.txt', 'overwritten')
      await write(kept, 'later.txt', 'later')
      await completed(`${at}/${app}/restore`, { backup })
      expect(await query(kept, 'SELECT text FROM notes ORDER BY id')).toBe(
        [1, 2, 3].map((id) => `${canary}-${id}`).join('\n'),
      )
      expect(readFileSync(join(await volume(kept), 'photos/one.txt'), 'utf8')).toBe(`${canary}-file`)
      expect(readdirSync(join(await volume(kept), 'photos')).sort()).toEqual(['.hidden', 'one.txt'])
      expect(readdirSync(await volume(kept)).filter((name) => name.startsWith('.wild-'))).toEqual([])
      expect((await world.rest('GET', `${at}/${app}/status`)).body.data.status).toBe('running')
    },
    limitMs,
  )

  it(
    'comes back after the app was destroyed with everything it had',
    async () => {
      const before = await volume(kept)
      await kubectl('delete', 'namespace', app)
      const drop =
        kept.server === 'mysql'
          ? ['mysql', `--execute=DROP DATABASE IF EXISTS \`${kept.database}\`;\n`]
          : postgres('postgres')(`DROP DATABASE IF EXISTS "${kept.database}"`)
      await kubectl('exec', `${kept.server}-0`, '-n', kept.server, '--', ...drop)
      expect(existsSync(before)).toBe(false)
      await completed(`${at}/${app}/restore`)
      expect(await query(kept, 'SELECT count(*) FROM notes')).toBe('3')
      expect(readFileSync(join(await volume(kept), 'photos/one.txt'), 'utf8')).toBe(`${canary}-file`)
      expect((await world.rest('GET', `${at}/${app}/status`)).body.data.status).toBe('running')
    },
    limitMs,
  )
})

describe('no backup', () => {
  it('and no log of one holds what was in the app in the clear', () => {
    const found: string[] = []
    for (const entry of readdirSync(join(world.dataDirectory, 'backups'), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'latin1').includes(canary))
        found.push(entry.name)
    expect(found).toEqual([])
    const commands = JSON.stringify(labCommands(world.dataDirectory))
    const secrets = readFileSync(join(world.dataDirectory, 'instances/home/secrets.yaml'), 'utf8')
    const values = [...secrets.matchAll(/: ["']?([A-Za-z0-9]{20,})/g)].map(([, value]) => value!)
    expect(values.length).toBeGreaterThan(2)
    expect(values.filter((value) => commands.includes(value))).toEqual([])
    for (const name of readdirSync(join(world.dataDirectory, 'logs')))
      expect(readFileSync(join(world.dataDirectory, 'logs', name), 'utf8')).not.toContain(canary)
  })
})
