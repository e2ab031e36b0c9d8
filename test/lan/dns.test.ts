import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mountTinyDisk } from '../../server/src/testing/tiny-disk.ts'
import { freePort } from '../ports.ts'
import { startDaemon, temporaryFolder } from '../world.ts'
import { whereIs } from './tools.ts'

const dnsmasq = whereIs('dnsmasq')
let daemon: Awaited<ReturnType<typeof startDaemon>>
const bin = temporaryFolder('dns-bin')
let port = 0

/** Where the daemon keeps what dnsmasq reads: a disk of its own, so that it can be full. */
const disk = dnsmasq ? mountTinyDisk(1) : undefined

async function ask(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${port}`])
  return resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => [error.code ?? 'failed'])
}

const put = (body: object) => daemon.rest('PUT', '/dnsmasq/config', body)
const status = async () => (await daemon.rest('GET', '/dnsmasq/status')).body.data
const conf = () => join(daemon.data, 'dnsmasq/dnsmasq.conf')

describe.skipIf(!dnsmasq)('names on the LAN, by the real dnsmasq', () => {
  beforeAll(async () => {
    symlinkSync(dnsmasq!, join(bin.path, 'dnsmasq'))
    mkdirSync(join(bin.path, 'data'))
    if (disk) symlinkSync(disk.path, join(bin.path, 'data/dnsmasq'))
    daemon = await startDaemon({ bin: bin.path, data: join(bin.path, 'data') })
    port = await freePort()
    await daemon.rest('POST', '/instances', {
      name: 'home',
      config: { cloud: { domain: 'cloud.example.com', internalDomain: 'internal.example.com' } },
    })
  })
  afterAll(async () => {
    await daemon?.stop()
    disk?.remove()
    bin.remove()
  })

  it('are not served before somebody asks for it', async () => {
    expect(await status()).toMatchObject({ status: 'not_configured', conf: 'none', leases: 0 })
    expect((await daemon.rest('GET', '/dnsmasq/config')).body.data).toMatchObject({ enabled: false, dhcp: 'off' })
    expect((await daemon.rest('GET', '/status')).body.data.dnsmasq).toBe('not_configured')
    expect((await daemon.rest('POST', '/dnsmasq/restart')).status).toBe(409)
    expect((await daemon.rest('POST', '/dnsmasq/confirm')).status).toBe(409)
  })

  it('answer the load balancer for everything below the domains of an instance, once switched on', async () => {
    const { status: code, body } = await put({ interface: 'lo', port })
    expect([code, body.message]).toEqual([200, 'dnsmasq configuration updated'])
    expect(await status()).toMatchObject({ status: 'running', conf: 'current' })
    for (const name of ['ghost.cloud.example.com', 'cloud.example.com', 'a.b.internal.example.com'])
      expect([name, await ask(name)]).toEqual([name, ['127.90.0.80']])
    expect((await daemon.rest('GET', '/status')).body.data.dnsmasq).toBe('running')
  })

  it('again changes nothing, and the same process goes on', async () => {
    const { pid } = await status()
    expect((await put({ interface: 'lo', port })).status).toBe(200)
    expect((await status()).pid).toBe(pid)
  })

  it('follow a change of the instance, nodes included', async () => {
    await daemon.rest('POST', '/instances/home/config/change', {
      changes: [
        { path: 'cluster.loadBalancerIp', value: '127.90.0.81' },
        { path: 'cluster.nodes.active.control-1', value: { role: 'controlplane', targetIp: '127.90.0.91' } },
      ],
    })
    await expect.poll(() => ask('ghost.cloud.example.com'), { timeout: 120_000 }).toEqual(['127.90.0.81'])
    expect(await ask('control-1.internal.example.com')).toEqual(['127.90.0.91'])
    expect(await status()).toMatchObject({ status: 'running', conf: 'current' })
  })

  it.each([
    ['an interface that is not there', { interface: 'nope0' }, 400, 'interface'],
    ['a port that is none', { port: 70_000 }, 400, 'port'],
    ['upstreams that are none', { dns_server: 'one.one' }, 400, 'dnsServer'],
    ['a range outside the network', { dhcp: 'full', dhcp_range: '10.9.0.1,10.9.0.9' }, 400, 'dhcpRange'],
    ['a range that ends before it begins', { dhcp: 'full', dhcp_range: '127.0.0.9,127.0.0.5' }, 400, 'dhcpRange'],
    ['a range with the router inside', { dhcp: 'full', dhcp_range: '127.0.0.5,127.200.0.1' }, 400, 'dhcpRange'],
    ['a range that holds the address pool', { dhcp: 'full', dhcp_range: '127.90.0.60,127.90.0.85' }, 400, 'dhcpRange'],
    ['a word nobody knows', { colour: 'red' }, 400, 'colour'],
    [
      'one address for two machines',
      {
        static_leases: [
          { mac: '02:00:00:00:00:01', ip: '127.0.0.9' },
          { mac: '02:00:00:00:00:02', ip: '127.0.0.9' },
        ],
      },
      400,
      'staticLeases',
    ],
  ])('refuse %s, and go on as before', async (_what, body, code, field) => {
    const [before, file] = [await status(), readFileSync(conf(), 'utf8')]
    const answer = await put(body)
    expect([answer.status, answer.body.error?.details?.field]).toEqual([code, field])
    expect([await status(), readFileSync(conf(), 'utf8')]).toEqual([before, file])
    expect(await ask('ghost.cloud.example.com')).toEqual(['127.90.0.81'])
  })

  it('go on as before when the new port is taken, and the refusal says by whom', async () => {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const answer = await put({ port: socket.address().port })
    socket.close()
    expect(answer.status).toBe(502)
    expect(answer.body.error.message).toContain(`pid ${process.pid}`)
    await expect.poll(() => ask('ghost.cloud.example.com'), { timeout: 5_000 }).toEqual(['127.90.0.81'])
    expect((await daemon.rest('GET', '/dnsmasq/config')).body.data.port).toBe(port)
    expect(await status()).toMatchObject({ status: 'running', conf: 'current' })
  })

  it('keep a file that was edited by hand, and write over it only when told to', async () => {
    const edited = `${readFileSync(conf(), 'utf8')}cache-size=7\n`
    writeFileSync(conf(), edited)
    expect((await status()).conf).toBe('edited')
    const refused = await put({ log_queries: true })
    expect([refused.status, refused.body.error.details.diff]).toEqual([409, expect.stringContaining('-cache-size=7')])
    expect(readFileSync(conf(), 'utf8')).toBe(edited)
    expect((await put({ log_queries: true, overwrite: true })).status).toBe(200)
    expect(readFileSync(join(daemon.data, 'dnsmasq/previous.conf'), 'utf8')).toBe(edited)
    expect(await status()).toMatchObject({ status: 'running', conf: 'current' })
  })

  it.skipIf(!disk)('go on as before when the disk is full, and the refusal says so', async () => {
    const [before, file] = [await status(), readFileSync(conf(), 'utf8')]
    disk!.fill()
    const answer = await put({ log_queries: false })
    disk!.free()
    expect([answer.status, answer.body.error?.code]).toEqual([507, 'DISK_FULL'])
    expect([await status(), readFileSync(conf(), 'utf8')]).toEqual([{ ...before, pid: expect.any(Number) }, file])
    await expect.poll(() => ask('ghost.cloud.example.com'), { timeout: 120_000 }).toEqual(['127.90.0.81'])
    expect((await put({ log_queries: false })).status).toBe(200)
    expect(await status()).toMatchObject({ status: 'running', conf: 'current' })
  })

  it('come back by themselves when dnsmasq ends', async () => {
    const { pid } = await status()
    process.kill(pid, 'SIGKILL')
    await expect.poll(async () => (await status()).pid, { timeout: 120_000 }).not.toBe(pid)
    await expect.poll(() => ask('ghost.cloud.example.com'), { timeout: 120_000 }).toEqual(['127.90.0.81'])
  })

  it('end when they are switched off', async () => {
    const { pid } = await status()
    expect((await put({ enabled: false })).status).toBe(200)
    expect(await status()).toMatchObject({ status: 'stopped' })
    expect(existsSync(`/proc/${pid}`)).toBe(false)
  })

  it('of two instances with one domain are refused, naming both', async () => {
    await daemon.rest('POST', '/instances', { name: 'other', config: { cloud: { domain: 'cloud.example.com' } } })
    const { status: code, body } = await put({ enabled: true })
    expect([code, body.error.message]).toEqual([400, 'home and other both have the domain cloud.example.com.'])
  })
})

describe('without dnsmasq', () => {
  it('the refusal says how to get it', async () => {
    const bare = await startDaemon()
    const { status: code, body } = await bare.rest('PUT', '/dnsmasq/config', { interface: 'lo', port: 5399 })
    expect([code, body.error.code]).toEqual([502, 'TOOL_MISSING'])
    expect(body.error.message).toContain('apt install dnsmasq-base')
    expect((await bare.rest('GET', '/dnsmasq/status')).body.data.status).not.toBe('running')
    await bare.stop()
  })

  it('settings that make no sense leave everything else working', async () => {
    const folder = temporaryFolder('dns-broken')
    mkdirSync(join(folder.path, 'data'))
    writeFileSync(join(folder.path, 'data/central.yaml'), 'dnsmasq:\n  enabled: perhaps\n')
    const odd = await startDaemon({ data: join(folder.path, 'data') })
    const { status: code, body } = await odd.rest('GET', '/dnsmasq/config')
    expect([code, body.error.details.field]).toEqual([422, 'dnsmasq.enabled'])
    expect((await odd.rest('GET', '/instances')).status).toBe(200)
    await odd.stop()
    folder.remove()
  })
})
