import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endProcess, root, temporaryFolder } from '../world.ts'
import { type Cable, layCable, namespacesMissing } from './namespaces.ts'
import { whereIs } from './tools.ts'

const missing = whereIs('dnsmasq') ? namespacesMissing() : 'dnsmasq is not here'
if (missing) console.log(`DHCP between network namespaces: skipped, ${missing}`)
const limitMs = 120_000
const network = '10.211.77'
const port = 5055
let cable: Cable
let daemon: ChildProcess
const folder = temporaryFolder('dhcp')
const env = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin`,
  WILD_CENTRAL_DATA: join(folder.path, 'data'),
  WILD_PORT: String(port),
  WILD_LAN: `${network}.0/24`,
  WILD_GATEWAY: `${network}.254`,
  WILD_DAEMON_URL: `http://127.0.0.1:${port}`,
  WILD_LOG: 'warn',
}

const cli = (...args: string[]) =>
  cable.run('device', [process.execPath, join(root, 'cli/dist/wild-cli.js'), ...args], env)
/** Starts the daemon on the device; resolves once it answers. */
async function startDaemon(): Promise<void> {
  daemon = cable.start('device', [process.execPath, join(root, 'server/dist/wildd.js')], env)
  await new Promise<void>((resolve) =>
    daemon.stdout!.setEncoding('utf8').on('data', (text: string) => text.includes('answers at') && resolve()),
  )
}
const json = async (...args: string[]) => JSON.parse((await cli(...args, '-o', 'json')).output)
const set = (key: string, value: string) => ['--set', `${key}=${value}`]
const settings = [
  ...set('cloud.domain', 'cloud.example.com'),
  ...set('cluster.nodes.control.vip', `${network}.249`),
  ...set('cluster.loadBalancerIp', `${network}.241`),
  ...set('cluster.ipAddressPool', `${network}.241-${network}.245`),
]
const full = ['dns', 'set', '--dhcp', 'full', '--dhcp-range', `${network}.10,${network}.240`]

/** Says that the interface is gone. */
async function expectGone(): Promise<void> {
  await expect
    .poll(() => json('dns', 'status'), { timeout: 120_000 })
    .toMatchObject({ status: 'failed', problem: expect.stringContaining('lan0 is not there') })
}

/** Serves again, and lends. */
async function expectLending(): Promise<void> {
  await expect.poll(async () => (await json('dns', 'status')).status, { timeout: 120_000 }).toBe('running')
  await expect
    .poll(() => cable.client('lease', '02:00:00:00:00:01', 'laptop').catch(() => undefined), { timeout: 120_000 })
    .toMatchObject({ server: `${network}.1` })
}

