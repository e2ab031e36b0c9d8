import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'

const limitMs = 120_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let backup = ''

const rootOf = (name: string) => join(daemon.data, 'instances', name)

/** Every file of an instance with its bytes and mode. */
function filesOf(name: string): Record<string, string> {
  const root = rootOf(name)
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [
        path.slice(root.length + 1),
        `${(statSync(path).mode & 0o777).toString(8)} ${readFileSync(path).toString('base64')}`,
      ]),
  )
}

const restore = (body: object, query = '') =>
  daemon.rest('POST', `/instances/home/backups/${backup}/restore${query}`, body)

async function completed(answer: { status: number; text: string; body: { operation_id: string } }): Promise<void> {
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)])
  const { status, error } = await daemon.ended(answer.body.operation_id)
  expect([status, error]).toEqual(['completed', undefined])
}

beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'apps.blog.password', value: 'canary-of-a-blog' })
  const keys = {
    'setup/cluster-nodes/generated/secrets.yaml': 'cluster: {secret: canary-of-talos}\n',
    '.talos/config': 'context: home\n',
    '.kube/config': 'apiVersion: v1\n',
  }
  for (const [path, text] of Object.entries(keys)) {
    mkdirSync(dirname(join(rootOf('home'), path)), { recursive: true })
    writeFileSync(join(rootOf('home'), path), text, { mode: 0o600 })
  }
  writeFileSync(join(rootOf('home'), 'apps/picture.bin'), Buffer.from([0, 255, 10, 13, 0, 128]))
}, limitMs)

afterAll(() => daemon?.stop(), limitMs)

describe('a backup of the folder of an instance', () => {
  it(
    'makes another instance, the same byte by byte, keys and secrets among it',
    async () => {
      await completed(await daemon.rest('POST', '/instances/home/backups', { only: ['home'] }))
      backup = (await daemon.rest('GET', '/instances/home/backups')).body.data.backups[0].id
      const before = filesOf('home')
      const planned = await restore({ name: 'second' }, '?plan=true')
      expect(planned.text).toContain(`made of ${backup}`)
      expect(readdirSync(join(daemon.data, 'instances'))).toEqual(['home'])
      await completed(await restore({ name: 'second' }))
      expect(filesOf('second')).toEqual(before)
      expect(Object.keys(before)).toContain('setup/cluster-nodes/generated/secrets.yaml')
      const { instances } = (await daemon.rest('GET', '/instances')).body.data
      expect(instances.map(({ name }: { name: string }) => name).sort()).toEqual(['home', 'second'])
    },
    limitMs,
  )

  it(
    'is refused over an instance that is there, under a name that is none, and from a backup that is none',
    async () => {
      const before = filesOf('home')
      for (const body of [{}, { name: 'second' }]) {
        const { status, body: answer } = await restore(body)
        expect([status, answer.error.code, answer.error.details.field]).toEqual([409, 'ALREADY_EXISTS', 'name'])
      }
      expect((await restore({ name: '../evil' })).body.error.details.field).toBe('name')
      const unknown = backup.replace(/....$/, 'none')
      const answer = await daemon.rest('POST', `/instances/home/backups/${unknown}/restore`, { name: 'third' })
      expect([answer.status, answer.body.error.code]).toEqual([404, 'NOT_FOUND'])
      expect(filesOf('home')).toEqual(before)
      expect(readdirSync(join(daemon.data, 'instances')).sort()).toEqual(['home', 'second'])
    },
    limitMs,
  )

  it(
    'brings a deleted instance back under its own name',
    async () => {
      const before = filesOf('second')
      expect((await daemon.rest('DELETE', '/instances/home')).status).toBeLessThan(300)
      expect((await daemon.rest('GET', '/instances/home/backups')).body).toMatchObject({
        data: { backups: [{ id: backup }] },
      })
      await completed(await restore({}))
      expect(filesOf('home')).toEqual(before)
    },
    limitMs,
  )
})

describe('an instance made anew under the name of a deleted one', () => {
  it(
    'has backups under its own password, not under that of the deleted one',
    async () => {
      const create = () => daemon.rest('POST', '/instances', { name: 'again' })
      const backUp = async () => {
        const at = '/instances/again/backups'
        await completed(await daemon.rest('POST', at, { only: ['home'] }))
        return (await daemon.rest('GET', at)).body.data.backups[0].id as string
      }
      await create()
      await backUp()
      expect((await daemon.rest('DELETE', '/instances/again')).status).toBeLessThan(300)
      await create()
      const fresh = await backUp()
      await completed(await daemon.rest('POST', `/instances/again/backups/${fresh}/verify`))
      await completed(await daemon.rest('POST', `/instances/again/backups/${fresh}/restore`, { name: 'copy' }))
      expect(filesOf('copy')['secrets.yaml']).toBe(filesOf('again')['secrets.yaml'])
    },
    limitMs,
  )
})
