import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { noUnprivileged, root, startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
const at = '/instances/odd'
const file = (name = '') => join(daemon.data, 'instances/odd', name)

/** The CLI as it is shipped. */
function cli(args: string[]): Promise<{ code: number | null; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: '/', WILD_DAEMON_URL: daemon.url, WILD_INSTANCE: 'odd' }
  const child = spawn(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })))
}

/** The daemon is well and other instances are as before. */
async function othersGoOn(): Promise<void> {
  expect(daemon.child.exitCode).toBeNull()
  expect((await daemon.rest('PUT', '/instances/home/config', { path: 'some.key', value: Math.random() })).status).toBe(
    200,
  )
  expect((await daemon.rest('GET', '/instances')).body.data.instances).toHaveLength(2)
}

describe.skipIf(noUnprivileged)('a daemon that may not do everything', () => {
  beforeAll(async () => {
    daemon = await startDaemon({ unprivileged: true })
    for (const name of ['home', 'odd']) await daemon.rest('POST', '/instances', { name })
    await daemon.rest('PUT', `${at}/secrets`, { path: 'a.b', value: 'a-secret-value' })
  })
  afterAll(() => daemon?.stop())
  let before: string[]
  beforeEach(() => {
    before = ['config.yaml', 'secrets.yaml'].map((name) => readFileSync(file(name), 'utf8'))
  })
  afterEach(() => {
    chmodSync(file(), 0o700)
    chmodSync(file('config.yaml'), 0o644)
    chmodSync(file('secrets.yaml'), 0o600)
  })

  it('says which file is read-only, changes nothing and goes on', async () => {
    chmodSync(file('config.yaml'), 0o444)
    chmodSync(file('secrets.yaml'), 0o400)
    chmodSync(file(), 0o555)
    const answers = await Promise.all([
      daemon.rest('PUT', `${at}/config`, { path: 'new.key', value: 1 }),
      daemon.rest('POST', `${at}/config/change`, { changes: [{ path: 'new.key', value: 1 }] }),
      daemon.rest('DELETE', `${at}/config?path=cluster`),
      daemon.rest('PUT', `${at}/config/yaml`, 'a: 1\n'),
    ])
    for (const { status, body } of answers) {
      expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
      expect(body.error.message).toContain('config.yaml of odd cannot be written')
    }
    const secrets = await Promise.all([
      daemon.rest('PUT', `${at}/secrets`, { path: 'c.d', value: 'long-enough' }),
      daemon.rest('POST', `${at}/secrets/generate`, { path: 'c.d' }),
      daemon.rest('DELETE', `${at}/secrets?path=a.b`),
    ])
    for (const { status, body } of secrets) {
      expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
      expect(body.error.message).toContain('secrets.yaml of odd cannot be written')
    }
    expect(statSync(file()).mode & 0o200).toBe(0)
    const { code, stderr } = await cli(['config', 'set', 'new.key', '1'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('config.yaml of odd cannot be written')])
    expect(stderr).toContain('user that the daemon runs as')
    expect((await daemon.rest('GET', `${at}/config?path=cluster.name`)).body.data).toBe('odd')
    expect([readFileSync(file('config.yaml'), 'utf8'), readFileSync(file('secrets.yaml'), 'utf8')]).toEqual(before)
    expect(readdirSync(file()).filter((name) => name.includes('tmp'))).toEqual([])
    await othersGoOn()
    chmodSync(file(), 0o755)
    expect((await daemon.rest('PUT', `${at}/config`, { path: 'new.key', value: 1 })).status).toBe(200)
  })

  it('keeps permissions of a file that it replaces', async () => {
    chmodSync(file('config.yaml'), 0o640)
    expect((await daemon.rest('PUT', `${at}/config`, { path: 'other.key', value: 1 })).status).toBe(200)
    expect(statSync(file('config.yaml')).mode & 0o777).toBe(0o640)
  })

  it.each(['config.yaml', 'secrets.yaml'])(
    'tells that %s must not be read as a problem of that instance',
    async (name) => {
      chmodSync(file(name), 0o000)
      const reads =
        name === 'config.yaml'
          ? [daemon.rest('GET', `${at}/config`), daemon.rest('PUT', `${at}/config`, { path: 'new.key', value: 2 })]
          : [
              daemon.rest('GET', `${at}/secrets`),
              daemon.rest('PUT', `${at}/secrets`, { path: 'c.d', value: 'long-enough' }),
            ]
      for (const { status, body } of await Promise.all(reads)) {
        expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
        expect(body.error.message).toContain(`${name} of odd`)
      }
      await othersGoOn()
      chmodSync(file(name), 0o600)
      expect(readFileSync(file(name), 'utf8')).toBe(before[name === 'config.yaml' ? 0 : 1])
    },
  )

  it('refuses a folder in the place of config.yaml, and leaves it', async () => {
    rmSync(file('config.yaml'))
    mkdirSync(file('config.yaml'))
    const answers = await Promise.all([
      daemon.rest('GET', `${at}/config`),
      daemon.rest('PUT', `${at}/config`, { path: 'new.key', value: 3 }),
      daemon.rest('PUT', `${at}/config/yaml`, 'a: 1\n'),
    ])
    for (const { status, body } of answers) {
      expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
      expect(body.error.message).toContain('config.yaml of odd')
    }
    expect(statSync(file('config.yaml')).isDirectory()).toBe(true)
    await othersGoOn()
    rmSync(file('config.yaml'), { recursive: true })
    writeFileSync(file('config.yaml'), before[0]!)
  })
})
