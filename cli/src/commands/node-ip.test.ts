import { beforeEach, describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { data, fail } from '../testing/test-daemon.ts'

const env = { WILD_INSTANCE: 'home' }
const nodes = '/instances/home/nodes'
const mac = '52:54:00:12:34:56'
const { daemon, cli } = await testCli()

beforeEach(() => {
  daemon.on(`GET ${nodes}/control-1`, data({ name: 'control-1', mac, target_ip: '192.168.1.91' }))
  daemon.on(`GET ${nodes}/worker-1`, data({ name: 'worker-1' }))
})

const hardware = `GET ${nodes}/${encodeURIComponent(mac)}/hardware`
const run = (...args: string[]) => cli.run(['node', 'ip', ...args], { env })

describe('node ip', () => {
  it('prints where the machine answers right now, and nothing else', async () => {
    daemon.on(hardware, data({ mac, ip: '192.168.1.177' }))
    expect(await run('control-1')).toMatchObject({ code: 0, stdout: '192.168.1.177\n', stderr: '' })
    expect(JSON.parse((await run('control-1', '--json')).stdout)).toMatchObject({
      node: 'control-1',
      ip: '192.168.1.177',
      from: 'talosctl',
    })
  })

  it('falls back to the configuration and says so, but not with --from-talosctl', async () => {
    daemon.on(hardware, fail(502, 'MACHINE_OFFLINE', 'The machine of control-1 does not answer.'))
    const { code, stdout, stderr } = await run('control-1')
    expect([code, stdout]).toEqual([0, '192.168.1.91\n'])
    expect(stderr).toContain('does not answer. This is the address in its configuration.')
    const strict = await run('control-1', '--from-talosctl')
    expect([strict.code, strict.stdout]).toEqual([5, ''])
    expect(strict.stderr).toContain('does not answer')
  })

  it('asks no machine for the address in the configuration', async () => {
    expect(await run('control-1', '--from-config')).toMatchObject({ code: 0, stdout: '192.168.1.91\n' })
    expect(daemon.calls.map(({ path }) => path)).toEqual([`${nodes}/control-1`])
  })

  it('says what is missing when there is no address or no machine', async () => {
    for (const option of ['--from-config', '--from-talosctl']) expect((await run('worker-1', option)).code).toBe(3)
    expect((await run('control-1', '--from-config', '--from-talosctl')).code).toBe(2)
  })
})
