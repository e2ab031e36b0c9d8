import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { root, startDaemon, temporaryFolder } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
})
afterAll(() => daemon.stop())

let folder: ReturnType<typeof temporaryFolder>
let number = 0
let name = ''
beforeEach(() => {
  folder = temporaryFolder('old-home')
  name = `home-${++number}`
  return () => folder.remove()
})

const token = 'cf-token-that-nobody-may-see'
const finalConfig = (ip: string) =>
  `machine:\n  network:\n    interfaces:\n      - interface: eth0\n        addresses: [${ip}/24]\n`
const controlplane = 'machine:\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:v1.33.4\n---\nkind: HostnameConfig\n'

const settings = `# my cloud
operator:
  email: me@example.com
cloud:
  baseDomain: example.com
  domain: cloud.example.com # public
  internalDomain: internal.cloud.example.com
  router: {ip: 127.90.0.1}
  dns:
    ip: 127.90.0.50
    externalResolver: 1.1.1.1
  dhcpRange: 127.90.0.34,127.90.0.79
  smtp:
    port: "465"
cluster:
  name: test-cloud
  ipAddressPool: 127.90.0.80-127.90.0.89
  loadBalancerIp: 127.90.0.80
`
const shared: Record<string, string> = {
  'secrets.yaml': `cloudflare:\n  token: ${token}\napps:\n  ghost:\n    dbPassword: kept-as-it-was-1\n`,
  '.gitignore': 'mine\n',
  'README.md': '# Our cloud\n',
  'setup/cluster-nodes/generated/secrets.yaml': 'cluster: {}\n',
  'setup/cluster-nodes/generated/controlplane.yaml': controlplane,
  'setup/cluster-nodes/generated/worker.yaml': 'machine: {}\n',
  'setup/cluster-nodes/generated/talosconfig': 'context: test-cloud\ncontexts: {}\n',
  'setup/cluster-services/metallb/install.sh': '#!/bin/bash\n',
  'setup/cluster-services/metallb/kustomize/pool.yaml': 'kind: IPAddressPool\n',
  'setup/dnsmasq/dnsmasq.conf': 'interface=eth0\n',
  'docs/README.md': '# Docs\n',
  'apps/README.md': '# Apps\n',
  'apps/ghost/manifest.yaml': 'name: ghost\n',
  'apps/ghost/kustomization.yaml': 'namespace: ghost\n',
  'apps/my-own/manifest.yaml': 'name: my-own\n',
  '.wildcloud/cache/apps/ghost/x.yaml': 'x: 1\n',
}

/** The layout of October: nodes by name (facts/poc-behaviour.md 7). */
const october: Record<string, string> = {
  ...shared,
  'config.yaml': `${settings}  hostnamePrefix: test-
  nodes:
    control:
      vip: 127.90.0.30
    talos:
      version: v1.11.0
      schematicId: ${'a'.repeat(64)}
    active:
      test-control-1: # the one in the cellar
        role: controlplane
        interface: eth0
        disk: /dev/sda
        currentIp: 127.90.0.31
      test-worker-1:
        role: worker
        interface: eth0
        disk: /dev/nvme0n1
        currentIp: 127.90.0.142
`,
  '.kubeconfig': 'kind: Config\n',
  '.envrc': 'export X=1\n',
  'setup/cluster-nodes/patch/test-control-1.yaml': finalConfig('127.90.0.31'),
  'setup/cluster-nodes/final/test-control-1.yaml': finalConfig('127.90.0.31'),
}

/** The layout of July: nodes by address. */
const july: Record<string, string> = {
  ...shared,
  'config.yaml': `${settings.replace('operator', 'owner')}  nodes:
    control:
      vip: 127.90.0.30
    talos:
      version: v1.10.4
    active:
      "127.90.0.31": # the one in the cellar
        interface: eth0
        disk: /dev/sda
        control: "true"
      "127.90.0.32":
        interface: eth0
        disk: /dev/sda
        control: "true"
        maintenanceIp: 127.90.0.131
      "127.90.0.142":
        interface: eth0
        disk: /dev/sdb
        control: "false"
`,
  '.kube/config': 'kind: Config\n',
  'env.sh': 'export X=1\n',
  'setup/cluster-nodes/patch/127.90.0.31.yaml': finalConfig('127.90.0.31'),
  'setup/cluster-nodes/final/127.90.0.31.yaml': finalConfig('127.90.0.31'),
}

