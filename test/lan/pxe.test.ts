import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, temporaryFolder } from '../world.ts'
import { type Cable, layCable, namespacesMissing } from './namespaces.ts'
import { whereIs } from './tools.ts'

const missing = whereIs('dnsmasq') ? namespacesMissing() : 'dnsmasq is not here'
if (missing) console.log(`Network boot between network namespaces: skipped, ${missing}`)
const limitMs = 120_000
const network = '10.211.79'
const lab = '127.77.0'
const port = 5056
const url = `http://${network}.1:8069/pxe`
const folder = temporaryFolder('pxe')
let cable: Cable
const env = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin`,
  WILD_CENTRAL_DATA: join(folder.path, 'data'),
  WILD_PORT: String(port),
  WILD_LAN: `${network}.0/24`,
  WILD_GATEWAY: `${network}.254`,
  WILD_DAEMON_URL: `http://127.0.0.1:${port}`,
  WILD_LOG: 'warn',
  WILD_PXE_PORT: '8069',
  // The image factory is that of a lab in the same namespace.
  WILD_MIRROR: `http://${lab}.1:8780`,
  WILD_LAB_NET: `${lab}.0/24`,
  WILD_LAB_SOCKET: join(folder.path, 'lab.sock'),
  WILD_LAB_MACHINES: '1',
}

const cli = (...args: string[]) =>
  cable.run('device', [process.execPath, join(root, 'cli/dist/wild-cli.js'), ...args], env)
const json = async (...args: string[]) => JSON.parse((await cli(...args, '-o', 'json')).output)

/** Several questions of a network card, one after another; one that failed answers `failed`. */
// biome-ignore lint/suspicious/noExplicitAny: what a network card is told
async function machine(...commands: string[][]): Promise<any[]> {
  const tsx = join(root, 'node_modules/.bin/tsx')
  const client = [tsx, join(import.meta.dirname, 'boot-client.ts'), JSON.stringify(commands)]
  const { code, output } = await cable.run('machine', client)
  if (code !== 0) throw new Error(output)
  return JSON.parse(output)
}

function started(command: string[], ready: string): Promise<void> {
  const child = cable.start('device', command, env)
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes(ready)) resolve()
      })
    child.once('exit', () => reject(new Error(said)))
  })
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const assets = async () => (await json('talos', 'assets', 'list')).assets as { file: string; path: string }[]
const firmware = [
  [0, 'undionly.kpxe'],
  [7, 'ipxe.efi'],
  [9, 'ipxe.efi'],
  [11, 'ipxe-arm64.efi'],
] as const

