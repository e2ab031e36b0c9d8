import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { root, startTestWorld } from '../world.ts'

const limitMs = 120_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>
let url: string

const cli = (...args: string[]) => wildCli(root, world, args)
const status = async () => (await world.rest('GET', '/pxe/status')).body.data
const put = (body: object) => world.rest('PUT', '/pxe/config', body)
const boots = async () => (await world.rest('GET', '/pxe/boots')).body.data.boots
const asset = async (kind: string) =>
  (await world.rest('GET', '/pxe/assets')).body.data.assets.find((one: { kind: string }) => one.kind === kind)
const macOf = async (number: number) => (await lab.state()).machines[number - 1].mac

/** One request whose path goes as it is. */
function ask(path: string, method = 'GET', headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const { hostname: host, port } = new URL(url)
    const call = request({ host, port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    call.on('error', reject)
    call.end()
  })
}
const script = async (mac?: string) =>
  (await ask(`/pxe/boot.ipxe${mac ? `?mac=${mac}&arch=x86_64` : ''}`)).body.toString()
const kernelPath = (text: string) => new URL(/^kernel (\S+)/m.exec(text)![1]!).pathname

describe('booting from the network', () => {
  beforeAll(async () => {
    process.env.WILD_PXE_PORT = '0'
    world = await startTestWorld()
    lab = labDoor(world.dataDirectory)
    const network = `${(await lab.state()).net.replace('.0/24', '')}`
    const dns = { enabled: false, interface: 'lo', port: 5399, dnsServer: '1.1.1.1', dhcp: 'off', leaseHours: 12 }
    const rest = {
      dhcpRange: `${network}.100,${network}.200`,
      router: `${network}.1`,
      staticLeases: [],
      logQueries: false,
    }
    writeFileSync(join(world.dataDirectory, 'central.yaml'), JSON.stringify({ dnsmasq: { ...dns, ...rest } }))
    await world.rest('POST', '/instances', { name: 'home' })
    await world.rest('POST', '/instances', { name: 'other' })
  }, limitMs)
  afterAll(() => world?.remove(), limitMs)

  it('is off until somebody switches it on, and says then what is missing', async () => {
    expect(await status()).toMatchObject({ settings: { enabled: false, unknown: 'menu' }, loaders: [], warnings: [] })
    expect((await status()).url).toBeUndefined()
    const { status: code, body } = await put({ enabled: true })
    expect([code, body.data.url]).toEqual([200, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/pxe$/)])
    url = body.data.url
    expect(body.data.warnings.join('\n')).toMatch(/dnsmasq does not run[\s\S]*No network boot loader/)
  })

  it.each([
    ['a policy nobody knows', { unknown: 'everything' }, 400, undefined],
    ['an instance that is not there', { unknown: 'instance', instance: 'none' }, 404, undefined],
    ['no instance for unknown machines', { unknown: 'instance' }, 400, 'instance'],
  ])('refuses %s, and goes on as before', async (_what, body, code, field) => {
    const before = await status()
    const answer = await put(body)
    expect([answer.status, answer.body.error.details.field]).toEqual([code, field ?? answer.body.error.details.field])
    expect(await status()).toEqual(before)
  })

  it('asks a machine who it is first, then gives unknown ones a menu', async () => {
    expect(await script()).toBe(`#!ipxe\nchain --replace ${url}/boot.ipxe?mac=\${netX/mac}&arch=\${buildarch}\n`)
    expect(await script('02:00:00:00:00:77')).toMatch(/^#!ipxe\nmenu [\s\S]*item i-home [\s\S]*item i-other /)
    expect((await boots())[0]).toMatchObject({ mac: '02:00:00:00:00:77', stage: 'script', ip: '127.0.0.1' })
  })

  it('says on the screen of a machine which files are missing', async () => {
    expect((await world.rest('PUT', '/pxe/machines/02:00:00:00:00:77', { instance: 'home' })).status).toBe(200)
    const text = await script('02-00-00-00-00-77')
    expect(text).toContain(
      'kernel-amd64, initramfs-amd64.xz, cmdline-metal-amd64 of Talos v1.11.5 for home is not here',
    )
    expect(text).toMatch(/wild-cli talos assets download --instance home[\s\S]*\nexit\n$/)
    expect((await boots())[0]).toMatchObject({ stage: 'missing', instance: 'home' })
    await expect(lab.pxeBoot(3, `${url}/nothing.ipxe`)).rejects.toThrow('404')
  })

  it('serves kernel, initramfs and loaders byte for byte once they are here', async () => {
    const { body } = await world.rest('POST', '/pxe/assets/download', { instance: 'home' })
    expect((await world.ended(body.operation_id)).status).toBe('completed')
    await expect.poll(async () => (await status()).loaders, { timeout: 120_000 }).toEqual(['undionly.kpxe', 'ipxe.efi'])
    const text = await script('02:00:00:00:00:77')
    expect(text).toMatch(/^kernel \S+\/kernel-amd64 initrd=initramfs-amd64\.xz talos\.platform=metal .*$/m)
    const kernel = await ask(kernelPath(text))
    expect(kernel.body.equals(readFileSync((await asset('kernel')).path))).toBe(true)
    const initramfs = new URL(/^initrd .*(http\S+)$/m.exec(text)![1]!).pathname
    expect((await ask(initramfs)).body.equals(readFileSync((await asset('initramfs')).path))).toBe(true)
    expect((await boots())[0]).toMatchObject({ mac: '02:00:00:00:00:77', instance: 'home', stage: 'booted' })
    expect((await ask('/pxe/ipxe.efi')).body.subarray(0, 2).toString()).toBe('MZ')
  })

  it('answers HEAD and ranges', async () => {
    const path = kernelPath(await script('02:00:00:00:00:77'))
    const whole = readFileSync((await asset('kernel')).path)
    const head = await ask(path, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, `${whole.length}`, 0])
    for (const [range, from, to] of [
      ['bytes=10-19', 10, 20],
      ['bytes=100-', 100, whole.length],
      ['bytes=-5', whole.length - 5, whole.length],
    ] as const) {
      const part = await ask(path, 'GET', { range })
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${from}-${to - 1}/${whole.length}`])
      expect(part.body.equals(whole.subarray(from, to))).toBe(true)
    }
    expect((await ask(path, 'GET', { range: `bytes=${whole.length}-` })).status).toBe(416)
    expect((await ask(path, 'GET', { range: 'bytes=0-1,3-4' })).body.length).toBe(whole.length)
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask('/pxe/boot.ipxe', method)).status).toBe(405)
  })

  it.each([
    '/',
    '/api/v1/instances',
    '/graphql',
    '/pxe',
    '/pxe/',
    '/pxe/../token.json',
    '/pxe/%2e%2e/%2e%2e/central.yaml',
    '/pxe/images/v1.11.5/../../../instances/home/secrets.yaml',
    `/pxe/images/v1.11.5/${'0'.repeat(64)}/amd64/kernel-amd64`,
    `/pxe/images/v..%2f/${'0'.repeat(64)}/amd64/kernel-amd64`,
    '/pxe/instances/none.ipxe',
    '/pxe/boot.ipxe?mac=nonsense',
    '/pxe/boots.json',
    '//pxe/ipxe.efi',
  ])('has nothing at %s, and says so without telling anything', async (path) => {
    const { status: code, body } = await ask(path)
    expect([code, body.toString()]).toEqual([404, expect.stringMatching(/^[^/]{5,100}\n$/)])
  })

  it(
    'starts a blank machine of the lab, which discovery then finds with the very image',
    async () => {
      const live: string[] = []
      const client = world.socket()
      client.subscribe(
        { query: 'subscription { pxeChanges }' },
        { next: ({ data }) => live.push(String(data?.pxeChanges)), error: () => undefined, complete: () => undefined },
      )
      await cli('talos', 'schematic', 'set', '--add-extension', 'intel-ucode')
      await cli('talos', 'assets', 'download')
      expect(await cli('pxe', 'assign', await macOf(2), 'home')).toMatchObject({ code: 0 })
      await lab.pxeBoot(2, `${url}/boot.ipxe`)
      const { schematic_id: schematic } = (await world.rest('GET', '/instances/home/talos/schematic')).body.data
      await expect
        .poll(async () => (await lab.state()).machines[1], { timeout: 120_000 })
        .toMatchObject({ up: true, schematic })
      expect((await cli('pxe', 'boots')).output).toMatch(new RegExp(`${await macOf(2)}.*home.*booted`))
      expect(await cli('node', 'discover')).toMatchObject({ code: 0, output: expect.stringContaining(await macOf(2)) })
      await expect.poll(() => live, { timeout: 120_000 }).toContain('boots')
      await client.dispose()
    },
    limitMs,
  )

  it('gives a machine that is a node what its instance boots', async () => {
    const node = { role: 'controlplane', mac: '02:00:00:00:00:78', targetIp: '127.0.0.9' }
    await world.rest('PUT', '/instances/home/config', { path: 'cluster.nodes.active.control-9', value: node })
    expect(await script('02:00:00:00:00:78')).toContain('home boots Talos')
    expect((await cli('pxe', 'machines')).output).toMatch(/02:00:00:00:00:78\s+home\s+home\/control-9/)
  })

  it('sends unknown machines on, or lets them boot the default, as set', async () => {
    expect((await cli('pxe', 'enable', '--unknown', 'nothing')).code).toBe(0)
    expect(await script('02:00:00:00:00:99')).toMatch(/is not known here \(02:00:00:00:00:99\)[\s\S]*\nexit\n$/)
    expect((await boots())[0]).toMatchObject({ mac: '02:00:00:00:00:99', stage: 'turned_away' })
    expect((await cli('pxe', 'enable', '--default', 'home')).output).toContain('boot home')
    expect(await script('02:00:00:00:00:99')).toContain('home boots Talos')
    expect((await cli('pxe', 'script', '02:00:00:00:00:99')).output).toContain('kernel http')
  })

  it.each([
    ['assign', 'nonsense', 'home', 2],
    ['assign', '02:00:00:00:00:01', 'none', 3],
    ['unassign', '02:00:00:00:00:01', undefined, 3],
  ])('%s %s %s is refused', async (verb, mac, instance, code) => {
    expect((await cli('pxe', verb, mac, ...(instance ? [instance] : []))).code).toBe(code)
  })

  it('does not let go of files that machines boot from, unless forced', async () => {
    const { id } = await asset('loader')
    const refused = await world.rest('DELETE', `/pxe/assets/${id}`)
    expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining('is in use')])
    expect((await world.rest('DELETE', `/pxe/assets/${id}?force=true`)).status).toBe(200)
    await expect.poll(async () => (await ask(`/pxe/${id}`)).status, { timeout: 120_000 }).toBe(404)
  })

  it('answers that a file was changed on disk instead of serving it', async () => {
    const text = await script('02:00:00:00:00:77')
    const { assets } = (await world.rest('GET', '/pxe/assets')).body.data
    const { path } = assets.find(
      ({ kind, used_by: usedBy }: { kind: string; used_by: string[] }) => kind === 'kernel' && usedBy.includes('home'),
    )
    renameSync(path, `${path}.bak`)
    writeFileSync(path, 'evil')
    const { status: code, body } = await ask(kernelPath(text))
    rmSync(path)
    renameSync(`${path}.bak`, path)
    expect([code, body.toString()]).toEqual([503, expect.stringContaining('was changed on disk')])
  })

  it(
    'comes back with the daemon, boots and settings too',
    async () => {
      const before = (await boots()).length
      const gone = new Promise((resolve) => world.daemon.once('exit', resolve))
      world.daemon.kill('SIGTERM')
      await gone
      await world.restartDaemon()
      const now = await status()
      expect([now.settings, (await boots()).length]).toEqual([
        { enabled: true, unknown: 'instance', instance: 'home' },
        before,
      ])
      url = now.url
      expect((await ask('/pxe/boot.ipxe')).status).toBe(200)
    },
    limitMs,
  )

  it('ends when it is switched off', async () => {
    expect((await cli('pxe', 'disable')).code).toBe(0)
    await expect(ask('/pxe/boot.ipxe')).rejects.toThrow('ECONNREFUSED')
    expect((await status()).url).toBeUndefined()
  })

  it(
    'says who is in the way when its port is taken, and stays off',
    async () => {
      const holder = createServer()
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
      const { port } = holder.address() as AddressInfo
      const gone = new Promise((resolve) => world.daemon.once('exit', resolve))
      world.daemon.kill('SIGTERM')
      await gone
      world.toolEnvironment.WILD_PXE_PORT = `${port}`
      await world.restartDaemon()
      const { status: code, body } = await put({ enabled: true })
      expect([code, body.error.message]).toEqual([409, expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`)])
      expect((await status()).settings.enabled).toBe(false)
      await new Promise((resolve) => holder.close(resolve))
      expect((await put({ enabled: true })).status).toBe(200)
    },
    limitMs,
  )
})