function lay(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), text)
  }
}

const importHome = (...more: string[]) =>
  wildCli(root, { cliEnvironment: { WILD_DAEMON_URL: daemon.url } }, [
    'instance',
    'import-home',
    folder.path,
    name,
    ...more,
  ])
const post = (body: unknown) => daemon.rest('POST', '/instances/import/poc', body)
const place = (path: string) => join(daemon.data, 'instances', name, path)
const read = (path: string) => readFileSync(place(path), 'utf8')
const nodes = async () => (await daemon.rest('GET', `/instances/${name}/config?path=cluster.nodes.active`)).body.data

describe('a home of October', () => {
  beforeEach(() => lay(october))

  it('becomes an instance with its settings, comments, secrets, nodes and keys', async () => {
    expect(await importHome()).toMatchObject({ code: 0 })
    expect(read('config.yaml')).toContain('domain: cloud.example.com # public\n')
    expect(await nodes()).toEqual({
      'test-control-1': {
        role: 'controlplane',
        interface: 'eth0',
        disk: '/dev/sda',
        currentIp: '127.90.0.31',
        targetIp: '127.90.0.31',
        maintenance: false,
      },
      'test-worker-1': {
        role: 'worker',
        interface: 'eth0',
        disk: '/dev/nvme0n1',
        currentIp: '127.90.0.142',
        maintenance: true,
      },
    })
    expect(read('config.yaml')).toContain('test-control-1: # the one in the cellar')
    expect(read('secrets.yaml')).toBe(october['secrets.yaml'])
    expect(read('.kube/config')).toBe('kind: Config\n')
    expect(read('.talos/config')).toContain('test-cloud')
    expect(read('apps/ghost/kustomization.yaml')).toBe('namespace: ghost\n')
    expect(read('README.md')).toBe('# Our cloud\n')
    const { status, body } = await daemon.rest('GET', `/instances/${name}`)
    expect([status, body.data.missing, body.data.node_count, body.data.app_count]).toEqual([200, [], 2, 1])
    expect((await daemon.rest('GET', `/instances/${name}/config?path=cluster.kubernetesVersion`)).body.data).toBe(
      'v1.33.4',
    )
  })

  it('keeps everything with keys private', async () => {
    await importHome()
    const secret = ['secrets.yaml', '.kube/config', '.talos/config', 'setup/cluster-nodes/final/test-control-1.yaml']
    for (const path of [...secret, 'setup/cluster-nodes/generated/secrets.yaml'])
      expect([path, statSync(place(path)).mode & 0o777]).toEqual([path, 0o600])
    for (const path of ['', '.kube', 'setup/cluster-nodes/generated'])
      expect([path, statSync(place(path)).mode & 0o777]).toEqual([path, 0o700])
  })

  it('tells what was taken, changed and left, without a secret', async () => {
    const { output } = await importHome('-o', 'json')
    const { report } = JSON.parse(output)
    const told = Object.fromEntries(report.map((line: { path: string; verdict: string }) => [line.path, line.verdict]))
    expect(told).toMatchObject({
      'secrets.yaml': 'taken',
      '.kubeconfig': 'changed',
      'apps/ghost/': 'taken',
      'apps/my-own/': 'problem',
      'setup/cluster-services/': 'left',
      'setup/dnsmasq/dnsmasq.conf': 'left',
      '.envrc': 'left',
      docs: 'left',
      '.wildcloud': 'left',
    })
    expect(output).not.toContain(token)
  })

  it('is only looked at with --plan', async () => {
    const { code, output } = await importHome('--plan')
    expect([code, output.includes('test-control-1')]).toEqual([0, true])
    expect(readdirSync(join(daemon.data, 'instances'))).not.toContain(name)
  })

  it('leaves the old folder as it was', async () => {
    await importHome()
    for (const [path, text] of Object.entries(october))
      expect([path, readFileSync(join(folder.path, path), 'utf8')]).toEqual([path, text])
  })
})

