import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon, temporaryFolder } from '../world.ts'

const limitMs = 120_000
const passphrase = 'canary-passphrase-of-the-device'
const secret = 'canary-value-of-a-secret-1234'
const folder = temporaryFolder('device-backup')
const passphraseFile = join(folder.path, 'passphrase.txt')
const file = join(folder.path, 'device.wild')

let daemon: Awaited<ReturnType<typeof startDaemon>>
let operation = ''
let backup = ''

/** The daemon's own command, as a person types it on the new device. Not blocking: kept connections must notice when they are closed. */
function restore(data: string, from = file, phrase = passphraseFile): Promise<{ status: number; said: string }> {
  const env = { ...process.env, WILD_CENTRAL_DATA: data, WILD_PASSPHRASE_FILE: phrase }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'server/dist/wildd.js'), 'restore', from],
      { env },
      (error, stdout, stderr) => resolve({ status: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    )
  })
}

beforeAll(async () => {
  writeFileSync(passphraseFile, `${passphrase}\n`)
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'apps.blog.password', value: secret })
}, limitMs)

afterAll(async () => {
  await daemon?.stop()
  folder.remove()
}, limitMs)

describe('a backup of the whole device', () => {
  it('is refused, saying what to do, while there is no passphrase', async () => {
    const { status, body } = await daemon.rest('POST', '/backups', {})
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ details: { field: 'passphrase', hint: 'wild-cli backup passphrase' } })
    expect((await daemon.rest('PUT', '/backups/passphrase', { passphrase: 'short' })).body.error.details.field).toBe(
      'passphrase',
    )
  })

  it(
    'is made while the daemon runs, and can be saved as one file with nothing readable in it',
    async () => {
      expect((await daemon.rest('PUT', '/backups/passphrase', { passphrase })).status).toBe(200)
      const started = await daemon.rest('POST', '/backups', {})
      expect(started.status).toBe(202)
      operation = started.body.operation_id
      const record = await daemon.ended(operation)
      expect([record.status, record.error]).toEqual(['completed', undefined])
      const { backups } = (await daemon.rest('GET', '/backups')).body.data
      expect(backups).toMatchObject([{ kind: 'device', whole: true }])
      backup = backups[0].id
      const answer = await fetch(`${daemon.url}/api/v1/backups/${backup}/file`, { method: 'POST' })
      writeFileSync(file, new Uint8Array(await answer.arrayBuffer()))
      expect(readFileSync(file, 'latin1')).not.toMatch(/canary|instances|config\.yaml/)
      expect(JSON.stringify(record)).not.toMatch(/canary/)
      const verified = await daemon.rest('POST', `/backups/${backup}/verify`)
      expect((await daemon.ended(verified.body.operation_id)).status).toBe('completed')
    },
    limitMs,
  )

  it(
    'restored on an empty device brings everything back: instances, secrets, history, modes',
    async () => {
      const data = join(folder.path, 'new-device')
      const { status, said } = await restore(data)
      expect([status, said]).toEqual([0, expect.stringContaining('restored into')])
      const mode = (path: string) => (statSync(join(data, path)).mode & 0o777).toString(8)
      expect([mode('instances/home/secrets.yaml'), mode('instances/home'), mode('wild-central.db')]).toEqual([
        '600',
        '700',
        '600',
      ])
      expect(readdirSync(data).filter((name) => name.endsWith('.tmp'))).toEqual([])
      const second = await startDaemon({ data })
      try {
        expect((await second.rest('GET', '/instances')).body.data.instances).toMatchObject([{ name: 'home' }])
        const revealed = await second.rest('POST', '/instances/home/secrets/reveal', { path: 'apps.blog.password' })
        expect(revealed.text).toContain(secret)
        // The backup was still being made when it took the database along.
        const old = (await second.rest('GET', `/operations/${operation}`)).body.data
        expect(old.status).toBe('failed')
        expect(old.error.code).toBe('DAEMON_RESTARTED')
        expect((await second.rest('GET', '/backups/settings')).body.data.has_passphrase).toBe(true)
      } finally {
        await second.stop()
      }
    },
    limitMs,
  )

  it(
    'is refused with another passphrase, when a byte changed, when cut short, and leaves nothing behind',
    async () => {
      const bytes = readFileSync(file)
      const broken = (name: string, content: Buffer) => {
        const path = join(folder.path, name)
        writeFileSync(path, content)
        return path
      }
      const changed = Buffer.from(bytes)
      changed[Math.floor(bytes.length / 2)]! ^= 1
      const other = broken('other.txt', Buffer.from('another passphrase'))
      const cases: [string, string, string, RegExp][] = [
        ['wrong', file, other, /passphrase does not fit/],
        ['changed', broken('changed.wild', changed), passphraseFile, /damaged/],
        ['cut', broken('cut.wild', bytes.subarray(0, bytes.length - 50)), passphraseFile, /damaged/],
        ['absent', join(folder.path, 'no-such-file'), passphraseFile, /There is no file/],
      ]
      for (const [name, from, phrase, says] of cases) {
        const data = join(folder.path, `refused-${name}`)
        const { status, said } = await restore(data, from, phrase)
        expect([name, status, said]).toEqual([name, 1, expect.stringMatching(says)])
        expect(said).not.toMatch(/canary/)
        expect(existsSync(data) ? readdirSync(data).filter((each) => each !== 'run') : []).toEqual([])
      }
    },
    limitMs,
  )

  it('is never restored over a data directory in use', async () => {
    const data = join(folder.path, 'full')
    mkdirSync(data)
    writeFileSync(join(data, 'central.yaml'), 'context: home\n')
    const { status, said } = await restore(data)
    expect([status, said]).toEqual([1, expect.stringMatching(/is not empty/)])
    expect(readFileSync(join(data, 'central.yaml'), 'utf8')).toBe('context: home\n')
    expect((await restore(daemon.data)).said).toMatch(/Another daemon/)
  })

  it(
    'is not deleted while it is the last good one, unless forced',
    async () => {
      const refused = await daemon.rest('POST', `/backups/${backup}/delete`, {})
      expect([refused.status, refused.body.error.details.field]).toEqual([409, 'force'])
      const plan = await daemon.rest('POST', `/backups/${backup}/delete?plan=true`, { force: true })
      expect(plan.body.data.steps[0].state).toBe('would_run')
      const forced = await daemon.rest('POST', `/backups/${backup}/delete`, { force: true })
      expect((await daemon.ended(forced.body.operation_id)).status).toBe('completed')
      expect((await daemon.rest('GET', '/backups')).body.data.backups).toEqual([])
    },
    limitMs,
  )
})

