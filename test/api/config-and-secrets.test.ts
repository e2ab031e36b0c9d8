import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
})
afterAll(() => daemon.stop())

const file = (name: string) => join(daemon.data, 'instances/home', name)
const config = () => readFileSync(file('config.yaml'), 'utf8')

describe('configuration', () => {
  it('keeps types, comments and order when one key is set', async () => {
    writeFileSync(
      file('config.yaml'),
      '# mine\ncloud:\n  domain: cloud.example.com # public\ncluster:\n  nodeCount: 3\n',
    )
    const { status, body } = await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.nodeCount', value: 5 })
    expect([status, body]).toEqual([200, { success: true, message: 'Configuration updated' }])
    expect(config()).toBe('# mine\ncloud:\n  domain: cloud.example.com # public\ncluster:\n  nodeCount: 5\n')
  })

  it('reads one value by path, quoted segments and list items included', async () => {
    await daemon.rest('PUT', '/instances/home/config', {
      path: 'nodes."10.0.0.1".disks',
      value: ['/dev/sda', { size: 5 }],
    })
    const { body } = await daemon.rest(
      'GET',
      `/instances/home/config?path=${encodeURIComponent('nodes."10.0.0.1".disks[1].size')}`,
    )
    expect(body).toEqual({ success: true, data: 5 })
    const absent = await daemon.rest('GET', '/instances/home/config?path=cluster.nope')
    expect([absent.status, absent.body.error.details.name]).toEqual([404, 'cluster.nope'])
  })

  it('gives and takes the whole file as text', async () => {
    const text = 'cluster:\n    name:   home # kept as written\n'
    expect((await daemon.rest('PUT', '/instances/home/config/yaml', text)).status).toBe(200)
    const answer = await daemon.rest('GET', '/instances/home/config/yaml')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(answer.text).toBe(text)
  })

  it('keeps the text before each change as a version', async () => {
    const before = config()
    await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.extra', value: true })
    const folder = file('.wildcloud/history/config.yaml')
    const versions = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(versions).toContain(before)
  })

  it.each([
    ['a path that makes no sense', { path: 'a..b', value: 1 }, 'path'],
    ['a path through a value', { path: 'cluster.name.deeper', value: 1 }, 'path'],
    ['a key that would poison objects', { path: '__proto__.x', value: 1 }, 'path'],
    ['no path', { value: 1 }, 'path'],
    ['no value', { path: 'a.b' }, 'value'],
    ['an address that is none', { path: 'cluster.nodes.control.vip', value: '300.1.1.1' }, 'cluster.nodes.control.vip'],
    [
      'a number where a version belongs',
      { path: 'cluster.nodes.talos.version', value: 1.11 },
      'cluster.nodes.talos.version',
    ],
  ])('refuses %s, naming the field, and changes nothing', async (_what, input, field) => {
    const before = config()
    const { status, body } = await daemon.rest('PUT', '/instances/home/config', input)
    expect([status, body.error.code, body.error.details.field]).toEqual([400, 'INVALID_INPUT', field])
    expect(config()).toBe(before)
  })

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1\n'],
    ['the same key twice', 'a: 1\na: 2\n'],
    ['a list at the top', '- a\n'],
    ['an unclosed quote', 'a: "b\n'],
  ])('refuses YAML with %s, saying where', async (_what, yaml) => {
    const before = config()
    const { status, body } = await daemon.rest('PUT', '/instances/home/config/yaml', yaml)
    expect([status, body.error.code, body.error.details.field, body.error.details.line]).toEqual([
      400,
      'INVALID_INPUT',
      'yaml',
      expect.any(Number),
    ])
    expect(config()).toBe(before)
  })

  it('says line and column of a file broken by hand, never overwrites it, and serves everything else', async () => {
    const good = config()
    writeFileSync(file('config.yaml'), 'cluster:\n  name: "home\n')
    const read = await daemon.rest('GET', '/instances/home/config')
    expect([read.status, read.body.error.code, read.body.error.details.line]).toEqual([422, 'CONFIG_INVALID', 3])
    expect((await daemon.rest('PUT', '/instances/home/config', { path: 'a.b', value: 1 })).status).toBe(422)
    expect(config()).toBe('cluster:\n  name: "home\n')
    expect((await daemon.rest('GET', '/instances')).status).toBe(200)
    writeFileSync(file('config.yaml'), good)
  })

  it('loses no change when many write at once', async () => {
    const keys = Array.from({ length: 60 }, (_unused, index) => `many.k${index}`)
    const answers = await Promise.all(
      keys.map((path, index) => daemon.rest('PUT', '/instances/home/config', { path, value: index })),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const { data } = (await daemon.rest('GET', '/instances/home/config?path=many')).body
    expect(data).toEqual(Object.fromEntries(keys.map((path, index) => [path.slice(5), index])))
  })

  it('tells subscribers about a change made by hand', async () => {
    const client = daemon.socket()
    const changes = client.iterate({ query: 'subscription { instanceChanges(instance: "home") { instance part } }' })
    const first = changes.next()
    // The subscription is in place once the server has answered another request on the same socket.
    await client.iterate({ query: '{ health { status } }' }).next()
    writeFileSync(file('config.yaml'), `${config()}# by hand\n`)
    expect((await first).value).toEqual({ data: { instanceChanges: { instance: 'home', part: 'config' } } })
    await changes.return?.()
    await client.dispose()
  })
})