describe.skipIf(missing)('DHCP on a LAN of two network namespaces, by the real dnsmasq', () => {
  beforeAll(async () => {
    mkdirSync(folder.path, { recursive: true })
    cable = layCable(network)
    await startDaemon()
    expect(await cli('instance', 'create', 'home', ...settings)).toMatchObject({
      code: 0,
    })
    expect(await cli('dns', 'set', '--interface', 'lan0')).toMatchObject({ code: 0 })
  }, limitMs)
  afterAll(async () => {
    await cable?.remove()
    folder.remove()
  }, limitMs)

  it(
    'lends nothing before it is asked to, but answers names',
    async () => {
      expect(await cable.client('ask', `${network}.1`, 'ghost.cloud.example.com')).toEqual([`${network}.241`])
      await expect(cable.client('lease', '02:00:00:00:00:01')).rejects.toThrow('no answer')
    },
    limitMs,
  )

  it(
    'refuses to lend beside another server, and names it',
    async () => {
      const rogue = cable.start('machine', [
        whereIs('dnsmasq')!,
        ...['-k', '--conf-file=/dev/null', '--port=0', '--interface=lan1', '--bind-interfaces', '--user=root'],
        ...[`--dhcp-range=${network}.150,${network}.160`, '--dhcp-authoritative', '--pid-file='],
        `--dhcp-leasefile=${join(folder.path, 'rogue-leases')}`,
      ])
      await expect
        .poll(() => cli('dhcp', 'servers').then(({ output }) => output), { timeout: 120_000 })
        .toContain(`${network}.250`)
      const refused = await cli(...full)
      expect([refused.code, refused.output]).toEqual([4, expect.stringContaining(`${network}.250`)])
      expect((await json('dns', 'status')).settings.dhcp).toBe('off')
      const ended = new Promise((resolve) => rogue.once('exit', resolve))
      rogue.kill()
      await ended
    },
    limitMs,
  )

  it(
    'refuses to lend while another program holds the port of DHCP, names it, and goes on answering names',
    async () => {
      const listen = "require('dgram').createSocket('udp4').bind(67, () => console.log('listens'))"
      const holder = cable.start('device', [process.execPath, '-e', listen])
      await once(holder.stdout!, 'data')
      const refused = await cli(...full)
      expect([refused.code, refused.output]).toEqual([
        5,
        expect.stringMatching(new RegExp(`Port 67 is held by \\S+ \\(pid ${holder.pid}\\)`)),
      ])
      expect(await json('dns', 'status')).toMatchObject({ status: 'running', settings: { dhcp: 'off' } })
      expect(await cable.client('ask', `${network}.1`, 'a.cloud.example.com')).toEqual([`${network}.241`])
      const ended = once(holder, 'exit')
      holder.kill()
      await ended
    },
    limitMs,
  )

  it(
    'takes a change back that nobody confirmed, while names go on being answered',
    async () => {
      const { code, output } = await cli(...full, '--trial', '3')
      expect([code, output]).toEqual([0, expect.stringContaining('wild-cli dns confirm')])
      expect((await json('dns', 'status')).settings.dhcp).toBe('full')
      await expect.poll(async () => (await json('dns', 'status')).settings.dhcp, { timeout: 120_000 }).toBe('off')
      await expect
        .poll(() => cable.client('ask', `${network}.1`, 'a.cloud.example.com').catch(() => []), { timeout: 120_000 })
        .toEqual([`${network}.241`])
    },
    limitMs,
  )

  it(
    'lends an address with router and DNS once it is confirmed, and shows the lease',
    async () => {
      expect(await cli(...full)).toMatchObject({ code: 0 })
      expect(await cli('dns', 'confirm')).toMatchObject({ code: 0 })
      expect((await json('dns', 'status')).confirm_until).toBeUndefined()
      const lease = await cable.client('lease', '02:00:00:00:00:01', 'laptop')
      expect(lease).toMatchObject({ server: `${network}.1`, router: `${network}.254`, dns: `${network}.1` })
      const { leases } = await json('dhcp', 'leases')
      expect(leases).toMatchObject([{ mac: '02:00:00:00:00:01', hostname: 'laptop', ip: (lease as { ip: string }).ip }])
    },
    limitMs,
  )

  it(
    'gives a reserved address, also to a node',
    async () => {
      expect(await cli('dhcp', 'reserve', '02:00:00:00:00:AA', `${network}.20`, '--name', 'printer')).toMatchObject({
        code: 0,
      })
      expect(await cable.client('lease', '02:00:00:00:00:aa')).toMatchObject({ ip: `${network}.20` })
      const node = '{role: controlplane, mac: "02:00:00:00:00:bb", targetIp: 10.211.77.91}'
      expect(await cli('config', 'set', 'cluster.nodes.active.control-1', node)).toMatchObject({ code: 0 })
      await expect
        .poll(() => cable.client('lease', '02:00:00:00:00:bb'), { timeout: 120_000 })
        .toMatchObject({ ip: `${network}.91` })
      const { leases } = await json('dhcp', 'leases')
      expect(leases).toContainEqual(expect.objectContaining({ ip: `${network}.91`, node: 'home/control-1' }))
    },
    limitMs,
  )

  it(
    'lends 200 machines 200 addresses',
    async () => {
      const leases = (await cable.client('many', '200')) as { ip: string }[]
      expect(new Set(leases.map(({ ip }) => ip)).size).toBe(200)
      expect((await json('dhcp', 'leases')).leases.length).toBeGreaterThanOrEqual(200)
    },
    limitMs,
  )

  it(
    'says that the interface is gone, and lends again by itself when it is back',
    async () => {
      cable.pullOut()
      await expectGone()
      const refused = await cli('dns', 'set', '--lease-hours', '7')
      expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('lan0 is no network interface')])
      cable.plugIn()
      await expectLending()
    },
    limitMs,
  )

  it(
    'is up when the device starts before its network, says what it waits for, and lends once that is there',
    async () => {
      expect(await endProcess(daemon, 'SIGTERM')).toBe(0)
      cable.pullOut()
      await startDaemon()
      expect((await json('instance', 'list')).instances).toMatchObject([{ name: 'home' }])
      await expectGone()
      cable.plugIn()
      await expectLending()
    },
    limitMs,
  )
})
