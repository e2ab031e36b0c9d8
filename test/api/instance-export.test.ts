import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seal, unseal } from '../../server/src/domains/instances/archive/seal.ts'
import { pick, printSeed, randoms } from '../depth.ts'
import { startDaemon, temporaryFolder } from '../world.ts'

printSeed('instance-export')
const random = randoms('kills')
const passphrase = 'correct horse battery staple'
const folder = temporaryFolder('export')
let daemon: Awaited<ReturnType<typeof startDaemon>>
let archive: Buffer

beforeAll(async () => {
  daemon = await startDaemon({ data: join(folder.path, 'data') })
  await daemon.rest('POST', '/instances', { name: 'home', description: 'Ours' })
  await daemon.rest('PUT', '/instances/home/config', { path: 'cloud.domain', value: 'cloud.example.com' })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'apps.ghost.dbPassword', value: 'a secret of ghosts' })
  write('apps/ghost/manifest.yaml', 'name: ghost\n')
  write('apps/ghost/picture.bin', randomBytes(5_000))
  write('apps/ghost/run.sh', '#!/bin/sh\n', 0o755)
  write('setup/cluster-nodes/generated/secrets.yaml', 'secret: abc\n', 0o600)
  write('.kube/config', 'apiVersion: v1\n', 0o600)
  write('.talos/config', 'context: home\n', 0o600)
  write('.wildcloud/home/cache/large', 'made again by tools')
  write('apps/.half.0123456789ab.tmp', 'left by a power cut')
  mkdirSync(at('apps/empty'))
  archive = (await exported('home')).bytes
})
afterAll(async () => {
  await daemon.stop()
  folder.remove()
})

const at = (file: string, instance = 'home') => join(daemon.data, 'instances', instance, file)

function write(file: string, text: string | Buffer, mode = 0o644): void {
  mkdirSync(join(at(file), '..'), { recursive: true })
  writeFileSync(at(file), text)
  chmodSync(at(file), mode)
}