describe.skipIf(missing)('network boot on a LAN of two network namespaces, by the real dnsmasq', () => {
  beforeAll(async () => {
    mkdirSync(join(folder.path, 'data'), { recursive: true })
    cable = layCable(network)
    await started([process.execPath, join(root, 'lab/dist/lab.js')], 'lab ready')
    await started([process.execPath, join(root, 'server/dist/wildd.js')], 'answers at')
    for (const command of [
      ['instance', 'create', 'home'],
      ['talos', 'assets', 'download'],
      ['talos', 'assets', 'download', '--architecture', 'arm64'],
      ['dns', 'set', '--interface', 'lan0', '--dhcp', 'proxy', '--trial', '0'],
      ['pxe', 'enable', '--default', 'home'],
    ])
      expect([command, await cli(...command)]).toEqual([command, expect.objectContaining({ code: 0 })])
  }, limitMs)
  afterAll(async () => {
    await cable?.remove()
    folder.remove()
  }, limitMs)

  it('is complete, and says so', async () => {
    expect(await json('pxe', 'status')).toMatchObject({ url, warnings: [], interface: 'lan0' })
  })

  it(
    'beside another DHCP server tells each firmware what to begin with, and iPXE the script',
    async () => {
      const mac = '02:00:00:00:00:31'
      const offers = await machine(...firmware.map(([architecture]) => ['boot', mac, `${architecture}`]))
      for (const offer of offers) expect(offer).toMatchObject({ ip: '0.0.0.0', vendor: 'PXEClient' })
      const told = await machine(
        ...firmware.map(([architecture], at) => [
          'ask-server',
          `${network}.1`,
          mac,
          `${architecture}`,
          ...(offers[at].item ? [`${offers[at].item}`] : []),
        ]),
      )
      expect(told.map(({ file }) => file)).toEqual(firmware.map(([, file]) => file))
      for (const offer of await machine(...['0', '7', '11'].map((architecture) => ['boot', mac, architecture, 'ipxe'])))
        expect(offer.file).toBe(`${url}/boot.ipxe`)
    },
    limitMs,
  )

  it(
    'lending addresses does so too, and names an address for firmware that fetches by HTTP',
    async () => {
      const full = ['dns', 'set', '--dhcp', 'full', '--dhcp-range', `${network}.10,${network}.60`]
      expect(await cli(...full, '--trial', '0')).toMatchObject({ code: 0 })
      const boot = (architecture: number, ...more: string[]) => [
        'boot',
        '02:00:00:00:00:32',
        `${architecture}`,
        ...more,
      ]
      const offers = await machine(...firmware.map(([architecture]) => boot(architecture)))
      expect(offers).toEqual(
        firmware.map(([, file]) =>
          expect.objectContaining({ file, next: `${network}.1`, ip: expect.stringContaining(network) }),
        ),
      )
      expect(await machine(boot(16), boot(19), boot(9, 'ipxe'))).toMatchObject([
        { file: `${url}/ipxe.efi`, vendor: 'HTTPClient' },
        { file: `${url}/ipxe-arm64.efi`, vendor: 'HTTPClient' },
        { file: `${url}/boot.ipxe` },
      ])
    },
    limitMs,
  )

  it(
    'gives every loader by TFTP and by HTTP, byte for byte, and nothing else',
    async () => {
      const loaders = (await assets()).filter(({ file }) => /ipxe|kpxe/.test(file))
      const fetches = loaders.flatMap(({ file }) => [
        ['tftp', `${network}.1`, file],
        ['http', `${url}/${file}`],
      ])
      const digests = loaders.flatMap(({ path }) => [{ sha256: sha256(path) }, { sha256: sha256(path) }])
      expect([loaders.length, await machine(...fetches)]).toMatchObject([3, digests])
      const outside = ['../central.yaml', '/etc/passwd', 'boots.json', '../../../../etc/passwd']
      for (const answer of await machine(...outside.map((file) => ['tftp', `${network}.1`, file])))
        expect(answer).toEqual({ error: expect.stringMatching(/not found|denied|cannot/i) })
    },
    limitMs,
  )

  it(
    'leads from the script to kernel and initramfs, byte for byte, for both architectures',
    async () => {
      const files = await assets()
      for (const [word, architecture] of [
        ['x86_64', 'amd64'],
        ['arm64', 'arm64'],
      ] as const) {
        const mac = `02:00:00:00:00:3${word.length}`
        const [first, second] = await machine(
          ['http', `${url}/boot.ipxe`],
          ['http', `${url}/boot.ipxe?mac=${mac}&arch=${word}`],
        )
        expect(first.text).toContain(`chain --replace ${url}/boot.ipxe?mac=`)
        const addresses = ['kernel', 'initrd'].map(
          (line) => new RegExp(`^${line} .*?(http\\S+)`, 'm').exec(second.text)![1]!,
        )
        const wanted = [`kernel-${architecture}`, `initramfs-${architecture}.xz`].map((name) => ({
          status: 200,
          sha256: sha256(files.find(({ file }) => file === name)!.path),
        }))
        expect(await machine(...addresses.map((address) => ['http', address]))).toMatchObject(wanted)
      }
      const { boots } = await json('pxe', 'boots')
      expect(boots).toMatchObject([
        { architecture: 'arm64', stage: 'booted', ip: `${network}.250`, instance: 'home' },
        { architecture: 'amd64', stage: 'booted', ip: `${network}.250`, instance: 'home' },
      ])
    },
    limitMs,
  )

  it(
    'ends with TFTP and the words of DHCP when it is switched off',
    async () => {
      expect(await cli('pxe', 'disable')).toMatchObject({ code: 0 })
      const [offer, loader, script] = await machine(
        ['boot', '02:00:00:00:00:32', '7'],
        ['tftp', `${network}.1`, 'ipxe.efi'],
        ['http', `${url}/boot.ipxe`],
      )
      expect([offer.ip, offer.file]).toEqual([expect.stringContaining(network), undefined])
      expect([loader, script]).toEqual([{ failed: expect.any(String) }, { failed: expect.any(String) }])
      expect((await json('dns', 'status')).status).toBe('running')
    },
    limitMs,
  )
})
