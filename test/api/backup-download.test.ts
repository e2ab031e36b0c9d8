import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { whereIs } from '../lan/tools.ts'
import { root, startDaemon, temporaryFolder } from '../world.ts'

const limitMs = 240_000
const megabyte = 1024 * 1024
/** Above what one answer could hold before. */
const bigMegabytes = 72
const folder = temporaryFolder('backup-download')
const passphrase = 'canary-passphrase-of-the-device'

let daemon: Awaited<ReturnType<typeof startDaemon>>
let device = ''
let home = ''

const inFolder = (name: string) => join(folder.path, name)
const sumOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const stored = () => readFileSync(join(daemon.data, 'backups/device', device, 'device.bundle.sealed'))
const cliAt = (url: string, ...args: string[]) =>
  wildCli(root, { cliEnvironment: { ...process.env, WILD_DAEMON_URL: url } }, [...args, '-i', 'home'])

async function backUp(path: string, body: object): Promise<string> {
  const started = await daemon.rest('POST', path, body)
  const record = await daemon.ended(started.body.operation_id)
  expect([record.status, record.error]).toEqual(['completed', undefined])
  return (await daemon.rest('GET', path)).body.data.backups[0].id
}

beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
  home = await backUp('/instances/home/backups', { only: ['home'] })
  // The same megabyte again and again: farther apart than gzip looks back, so it does not become smaller.
  const block = randomBytes(megabyte)
  const big = openSync(join(daemon.data, 'instances/home/apps/big.bin'), 'wx', 0o600)
  for (let number = 0; number < bigMegabytes; number++) writeSync(big, block)
  closeSync(big)
  await daemon.rest('PUT', '/backups/passphrase', { passphrase })
  device = await backUp('/backups', {})
}, limitMs)
afterAll(async () => {
  await daemon?.stop()
  folder.remove()
}, limitMs)

describe('a backup of the device', () => {
  const path = () => `${daemon.url}/api/v1/backups/${device}/file`

  /** Opens the download; nothing of it is read yet. */
  const opened = () => new Promise<IncomingMessage>((resolve, reject) => get(path(), resolve).once('error', reject))

  it(
    'larger than what one answer may hold is sent whole, with its length',
    async () => {
      const answer = await fetch(path())
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes.length).toBeGreaterThan(64 * megabyte)
      expect([answer.headers.get('content-length'), sumOf(bytes)]).toEqual([`${bytes.length}`, sumOf(stored())])
      expect(answer.headers.get('content-disposition')).toContain(`${device}.wild`)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
    limitMs,
  )

  it.skipIf(!existsSync('/proc/self/status'))(
    'costs the daemon no memory, however slowly it is taken',
    async () => {
      const resident = () =>
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8'))![1]) * 1024
      const before = resident()
      const readers = await Promise.all([opened(), opened(), opened()])
      for (const reader of readers) reader.pause()
      // Other requests are answered meanwhile; each gives the daemon time to read on, if it did.
      for (let turn = 0; turn < 20; turn++) await daemon.rest('GET', '/backups')
      expect(resident() - before).toBeLessThan(bigMegabytes * megabyte)
      for (const reader of readers) reader.destroy()
    },
    limitMs,
  )

  it(
    'goes on at the byte where a download broke off',
    async () => {
      const reader = await opened()
      let first = Buffer.alloc(0)
      for await (const chunk of reader) {
        first = Buffer.concat([first, chunk as Buffer])
        if (first.length > 3 * megabyte) break
      }
      const answer = await fetch(path(), { headers: { range: `bytes=${first.length}-` } })
      const rest = Buffer.from(await answer.arrayBuffer())
      const whole = Buffer.concat([first, rest])
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        206,
        `bytes ${first.length}-${whole.length - 1}/${whole.length}`,
      ])
      expect(sumOf(whole)).toBe(sumOf(stored()))
    },
    limitMs,
  )

  it('is refused from a byte that is not there, and under a name that is none', async () => {
    const beyond = await fetch(path(), { headers: { range: 'bytes=999999999999-' } })
    expect([beyond.status, (await beyond.json()).error.details.field]).toEqual([400, 'from'])
    const unknown = await daemon.rest('GET', `/backups/${device.replace(/....$/, 'none')}/file`)
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'NOT_FOUND'])
    expect((await daemon.rest('GET', '/backups/..%2Fhome/file')).status).toBe(404)
  })

  it(
    'is saved by the command line over a connection that breaks twice, and is the same bytes',
    async () => {
      const proxy = await breakingProxy(daemon.url, [5 * megabyte, 9 * megabyte])
      const to = inFolder('device.wild')
      try {
        const { code, output } = await cliAt(proxy.url, 'backup', 'download', device, '--to', to)
        expect([code, output]).toEqual([0, expect.stringContaining('Saved')])
        expect(proxy.broken()).toBe(2)
      } finally {
        proxy.close()
      }
      expect([sumOf(readFileSync(to)), (statSync(to).mode & 0o777).toString(8)]).toEqual([sumOf(stored()), '600'])
      expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([])
      const again = await cliAt(daemon.url, 'backup', 'download', device, '--to', to)
      expect([again.code, again.output]).toEqual([2, expect.stringContaining('is there already')])
    },
    limitMs,
  )
})