describe('another passphrase', () => {
  it(
    'counts from the next backup on, which the one before does not open',
    async () => {
      const next = join(folder.path, 'next.txt')
      writeFileSync(next, 'another-canary-of-the-device')
      const plan = await daemon.rest('PUT', '/backups/passphrase?plan=true', { passphrase: readFileSync(next, 'utf8') })
      expect(plan.text).toContain('still need the one before')
      expect(plan.text).not.toContain('canary')
      await daemon.rest('PUT', '/backups/passphrase', { passphrase: readFileSync(next, 'utf8') })
      const started = await daemon.rest('POST', '/backups', {})
      expect((await daemon.ended(started.body.operation_id)).status).toBe('completed')
      const [made] = (await daemon.rest('GET', '/backups')).body.data.backups
      const saved = join(folder.path, 'second.wild')
      const answer = await fetch(`${daemon.url}/api/v1/backups/${made.id}/file`)
      writeFileSync(saved, new Uint8Array(await answer.arrayBuffer()))
      const tried = (name: string, phrase: string) => restore(join(folder.path, name), saved, phrase)
      expect((await tried('with-the-old', passphraseFile)).said).toMatch(/passphrase does not fit/)
      expect((await tried('with-the-new', next)).status).toBe(0)
    },
    limitMs,
  )
})

describe('settings of backups', () => {
  it('tell what a change would do, and change nothing meanwhile', async () => {
    const before = (await daemon.rest('GET', '/backups/settings')).body
    const { body, text } = await daemon.rest('PUT', '/backups/settings?plan=true', {
      at: '04:15',
      repository: '/mnt/x',
    })
    expect(body.data.steps[0].changes.map(({ text: said }: { text: string }) => said)).toEqual([
      'when: at 04:15; now: at 03:00',
      'backups of the device: /mnt/x; now: files on this device',
    ])
    expect(text).not.toContain('canary')
    expect((await daemon.rest('PUT', '/backups/settings?plan=true', { at: '25:00' })).status).toBe(400)
    expect((await daemon.rest('GET', '/backups/settings')).body).toEqual(before)
  })

  it.each([
    [{ at: '25:00' }, 'at'],
    [{ every_hours: 0 }, 'everyHours'],
    [{ at: '03:00', every_hours: 5 }, 'everyHours'],
    [{ repository: 'backup' }, 'repository'],
    [{ repository: 'rest:https://me:password@host/x' }, 'repository'],
    [{ daily: -1 }, 'keep.daily'],
  ])('refuse %j, naming the field, and change nothing', async (change, field) => {
    const before = (await daemon.rest('GET', '/backups/settings')).body
    const { status, body } = await daemon.rest('PUT', '/backups/settings', change)
    expect([status, body.error?.details.field]).toEqual([400, field])
    expect((await daemon.rest('GET', '/backups/settings')).body).toEqual(before)
  })

  it('are kept, and tell when the next backup is due', async () => {
    const { body } = await daemon.rest('PUT', '/backups/settings', {
      enabled: true,
      at: '03:30',
      daily: 3,
      only: ['home'],
    })
    expect(body.data).toMatchObject({ enabled: true, at: '03:30', daily: 3, weekly: 4, only: ['home'] })
    expect(Date.parse(body.data.next_run)).toBeGreaterThan(Date.now())
    expect(body.data.problems).toEqual([])
  })
})
