import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { root, startDaemon, temporaryFolder } from '../world.ts'

const at = '/instances/home/backups/target'
const password = 'canary-of-a-repository'
const folder = temporaryFolder('backup-target')
let daemon: Awaited<ReturnType<typeof startDaemon>>

const config = () => readFileSync(join(daemon.data, 'instances/home/config.yaml'), 'utf8')
const secrets = () => readFileSync(join(daemon.data, 'instances/home/secrets.yaml'), 'utf8')
const told = (body: { data: { steps: { changes: { text: string }[] }[] } }) =>
  body.data.steps.flatMap(({ changes }) => changes.map(({ text }) => text))

beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
})
afterAll(async () => {
  await daemon?.stop()
  folder.remove()
})

describe('where backups of an instance go', () => {
  it.each([
    [{ place: 'backup' }, 'place'],
    [{ place: 'sftp:me@nas:/x y', password }, 'place'],
    [{ place: 'rest:https://me:pass@host/x', password }, 'place'],
    [{ place: '/mnt/backup' }, 'password'],
    [{ place: '/mnt/backup', password: 'short' }, 'password'],
    [{ place: '/mnt/backup', password: 'two\nlines of words' }, 'password'],
    [{ password }, 'password'],
    [{ place: '', access_key: 'x' }, 'accessKey'],
  ])('is not changed by %j, and the refusal names the field', async (change, field) => {
    const before = [config(), secrets()]
    for (const query of ['', '?plan=true']) {
      const { status, body } = await daemon.rest('PUT', at + query, change)
      expect([query, status, body.error?.details.field]).toEqual([query, 400, field])
    }
    expect([config(), secrets()]).toEqual(before)
  })

  it('is told before it is changed, then kept, and its password is never shown', async () => {
    const change = { place: 'sftp:me@nas:/backups', password }
    const plan = await daemon.rest('PUT', `${at}?plan=true`, change)
    expect(told(plan.body)).toEqual([
      'backups of home would go to sftp:me@nas:/backups; now: encrypted files on this device',
      'the password of the repository would be set',
    ])
    expect([plan.text, config()].join()).not.toMatch(/canary|root:/)
    const { status, text, body } = await daemon.rest('PUT', at, change)
    expect([status, body.data]).toEqual([200, { kind: 'restic', place: 'sftp:me@nas:/backups' }])
    expect(text).not.toContain('canary')
    expect(config()).toContain('sftp:me@nas:/backups')
    expect(secrets()).toContain(password)
    expect((statSync(join(daemon.data, 'instances/home/secrets.yaml')).mode & 0o777).toString(8)).toBe('600')
    expect((await daemon.rest('GET', at)).body.data.place).toBe('sftp:me@nas:/backups')
  })

  it('given again changes nothing', async () => {
    const change = { place: 'sftp:me@nas:/backups', password }
    expect((await daemon.rest('PUT', `${at}?plan=true`, change)).body.data).toMatchObject({ nothing_to_do: true })
    const before = [config(), secrets()]
    await daemon.rest('PUT', at, change)
    expect([config(), secrets()]).toEqual(before)
  })

  it('is set by the command line, which reads the password from a file', async () => {
    const file = join(folder.path, 'password')
    writeFileSync(file, `${password}-next\n`)
    const cli = (...args: string[]) =>
      wildCli(root, { cliEnvironment: { ...process.env, WILD_DAEMON_URL: daemon.url } }, [...args, '-i', 'home'])
    const set = await cli('backup', 'target', '--place', '/mnt/disk/backup', '--password-from-file', file)
    expect([set.code, set.output]).toEqual([0, expect.stringContaining('/mnt/disk/backup')])
    expect(secrets()).toContain(`${password}-next`)
    const back = await cli('backup', 'target', '--place', '')
    expect([back.code, back.output]).toEqual([0, expect.stringContaining('archive')])
    expect((await daemon.rest('GET', at)).body.data.kind).toBe('archive')
  })
})