describe('a home of July', () => {
  beforeEach(() => lay(july))

  it('gets names for its nodes where their addresses stood, and the roles they had', async () => {
    expect(await importHome()).toMatchObject({ code: 0 })
    expect(await nodes()).toEqual({
      'control-1': {
        role: 'controlplane',
        interface: 'eth0',
        disk: '/dev/sda',
        targetIp: '127.90.0.31',
        currentIp: '127.90.0.31',
        maintenance: false,
      },
      'control-2': {
        role: 'controlplane',
        interface: 'eth0',
        disk: '/dev/sda',
        targetIp: '127.90.0.32',
        currentIp: '127.90.0.131',
        maintenance: true,
      },
      'worker-1': { role: 'worker', interface: 'eth0', disk: '/dev/sdb', targetIp: '127.90.0.142', maintenance: true },
    })
    expect(read('config.yaml')).toContain('      control-1: # the one in the cellar\n')
    expect(read('config.yaml')).toContain('domain: cloud.example.com # public\n')
    expect(read('setup/cluster-nodes/final/control-1.yaml')).toBe(finalConfig('127.90.0.31'))
    expect((await daemon.rest('GET', `/instances/${name}/config?path=operator.email`)).body.data).toBe('me@example.com')
    expect((await daemon.rest('GET', `/instances/${name}/config?path=owner.email`)).status).toBe(404)
    const { problems } = (await daemon.rest('GET', `/instances/${name}/config/validate`)).body.data
    expect(problems).toEqual([])
  })
})

describe('is refused, and nothing is made,', () => {
  const file = (path: string, text?: string) => ({ path, ...(text === undefined ? {} : { text }) })
  it.each([
    ['without config.yaml', [file('secrets.yaml', 'a: 1\n')], 'files'],
    ['with a path out of the folder', [file('config.yaml', ''), file('apps/../../x', '')], 'files.1.path'],
    ['with an absolute path', [file('config.yaml', ''), file('/etc/passwd', '')], 'files.1.path'],
    ['with a file that is there twice', [file('config.yaml', ''), file('config.yaml', '')], 'files.1.path'],
    ['with a config.yaml that is not YAML', [file('config.yaml', 'a: [1\nb: 2\n')], 'yaml'],
    ['with a secrets.yaml that is not YAML', [file('config.yaml', 'a: 1\n'), file('secrets.yaml', '- 1\n')], 'yaml'],
  ])('%s', async (_what, files, field) => {
    const { status, body } = await post({ name, files })
    expect([status, body.error.details.field]).toEqual([400, field])
    expect(readdirSync(join(daemon.data, 'instances')).filter((each) => each.includes(name))).toEqual([])
  })

  it('under the name of an instance that is there', async () => {
    await daemon.rest('POST', '/instances', { name })
    const before = read('config.yaml')
    lay(october)
    const { code, output } = await importHome()
    expect([code, output.includes(`already an instance named "${name}"`)]).toEqual([4, true])
    expect(read('config.yaml')).toBe(before)
  })

  it('from a folder that is none, or of something else', async () => {
    expect(await importHome()).toMatchObject({ code: 2, output: expect.stringContaining('no config.yaml') })
    folder.remove()
    expect(await importHome()).toMatchObject({ code: 2, output: expect.stringContaining('no such file or folder') })
  })
})

describe('odd homes', () => {
  it('with links, binaries and large files are taken without them', async () => {
    lay({ 'config.yaml': settings, 'apps/ghost/manifest.yaml': 'name: ghost\n', big: 'x'.repeat(600 * 1024) })
    symlinkSync('/etc/hostname', join(folder.path, 'secrets.yaml'))
    writeFileSync(join(folder.path, 'apps/ghost/icon.png'), Buffer.from([0xff, 0xfe, 0x00]))
    const { code, output } = await importHome()
    expect(code).toBe(0)
    expect(output).toMatch(/problem +secrets\.yaml/)
    expect(read('secrets.yaml')).toContain('{}')
    expect(readdirSync(place('apps/ghost'))).toEqual(['manifest.yaml'])
  })

  it('whose nodes make no sense are taken, and the problem is named', async () => {
    lay({ 'config.yaml': `${settings}  nodes:\n    active:\n      "10.0.0.1": text\n      Bad_Name: {disk: 5}\n` })
    const { code, output } = await importHome()
    expect([code, output.includes('problem')]).toEqual([0, true])
    expect(Object.keys(await nodes())).toEqual(['10.0.0.1', 'worker-1'])
  })
})
