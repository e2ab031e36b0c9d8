import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
})
afterAll(() => daemon.stop())

const route = '/instances/home/config'
const file = () => join(daemon.data, 'instances/home/config.yaml')
const text = () => readFileSync(file(), 'utf8')
const versions = async () => (await daemon.rest('GET', `${route}/history`)).body.data.versions
const start = '# mine\ncloud:\n  domain: cloud.example.com # public\n  dns:\n    ip: 127.90.0.50\n'

beforeEach(async () => {
  await daemon.rest('PUT', `${route}/yaml`, start)
})

describe('several changes at once', () => {
  it('are all made, and comments stay', async () => {
    const changes = [
      { path: 'cloud.domain', value: 'c.example.org' },
      { path: 'cloud.dns.ip', delete: true },
      { path: 'apps.ghost.port', value: 80 },
    ]
    expect((await daemon.rest('POST', `${route}/change`, { changes })).status).toBe(200)
    expect(text()).toContain('# mine\ncloud:\n  domain: c.example.org # public\n')
    expect((await daemon.rest('GET', `${route}?path=apps.ghost.port`)).body.data).toBe(80)
    expect((await daemon.rest('GET', `${route}?path=cloud.dns.ip`)).status).toBe(404)
  })

  it.each([
    ['a value that a key cannot hold', { path: 'cloud.dns.ip', value: '300.1.1.1' }, 'cloud.dns.ip'],
    ['a path through a value', { path: 'cloud.domain.deeper', value: 1 }, 'path'],
    ['a path that makes no sense', { path: 'a..b', value: 1 }, 'path'],
  ])('are none of them made when one is %s', async (_what, bad, field) => {
    const { status, body } = await daemon.rest('POST', `${route}/change`, {
      changes: [{ path: 'cloud.domain', value: 'c.example.org' }, bad],
    })
    expect([status, body.error.details.field]).toEqual([400, field])
    expect(text()).toBe(start)
  })
})

describe('deleting a key', () => {
  it('takes it and leaves the rest as it was', async () => {
    expect((await daemon.rest('DELETE', `${route}?path=cloud.dns`)).status).toBe(200)
    expect(text()).toBe('# mine\ncloud:\n  domain: cloud.example.com # public\n')
  })

  it('answers 404 for one that is not there', async () => {
    expect((await daemon.rest('DELETE', `${route}?path=cloud.nope`)).status).toBe(404)
    expect((await daemon.rest('DELETE', route)).status).toBe(400)
  })
})

describe('validation', () => {
  it('lists every problem with its path and line', async () => {
    writeFileSync(
      file(),
      'cloud:\n  domain: NOT A DOMAIN\n  smtp:\n    port: 99999\n  wrod: 1\ncluster: text\napps:\n  any: {thing: 1}\n',
    )
    const { problems } = (await daemon.rest('GET', `${route}/validate`)).body.data
    const brief = problems.map((each: Record<string, unknown>) => [each.severity, each.path, each.line])
    expect(brief.slice(0, 4)).toEqual([
      ['error', 'cloud.domain', 2],
      ['error', 'cloud.smtp.port', 4],
      ['warning', 'cloud.wrod', 5],
      ['error', 'cluster', 6],
    ])
    expect(brief).toContainEqual(['warning', 'operator.email', undefined])
    expect(brief.some(([, path]: [string, string]) => path.startsWith('apps'))).toBe(false)
  })

  it('says where a text stops being YAML, for a draft as well, and writes nothing', async () => {
    const { problems } = (await daemon.rest('POST', `${route}/validate`, 'a: "b\n')).body.data
    expect(problems[0]).toMatchObject({ severity: 'error', line: 2 })
    expect(text()).toBe(start)
  })

  it('finds nothing wrong with a new instance but what is still to be given', async () => {
    await daemon.rest('POST', '/instances', { name: 'fresh' })
    const { problems } = (await daemon.rest('GET', '/instances/fresh/config/validate')).body.data
    expect(problems.map(({ path }: { path: string }) => path)).toEqual([
      'operator.email',
      'cloud.baseDomain',
      'cloud.domain',
      'cloud.internalDomain',
    ])
  })
})

describe('known keys', () => {
  it('come with defaults made for this instance and its network', async () => {
    await daemon.rest('PUT', `${route}/yaml`, 'cloud:\n  baseDomain: example.com\n')
    const { keys } = (await daemon.rest('GET', `${route}/keys`)).body.data
    const of = (path: string) => keys.find((key: { path: string }) => key.path === path)
    expect(of('cloud.internalDomain')).toMatchObject({ is_set: false, suggestion: 'internal.cloud.example.com' })
    expect(of('cluster.nodes.control.vip').suggestion).toBe('127.90.0.90')
    expect(of('cloud.baseDomain')).toMatchObject({ is_set: true, value: 'example.com', required: true })
  })
})

describe('history', () => {
  it('has each change with its door and its keys, and restores an earlier text as a new version', async () => {
    await daemon.rest('PUT', route, { path: 'cloud.domain', value: 'c.example.org' }, { 'user-agent': 'wild-cli' })
    const [newest, before] = await versions()
    expect(newest).toMatchObject({ via: 'cli', keys: ['cloud.domain'], reason: 'config set cloud.domain' })
    const diff = await daemon.rest('GET', `${route}/history/${before.version}/diff`)
    expect(diff.text).toContain('-  domain: cloud.example.com # public\n+  domain: c.example.org # public\n')
    expect((await daemon.rest('POST', `${route}/history/${before.version}/restore`)).status).toBe(200)
    expect(text()).toBe(start)
    expect((await versions())[0]).toMatchObject({ version: newest.version + 1, keys: ['cloud.domain'] })
    expect((await daemon.rest('GET', `${route}/history/${newest.version}`)).text).toContain('c.example.org')
  })

  it('notices edits made by hand, broken ones too, and a restore mends them', async () => {
    const [good] = await versions()
    writeFileSync(file(), `${start}cluster:\n  name: hand\n`)
    expect((await versions())[0]).toMatchObject({ via: 'file', keys: ['cluster'] })
    writeFileSync(file(), 'cluster: "\n')
    expect((await versions())[0]).toMatchObject({ via: 'file' })
    expect((await daemon.rest('GET', `${route}/yaml`)).text).toBe('cluster: "\n')
    expect((await daemon.rest('POST', `${route}/history/${good.version}/restore`)).status).toBe(200)
    expect(text()).toBe(start)
  })

  it.each(['0', '999', 'x', '-1'])('has no version %s', async (version) => {
    expect((await daemon.rest('GET', `${route}/history/${version}`)).status).toBe(version === 'x' ? 400 : 404)
  })
})

describe('replacing the text', () => {
  it('is refused when somebody changed the file since the text it was made from', async () => {
    const base = createHash('sha256').update(start).digest('hex')
    writeFileSync(file(), `${start}# by hand\n`)
    const { status, body } = await daemon.rest('PUT', `${route}/yaml?base=${base}`, 'a: 1\n')
    expect([status, body.error.code]).toEqual([409, 'CONFLICT'])
    expect(text()).toBe(`${start}# by hand\n`)
  })
})
