import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
})
afterAll(() => daemon.stop())

const file = (instance: string, name: string) => join(daemon.data, 'instances', instance, name)

describe('creating an instance', () => {
  it('answers 201 with the plan’s body, writes its files, and makes it the context', async () => {
    const { status, body } = await daemon.rest('POST', '/instances', { name: 'home', description: 'Ours' })
    expect(status).toBe(201)
    expect(body).toEqual({
      success: true,
      data: { name: 'home', created_at: expect.any(String), status: 'initialized' },
    })
    expect(statSync(file('home', 'secrets.yaml')).mode & 0o777).toBe(0o600)
    expect(statSync(file('home', '.')).mode & 0o777).toBe(0o700)
    expect(readdirSync(file('home', '.')).sort()).toEqual([
      '.gitignore',
      '.kube',
      '.talos',
      '.wildcloud',
      'README.md',
      'apps',
      'config.yaml',
      'secrets.yaml',
      'setup',
    ])
    expect((await daemon.rest('GET', '/context')).body.data).toEqual({ current: 'home' })
  })

  it('fills in defaults for this network, and lets given settings win', async () => {
    await daemon.rest('POST', '/instances', {
      name: 'given',
      config: { cluster: { nodes: { control: { vip: '127.90.0.60' } } } },
    })
    const { data } = (await daemon.rest('GET', '/instances/given/config')).body
    expect(data.cluster).toMatchObject({
      name: 'given',
      ipAddressPool: '127.90.0.80-127.90.0.89',
      loadBalancerIp: '127.90.0.80',
      nodes: { control: { vip: '127.90.0.60' } },
    })
    expect(data.cloud).toEqual({ router: { ip: '127.90.0.1' }, dns: { ip: '127.90.0.50' } })
    expect(data.cluster.nodes.talos.schematicId).toBe(
      '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245',
    )
  })

  it('refuses a second one of the same name and leaves the first alone', async () => {
    const before = readFileSync(file('home', 'config.yaml'), 'utf8')
    const { status, body } = await daemon.rest('POST', '/instances', { name: 'home' })
    expect([status, body.error.code, body.error.details.name]).toEqual([409, 'ALREADY_EXISTS', 'home'])
    expect(readFileSync(file('home', 'config.yaml'), 'utf8')).toBe(before)
  })

  it.each([
    ['a path', '../x'],
    ['nothing', ''],
    ['300 characters', 'a'.repeat(300)],
    ['upper case', 'Home'],
    ['a look-alike letter', 'hоme'],
    ['a NUL', 'ho\0me'],
    ['a number', 5],
    ['nothing at all', undefined],
  ])('refuses %s as a name, naming the field, and creates nothing', async (_what, name) => {
    const before = readdirSync(join(daemon.data, 'instances'))
    const { status, body } = await daemon.rest('POST', '/instances', { name })
    expect([status, body.error.code, body.error.details.field]).toEqual([400, 'INVALID_INPUT', 'name'])
    expect(readdirSync(join(daemon.data, 'instances'))).toEqual(before)
  })

  it('refuses unknown fields and broken JSON by name', async () => {
    const unknown = await daemon.rest('POST', '/instances', { name: 'x1', colour: 'red' })
    expect([unknown.status, unknown.body.error.details.field]).toEqual([400, 'colour'])
    const broken = await daemon.rest('POST', '/instances', '{"name":')
    expect([broken.status, broken.body.error.details.field]).toEqual([400, 'body'])
    expect(existsSync(file('x1', '.'))).toBe(false)
  })
})

describe('reading instances', () => {
  it('lists and shows them with the plan’s fields', async () => {
    const list = (await daemon.rest('GET', '/instances')).body.data.instances
    expect(list.find(({ name }: { name: string }) => name === 'home')).toEqual({
      name: 'home',
      description: 'Ours',
      status: 'initialized',
      node_count: 0,
      created_at: expect.any(String),
    })
    const one = (await daemon.rest('GET', '/instances/home')).body.data
    expect(one).toMatchObject({
      service_count: 0,
      app_count: 0,
      config_path: file('home', 'config.yaml'),
      missing: ['operator.email', 'cloud.baseDomain', 'cloud.domain', 'cloud.internalDomain'],
    })
  })

  it('answers 404 with the name for one that is not there, through every door', async () => {
    for (const path of ['', '/config', '/config/yaml', '/secrets', '/nodes', '/services', '/apps', '/cluster/status']) {
      const { status, body } = await daemon.rest('GET', `/instances/nope${path}`)
      expect([path, status, body?.error?.code, body?.error?.details.name]).toEqual([path, 404, 'NOT_FOUND', 'nope'])
    }
    const { body } = await daemon.graphql('{ instance(instance: "nope") { name } }')
    expect(body.errors[0].extensions).toMatchObject({ code: 'NOT_FOUND', details: { name: 'nope' } })
  })
})

describe('deleting an instance', () => {
  it('moves it to the trash and drops it as the context', async () => {
    await daemon.rest('POST', '/instances', { name: 'gone' })
    await daemon.rest('POST', '/context', { instance: 'gone' })
    writeFileSync(file('gone', 'note.txt'), 'mine')
    const { status, body } = await daemon.rest('DELETE', '/instances/gone')
    expect([status, body]).toEqual([200, { success: true, message: 'Instance deleted' }])
    expect((await daemon.rest('GET', '/instances/gone')).status).toBe(404)
    expect((await daemon.rest('GET', '/context')).body.data).toEqual({})
    const [trashed] = readdirSync(join(daemon.data, 'trash'))
    expect(readFileSync(join(daemon.data, 'trash', trashed!, 'note.txt'), 'utf8')).toBe('mine')
  })
})

describe('the context', () => {
  it('is switched, and refuses an instance that is not there', async () => {
    const { status, body } = await daemon.rest('POST', '/context', { instance: 'home' })
    expect([status, body]).toEqual([200, { success: true, message: 'Context switched to home' }])
    expect((await daemon.rest('POST', '/context', { instance: 'nope' })).status).toBe(404)
    expect((await daemon.rest('GET', '/context')).body.data.current).toBe('home')
  })
})

describe('the phases of an instance', () => {
  it('say what is missing and what to do, and go on when it is there', async () => {
    await daemon.rest('POST', '/instances', { name: 'phased' })
    const phases = async () => (await daemon.rest('GET', '/instances/phased/phases')).body.data.phases
    const [setup, infrastructure] = await phases()
    expect(setup).toMatchObject({ name: 'setup', complete: false })
    expect(setup.checks[0]).toMatchObject({ ok: false, remedy: 'wild-cli config prompt' })
    expect(setup.checks[0].message).toContain('operator.email')
    expect(infrastructure.checks[0].message).toBe('No machine has this role yet.')
    const given = { 'operator.email': 'a@example.com', 'cloud.baseDomain': 'example.com' }
    const domains = { 'cloud.domain': 'cloud.example.com', 'cloud.internalDomain': 'internal.cloud.example.com' }
    for (const [key, value] of Object.entries({ ...given, ...domains }))
      await daemon.rest('PUT', '/instances/phased/config', { path: key, value })
    expect((await phases())[0]).toEqual({
      name: 'setup',
      complete: true,
      checks: [{ name: 'required settings', ok: true, message: 'All are set.' }],
    })
  })

  it('of one that is not there are 404', async () => {
    expect((await daemon.rest('GET', '/instances/nobody/phases')).status).toBe(404)
  })
})