describe('a part of a backup of an instance', () => {
  const sealed = () => join(daemon.data, 'backups/instances/home', home, 'home.bundle.sealed')

  it('is sent as it was before it was encrypted, which is noted in the audit log', async () => {
    const answer = await fetch(`${daemon.url}/api/v1/instances/home/backups/${home}/parts/home.bundle`, {
      method: 'POST',
    })
    const [part] = (await daemon.rest('GET', '/instances/home/backups')).body.data.backups[0].parts
    expect([answer.status, sumOf(Buffer.from(await answer.arrayBuffer()))]).toEqual([200, part.sha256])
    expect(readFileSync(join(daemon.data, 'logs/audit.log'), 'utf8')).toContain(
      `"action":"backup.part","door":"api","instance":"home","key":"${home} home.bundle"`,
    )
    const unknown = await daemon.rest('POST', `/instances/home/backups/${home}/parts/etcd.db`)
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'NOT_FOUND'])
  })

  it(
    'is saved by the command line where only its owner can read it, and never over a file',
    async () => {
      const to = inFolder('parts')
      const told = await cliAt(daemon.url, 'backup', 'extract', home, '--to', to, '--plan')
      expect([told.code, told.output, existsSync(to)]).toEqual([0, expect.stringContaining('home.bundle'), false])
      expect((await cliAt(daemon.url, 'backup', 'extract', home, '--to', to)).code).toBe(0)
      expect([readdirSync(to), (statSync(join(to, 'home.bundle')).mode & 0o777).toString(8)]).toEqual([
        ['home.bundle'],
        '600',
      ])
      for (const [args, code] of [
        [[home, '--to', to], 2],
        [[home, 'etcd.db', '--to', inFolder('none')], 2],
        [[home.replace(/....$/, 'none'), '--to', inFolder('none')], 3],
      ] as const)
        expect([args, (await cliAt(daemon.url, 'backup', 'extract', ...args)).code]).toEqual([args, code])
      expect(existsSync(inFolder('none'))).toBe(false)
    },
    limitMs,
  )

  it(
    'that is damaged breaks off, and no file is left that looks whole',
    async () => {
      const bytes = readFileSync(sealed())
      const changed = Buffer.from(bytes)
      changed[bytes.length - 20]! ^= 1
      writeFileSync(sealed(), changed)
      try {
        const to = inFolder('damaged')
        const { code, output } = await cliAt(daemon.url, 'backup', 'extract', home, '--to', to)
        expect([code, output]).toEqual([expect.toBeOneOf([4, 6]), expect.stringMatching(/broke|damaged/)])
        expect(readdirSync(to)).toEqual([])
        expect((await daemon.rest('GET', '/status')).status).toBe(200)
      } finally {
        writeFileSync(sealed(), bytes)
      }
    },
    limitMs,
  )
})

const restic = whereIs('restic')

describe.skipIf(!restic)('a backup of the device in a restic repository', () => {
  it(
    'is sent as the one file that restores the device, and is gone on with from its beginning',
    async () => {
      const bin = inFolder('bin')
      mkdirSync(bin)
      symlinkSync(restic!, join(bin, 'restic'))
      const other = await startDaemon({ bin })
      const file = inFolder('from-restic.wild')
      try {
        await other.rest('POST', '/instances', { name: 'kept' })
        await other.rest('PUT', '/backups/passphrase', { passphrase })
        await other.rest('PUT', '/backups/settings', { repository: inFolder('repository') })
        const { body } = await other.rest('POST', '/backups', {})
        const record = await other.ended(body.operation_id)
        expect([record.status, record.error]).toEqual(['completed', undefined])
        const [{ id }] = (await other.rest('GET', '/backups')).body.data.backups
        const answer = await fetch(`${other.url}/api/v1/backups/${id}/file`, { headers: { range: 'bytes=10-' } })
        expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, null])
        writeFileSync(file, new Uint8Array(await answer.arrayBuffer()))
      } finally {
        await other.stop()
      }
      writeFileSync(inFolder('passphrase'), passphrase)
      const data = inFolder('restored')
      const env = { ...process.env, WILD_CENTRAL_DATA: data, WILD_PASSPHRASE_FILE: inFolder('passphrase') }
      const child = spawn(process.execPath, [join(root, 'server/dist/wildd.js'), 'restore', file], { env })
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
      expect(readdirSync(join(data, 'instances'))).toEqual(['kept'])
    },
    limitMs,
  )
})

/** Passes connections on; of each in turn that sent so many bytes back it cuts the wire. */
async function breakingProxy(url: string, after: number[]) {
  let cut = 0
  const server = createServer((client) => {
    const daemonSide = connect(Number(new URL(url).port), '127.0.0.1')
    let sent = 0
    for (const socket of [client, daemonSide]) socket.on('error', () => undefined)
    client.pipe(daemonSide)
    daemonSide.on('data', (chunk) => {
      sent += chunk.length
      if (cut < after.length && sent > after[cut]!) {
        cut++
        client.destroy()
        daemonSide.destroy()
      } else if (!client.write(chunk)) {
        daemonSide.pause()
        client.once('drain', () => daemonSide.resume())
      }
    })
    daemonSide.on('close', () => client.end())
    client.on('close', () => daemonSide.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, broken: () => cut, close: () => server.close() }
}
