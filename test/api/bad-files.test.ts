import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
const outside = temporaryFolder('outside')
const file = (name: string) => join(daemon.data, 'instances/odd', name)
const names = ['config.yaml', 'secrets.yaml'] as const
beforeAll(async () => {
  daemon = await startDaemon()
  for (const name of ['home', 'odd']) await daemon.rest('POST', '/instances', { name })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'a.b', value: 'a-secret-value' })
})
beforeEach(() => {
  for (const name of names) rmSync(file(name), { recursive: true, force: true })
  writeFileSync(file('config.yaml'), 'cluster:\n  name: odd\n')
  writeFileSync(file('secrets.yaml'), 'a:\n  b: another-secret\n', { mode: 0o600 })
})
afterAll(async () => {
  await daemon.stop()
  outside.remove()
})

const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  .map((name, at) => {
    const before = 'abcdefgh'[at]
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]\n`
  })
  .join('')}`

/** Texts that are no config; each is answered as a problem of this one instance. */
const broken: [string, string | Buffer][] = [
  ['a YAML bomb', bomb],
  ['an alias of nothing', 'a: *nobody\n'],
  ['a key twice', 'a: 1\nb: 2\na: 3\n'],
  ['tabs as indentation', 'a:\n\tb: 1\n'],
  ['a list at the top', '- a\n- b\n'],
  ['a scalar at the top', 'hello\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['10 MB', `a: "${'x'.repeat(10 * 1024 * 1024)}"\n`],
  ['bytes that are not UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a])],
  ['UTF-16', Buffer.from('a: 1\n', 'utf16le')],
  ['10,000 levels', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
  ['brackets without end', `a: ${'['.repeat(10_000)}\n`],
]

/** Every door to the file. */
async function doors(name: (typeof names)[number]) {
  const base = '/instances/odd'
  return name === 'config.yaml'
    ? Promise.all([
        daemon.rest('GET', `${base}/config`),
        daemon.rest('GET', `${base}/config?path=cluster.name`),
        daemon.rest('PUT', `${base}/config`, { path: 'new.key', value: 1 }),
        daemon.rest('POST', `${base}/templates/render`, { template: '{{ .cluster.name }}' }),
      ])
    : Promise.all([
        daemon.rest('GET', `${base}/secrets`),
        daemon.rest('GET', `${base}/secrets/list`),
        daemon.rest('PUT', `${base}/secrets`, { path: 'new.key', value: 'some-value' }),
        daemon.rest('POST', `${base}/secrets/reveal`, { path: 'a.b' }),
        daemon.rest('POST', `${base}/templates/render`, { template: 'x', secrets: true }),
      ])
}

async function othersGoOn() {
  const answers = await Promise.all([
    daemon.rest('GET', '/instances'),
    daemon.rest('GET', '/instances/home/config'),
    daemon.rest('GET', '/instances/home/secrets/list'),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
}

describe.each(names)('%s with', (name) => {
  it.each(broken)('%s is a problem of that instance alone, and stays as it is', async (_what, text) => {
    writeFileSync(file(name), text)
    for (const { status, body } of await doors(name)) {
      expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
      expect(body.error.message).toContain(`${name} of odd`)
      // What is too large is not read at all.
      if (text.length < 2 ** 21) expect(body.error.details.line).toEqual(expect.any(Number))
    }
    expect(readFileSync(file(name)).equals(Buffer.from(text))).toBe(true)
    await othersGoOn()
  })

  it.each([
    ['a byte order mark', '\uFEFFcluster:\n  name: odd\na:\n  b: x1234567\n'],
    ['CRLF', 'cluster:\r\n  name: odd\r\na:\r\n  b: x1234567\r\n'],
    ['aliases used with measure', 'cluster: &c\n  name: odd\na:\n  b: x1234567\nother: *c\n'],
    ['a merge key', 'base: &c\n  name: odd\ncluster:\n  <<: *c\na:\n  b: x1234567\n'],
    ['nothing in it', ''],
    ['only a comment', '# nothing yet\n'],
  ])('%s is read and changed', async (_what, text) => {
    writeFileSync(file(name), text)
    const empty = !text.includes('name')
    const template = empty ? 'x' : '{{ .cluster.name }}'
    const [read, set] =
      name === 'config.yaml'
        ? [
            await daemon.rest('POST', '/instances/odd/templates/render', { template }),
            await daemon.rest('PUT', '/instances/odd/config', { path: 'new.key', value: 1 }),
          ]
        : [
            await daemon.rest('GET', '/instances/odd/secrets'),
            await daemon.rest('PUT', '/instances/odd/secrets', { path: 'new.key', value: 'some-value' }),
          ]
    expect([read.status, set.status]).toEqual([200, 200])
    if (name === 'config.yaml') expect(read.body.data.text).toBe(empty ? 'x' : 'odd')
    const after = readFileSync(file(name), 'utf8')
    expect(after).toContain('key:')
    expect(after.includes('\r\n')).toBe(text.includes('\r\n'))
  })

  it('a folder in its place is a problem of that instance alone', async () => {
    rmSync(file(name))
    mkdirSync(file(name))
    for (const { status, body } of await doors(name)) {
      expect(status, JSON.stringify(body)).not.toBe(500)
      expect(status).toBeGreaterThanOrEqual(400)
    }
    expect(lstatSync(file(name)).isDirectory()).toBe(true)
    await othersGoOn()
  })

  it('a pipe in its place is a problem of that instance alone, and nobody waits for it', async () => {
    rmSync(file(name))
    spawnSync('mkfifo', [file(name)])
    for (const { status, body } of await doors(name)) expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
    await othersGoOn()
  })

  it('a link that leads out in its place never has its target changed', async () => {
    const target = join(outside.path, name)
    writeFileSync(target, 'a:\n  b: outside-value\n')
    rmSync(file(name))
    symlinkSync(target, file(name))
    for (const { status } of await doors(name)) expect(status).not.toBe(500)
    expect(readFileSync(target, 'utf8')).toBe('a:\n  b: outside-value\n')
  })

  it('a link to itself in its place is a problem of that instance alone', async () => {
    rmSync(file(name))
    symlinkSync(file(name), file(name))
    for (const { status } of await doors(name)) expect([status >= 400, status === 500]).toEqual([true, false])
    await othersGoOn()
  })
})

describe('paths', () => {
  const wrong = [
    ...['a..b', 'a.', 'a[', 'a[x]', 'a[-1]', 'a"b', '"a', 'a b"', ''],
    ...['__proto__', '__proto__.x', 'a.constructor.prototype', 'prototype.x', 'a."__proto__".b'],
    ...['a\0b', `${'a.'.repeat(400)}b`, 'cluster.name.deeper', 'cluster.name[0]'],
  ]
  it.each(wrong)('%j sets nothing, in config or secrets', async (path) => {
    const before = names.map((name) => readFileSync(file(name), 'utf8'))
    await daemon.rest('PUT', '/instances/odd/secrets', { path: 'cluster.name', value: 'odd-secret' })
    const secrets = readFileSync(file('secrets.yaml'), 'utf8')
    const config = await daemon.rest('PUT', '/instances/odd/config', { path, value: 1 })
    const set = await daemon.rest('PUT', '/instances/odd/secrets', { path, value: 'long-enough' })
    const made = await daemon.rest('POST', '/instances/odd/secrets/generate', { path })
    for (const { status, body } of [config, set, made])
      expect([path, status, body.error?.details.field]).toEqual([path, 400, 'path'])
    expect(readFileSync(file('config.yaml'), 'utf8')).toBe(before[0])
    expect(readFileSync(file('secrets.yaml'), 'utf8')).toBe(secrets)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it.each([
    '..',
    '../home',
    'home/..',
    'home\0',
    'HOME',
    'hоme',
    'ｈome',
    'home\u200b',
    '-home',
    'ho me',
    '.',
    '%2e%2e',
  ])('the instance name %j is refused everywhere', async (name) => {
    const at = `/instances/${encodeURIComponent(name)}`
    const answers = await Promise.all([
      daemon.rest('GET', `${at}/config`),
      daemon.rest('PUT', `${at}/config`, { path: 'a', value: 1 }),
      daemon.rest('GET', `${at}/secrets/list`),
      daemon.rest('POST', `${at}/templates/render`, { template: 'x' }),
      daemon.rest('POST', '/instances', { name }),
    ])
    for (const { status } of answers) expect([name, [400, 404, 405].includes(status)]).toEqual([name, true])
  })
})