describe('secrets', () => {
  it('are set, shown only as ***, and stay 0600', async () => {
    const set = await daemon.rest('PUT', '/instances/home/secrets', {
      path: 'apps.ghost.adminPassword',
      value: 'horse-battery-staple',
    })
    expect([set.status, set.body]).toEqual([200, { success: true, message: 'Secret updated' }])
    const all = await daemon.rest('GET', '/instances/home/secrets')
    expect(all.body.data).toEqual({ apps: { ghost: { adminPassword: '***' } } })
    const one = await daemon.rest('GET', '/instances/home/secrets?path=apps.ghost.adminPassword')
    expect(one.body.data).toBe('***')
    expect(all.text + one.text).not.toContain('horse-battery')
    expect(statSync(file('secrets.yaml')).mode & 0o777).toBe(0o600)
  })

  it('are generated and answered once, and not overwritten unless told', async () => {
    const made = await daemon.rest('POST', '/instances/home/secrets/generate', {
      path: 'apps.newapp.apiKey',
      length: 40,
    })
    expect(made.status).toBe(201)
    expect(made.body.data).toEqual({ path: 'apps.newapp.apiKey', value: expect.stringMatching(/^[A-Za-z0-9]{40}$/) })
    expect(made.headers.get('cache-control')).toBe('no-store')
    const again = await daemon.rest('POST', '/instances/home/secrets/generate', { path: 'apps.newapp.apiKey' })
    expect([again.status, again.body.error.code]).toEqual([409, 'ALREADY_EXISTS'])
    const over = await daemon.rest('POST', '/instances/home/secrets/generate', {
      path: 'apps.newapp.apiKey',
      overwrite: true,
    })
    expect(over.body.data.value).toHaveLength(32)
  })

  it.each([
    ['a value and generate together', { path: 'a.b', value: 'x', generate: true }, 'value'],
    ['neither', { path: 'a.b' }, 'value'],
    ['a section', { path: 'apps.ghost', value: 'xxxxxxxx' }, 'path'],
  ])('refuse %s', async (_what, input, field) => {
    const before = readFileSync(file('secrets.yaml'), 'utf8')
    const { status, body } = await daemon.rest('PUT', '/instances/home/secrets', input)
    expect([status, body.error.details.field]).toEqual([400, field])
    expect(readFileSync(file('secrets.yaml'), 'utf8')).toBe(before)
  })

  it('are narrowed again when their file was opened to others', async () => {
    chmodSync(file('secrets.yaml'), 0o644)
    await daemon.rest('GET', '/instances/home/secrets')
    expect(statSync(file('secrets.yaml')).mode & 0o777).toBe(0o600)
  })
})