async function exported(name: string, phrase: unknown = passphrase) {
  const response = await fetch(`${daemon.url}/api/v1/instances/${name}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ passphrase: phrase }),
  })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

function imported(bytes: Uint8Array, options: { name?: string; passphrase?: string } = {}) {
  return daemon.rest('POST', '/instances/import', {
    archive: Buffer.from(bytes).toString('base64'),
    passphrase,
    ...options,
  })
}

/** Every file with mode and content, every folder. */
function contents(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(root, path)
    if (name.startsWith('.wildcloud/home') || name.endsWith('.tmp')) continue
    found[name] = entry.isDirectory()
      ? 'folder'
      : `${(statSync(path).mode & 0o777).toString(8)} ${readFileSync(path).toString('base64')}`
  }
  return found
}

/** Names in the folder of instances, and their trash: what a refusal must leave as it was. */
const there = () => readdirSync(join(daemon.data, 'instances')).sort()

/** A file sealed by somebody who knows the passphrase, holding what they like. */
function crafted(...entries: object[]): Promise<Buffer> {
  const head = { format: 'wild-central-instance', name: 'crafted', exportedAt: new Date().toISOString() }
  const lines = [head, ...entries].map((each) => `${JSON.stringify(each)}\n`)
  return seal(gzipSync(lines.join('')), passphrase)
}
const file = (path: string, text: string, mode = 0o644) => ({ path, mode, data: Buffer.from(text).toString('base64') })
const whole = [
  { path: '.wildcloud', mode: 0o700 },
  file('config.yaml', 'cluster: {name: crafted}\n'),
  file('secrets.yaml', '{}\n', 0o666),
]

describe('exporting an instance', () => {
  it('answers the file as bytes to be saved, not to be kept by anyone on the way', async () => {
    const { status, headers, bytes } = await exported('home')
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/octet-stream',
      'no-store',
    ])
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="home-\d{4}-\d\d-\d\d\.wild"$/)
    expect(bytes.subarray(0, 8).toString()).toBe('WILDARCH')
    expect(bytes.includes('secret of ghosts')).toBe(false)
  })

  it('gives another file every time, so that two exports tell nothing of what changed', async () => {
    const { bytes } = await exported('home')
    expect(bytes.subarray(9, 53)).not.toEqual(archive.subarray(9, 53))
  })

  it('leaves out what tools make again, and what was half-written', async () => {
    const text = gunzipSync(await unseal(archive, passphrase)).toString()
    expect(text).toContain('apps/ghost/picture.bin')
    expect(text).not.toMatch(/wildcloud\/home|\.tmp"/)
  })

  it('is noted in the audit log, without the passphrase', () => {
    const lines = readFileSync(join(daemon.data, 'logs/audit.log'), 'utf8')
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toContainEqual(expect.objectContaining({ action: 'instance.export', instance: 'home', door: 'api' }))
    expect(lines).not.toContain('horse')
  })

  it.each([['short'], [''], ['ééééééééé'], [42], [null], ['x'.repeat(2_000)]])(
    'refuses the passphrase %j',
    async (phrase) => {
      const { status, bytes } = await exported('home', phrase)
      expect([status, JSON.parse(bytes.toString()).error.details.field]).toEqual([400, 'passphrase'])
    },
  )

  it('refuses an instance that is not there', async () => {
    expect((await exported('nobody')).status).toBe(404)
  })

  it('refuses a folder with a link in it, naming it: what it leads to is not part of the instance', async () => {
    await daemon.rest('POST', '/instances', { name: 'linked' })
    symlinkSync('/etc/hostname', at('apps/link', 'linked'))
    const { status, bytes } = await exported('linked')
    expect([status, JSON.parse(bytes.toString()).error.details.path]).toEqual([409, 'apps/link'])
  })

  it('refuses what could not be imported again: a config that does not parse', async () => {
    await daemon.rest('POST', '/instances', { name: 'broken' })
    writeFileSync(at('config.yaml', 'broken'), 'a: [\n')
    expect((await exported('broken')).status).toBe(422)
  })

  it('refuses more than a file may hold, and says how much that is', async () => {
    await daemon.rest('POST', '/instances', { name: 'large' })
    writeFileSync(at('apps/noise', 'large'), randomBytes(33 * 1024 * 1024))
    const { status, bytes } = await exported('large')
    expect([status, JSON.parse(bytes.toString()).error.message]).toEqual([409, expect.stringContaining('32 MB')])
    writeFileSync(at('apps/noise', 'large'), Buffer.alloc(97 * 1024 * 1024))
    const second = await exported('large')
    expect([second.status, second.bytes.toString()]).toEqual([409, expect.stringContaining('96 MB')])
  })
})

describe('importing an instance', () => {
  it('brings back every file byte by byte with its mode, under another name', async () => {
    const { status, body } = await imported(archive, { name: 'copy' })
    expect([status, body.data]).toEqual([201, expect.objectContaining({ name: 'copy', description: 'Ours' })])
    expect(contents(at('.', 'copy'))).toEqual(contents(at('.')))
    const { data } = (await daemon.rest('GET', '/instances/copy/config')).body
    expect([data.cluster.name, data.cloud.domain]).toEqual(['home', 'cloud.example.com'])
    for (const name of ['.', '.kube', 'apps/ghost']) expect(statSync(at(name, 'copy')).mode & 0o777).toBe(0o700)
  })

  it('brings an instance back under its own name after it was deleted, and goes on noticing edits by hand', async () => {
    const before = contents(at('.'))
    await daemon.rest('DELETE', '/instances/home')
    expect((await imported(archive)).status).toBe(201)
    expect(contents(at('.'))).toEqual(before)
    const set = await daemon.rest('PUT', '/instances/home/config', { path: 'cloud.domain', value: 'b.example.com' })
    expect(set.status).toBe(200)
  })

  it('refuses a name that is taken and changes nothing', async () => {
    const before = contents(at('.'))
    const { status, body } = await imported(archive)
    expect([status, body.error.code, body.error.details.field]).toEqual([409, 'ALREADY_EXISTS', 'name'])
    expect(contents(at('.'))).toEqual(before)
  })

  it.each(['../x', 'Home', '', 'a/b', '.'])('refuses the name %j', async (name) => {
    const { status, body } = await imported(archive, { name })
    expect([status, body.error.details.field]).toEqual([400, 'name'])
  })

  const files: [string, () => Buffer | Promise<Buffer>, string][] = [
    ['nothing', () => Buffer.alloc(0), 'archive'],
    ['something else', () => randomBytes(2_000), 'archive'],
    ['a beginning', () => archive.subarray(0, 20), 'archive'],
    ['a truncated file', () => archive.subarray(0, archive.length - 1), 'archive'],
    ['a file with more after its end', () => Buffer.concat([archive, Buffer.from('x')]), 'archive'],
    ['another version', () => changed(8, 1), 'archive'],
    ['another salt', () => changed(10, 1), 'passphrase'],
    ['a changed byte in the middle', () => changed(1_000, 4), 'archive'],
    ['a changed tag', () => changed(archive.length - 1, 128), 'archive'],
  ]

  function changed(place: number, bits: number): Buffer {
    const copy = Buffer.from(archive)
    copy[place] = copy[place]! ^ bits
    return copy
  }

  it.each(files)('refuses %s and leaves nothing behind', async (_what, make, field) => {
    const before = there()
    const { status, body } = await imported(await make(), { name: 'fresh' })
    expect([status, body.error.code, body.error.details.field]).toEqual([400, 'INVALID_INPUT', field])
    expect(there()).toEqual(before)
  })

  it('refuses a wrong passphrase in words that say so', async () => {
    const { status, body } = await imported(archive, { name: 'fresh', passphrase: 'incorrect horse battery' })
    expect([status, body.error.details.field]).toEqual([400, 'passphrase'])
    expect(body.error.message).toMatch(/does not fit/)
    expect(JSON.stringify(body)).not.toContain('incorrect horse')
  })

  it('refuses a file that is too large, and base64 that is none', async () => {
    const large = await imported(Buffer.alloc(33 * 1024 * 1024), { name: 'fresh' })
    expect([large.status, large.body.error.message]).toEqual([400, expect.stringContaining('32 MB')])
    const beyond = await imported(Buffer.alloc(36 * 1024 * 1024), { name: 'fresh' })
    expect([beyond.status, beyond.body.error.details.field]).toEqual([400, 'body'])
    const odd = await daemon.rest('POST', '/instances/import', { archive: '*~', passphrase })
    expect([odd.status, odd.body.error.details.field]).toEqual([400, 'archive'])
  })

  const evil: [string, object[]][] = [
    ['a path that leads out', [...whole, file('../evil', 'x')]],
    ['the same file twice', [...whole, file('config.yaml', 'x')]],
    ['a link', [...whole, { path: 'link', mode: 0o777, link: '/etc/passwd' }]],
    ['no config', [whole[0]!, whole[2]!]],
    ['no instance', [whole[1]!, whole[2]!]],
  ]

  it.each(evil)(
    'refuses an archive with %s although its passphrase fits, and leaves nothing behind',
    async (_what, entries) => {
      const before = there()
      const { status, body } = await imported(await crafted(...entries), { name: 'fresh' })
      expect([status, body.error.details.field]).toEqual([400, 'archive'])
      expect(there()).toEqual(before)
    },
  )

  it('refuses a config that does not parse, and leaves nothing behind', async () => {
    const before = there()
    const bad = await crafted(whole[0]!, file('config.yaml', 'a: [\n'), whole[2]!)
    expect((await imported(bad)).status).toBe(422)
    expect(there()).toEqual(before)
  })

  it('refuses an archive that unpacks to more than it may, without unpacking it', async () => {
    const bomb = await seal(gzipSync(Buffer.alloc(200 * 1024 * 1024, 32)), passphrase)
    expect(bomb.length).toBeLessThan(1024 * 1024)
    const { status, body } = await imported(bomb, { name: 'fresh' })
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('more than 96 MB')])
  })

  it('keeps secrets to the owner whatever the archive says', async () => {
    expect((await imported(await crafted(...whole), { name: 'narrow' })).status).toBe(201)
    expect(statSync(at('secrets.yaml', 'narrow')).mode & 0o777).toBe(0o600)
    expect(statSync(at('config.yaml', 'narrow')).mode & 0o777).toBe(0o644)
  })

  it('lets one of two imports of the same name win, whole', async () => {
    const answers = await Promise.all([imported(archive, { name: 'raced' }), imported(archive, { name: 'raced' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(there().filter((name) => name.includes('raced'))).toEqual(['raced'])
    expect(readFileSync(at('apps/ghost/picture.bin', 'raced'))).toEqual(readFileSync(at('apps/ghost/picture.bin')))
  })

  it('is the same in GraphQL', async () => {
    const taken = await daemon.graphql(
      'mutation ($instance: String!, $passphrase: String!) { exportInstance(instance: $instance, passphrase: $passphrase) { name fileName size content } }',
      { instance: 'home', passphrase },
    )
    const { content, size } = taken.body.data.exportInstance
    expect(Buffer.from(content, 'base64').length).toBe(size)
    const back = await daemon.graphql(
      'mutation ($archive: String!, $passphrase: String!) { importInstance(archive: $archive, passphrase: $passphrase, name: "by-graphql") { name } }',
      { archive: content, passphrase },
    )
    expect(back.body.data).toEqual({ importInstance: { name: 'by-graphql' } })
  })

  it('is cleaned up at the next start when it was cut off', async () => {
    const left = join(daemon.data, 'instances', '.fresh.0123456789ab.tmp')
    await daemon.stop('SIGKILL')
    mkdirSync(join(left, 'apps'), { recursive: true })
    writeFileSync(join(left, 'secrets.yaml'), 'half')
    daemon = await startDaemon({ data: join(folder.path, 'data') })
    expect(there()).not.toContain('.fresh.0123456789ab.tmp')
    expect((await daemon.rest('GET', '/instances/copy')).status).toBe(200)
  })

  it(
    'is whole or not there when the daemon is killed in the middle, and can be repeated',
    async () => {
      for (let round = 0; round < pick({ quick: 3, ci: 15, full: 60 }); round++) {
        const name = `killed-${round}`
        const answer = imported(archive, { name }).catch(() => undefined)
        await new Promise((resolve) => setTimeout(resolve, 100 + random() * 300))
        await daemon.stop('SIGKILL')
        await answer
        daemon = await startDaemon({ data: join(folder.path, 'data') })
        expect(there().filter((each) => each.includes(name) && each !== name)).toEqual([])
        if (!there().includes(name)) expect((await imported(archive, { name })).status).toBe(201)
        expect(contents(at('.', name))).toEqual(contents(at('.', 'copy')))
      }
    },
    pick({ quick: 120_000, ci: 300_000, full: 900_000 }),
  )

  it('never wrote the passphrase or a secret to a log', () => {
    const logs = join(daemon.data, 'logs')
    for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), 'utf8')).not.toMatch(/horse|ghosts/)
  })
})
