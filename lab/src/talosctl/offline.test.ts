import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { bundleTalosctl, type Stand } from '../test-lab/talosctl.ts'

let stand: Stand

beforeAll(async () => {
  stand = bundleTalosctl()
  await stand.run(['gen', 'secrets', '-o', 'secrets.yaml'])
  await stand.run([
    'gen',
    'config',
    'home',
    'https://10.0.0.30:6443',
    '--with-secrets',
    'secrets.yaml',
    '--output',
    'gen',
    '--kubernetes-version',
    '1.34.1',
  ])
})

afterAll(() => stand.remove())

const modeOf = (name: string): number => statSync(stand.file(name)).mode & 0o777

describe('gen', () => {
  it('writes secrets of the documented shape, readable by their owner only', () => {
    const secrets = parse(stand.read('secrets.yaml'))
    expect(modeOf('secrets.yaml')).toBe(0o600)
    expect(secrets.cluster.id).toMatch(/^[A-Za-z0-9_-]{43}=$/)
    expect(secrets.secrets.bootstraptoken).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/)
    expect(Object.keys(secrets.certs)).toEqual(['etcd', 'k8s', 'k8saggregator', 'k8sserviceaccount', 'os'])
    expect(Buffer.from(secrets.certs.os.key, 'base64').toString()).toContain('BEGIN ED25519 PRIVATE KEY')
    expect(Buffer.from(secrets.certs.k8s.key, 'base64').toString()).toContain('BEGIN EC PRIVATE KEY')
  })

  it('makes configs from secrets, and a talosconfig without endpoints', () => {
    const [controlPlane, worker, talosconfig] = ['controlplane.yaml', 'worker.yaml', 'talosconfig'].map((name) =>
      parse(stand.read(`gen/${name}`)),
    )
    const secrets = parse(stand.read('secrets.yaml'))
    expect(controlPlane.cluster.id).toBe(secrets.cluster.id)
    expect(controlPlane.machine.kubelet.image).toBe('ghcr.io/siderolabs/kubelet:v1.34.1')
    expect(controlPlane.machine.nodeLabels).toEqual({ 'node.kubernetes.io/exclude-from-external-load-balancers': '' })
    expect(worker.machine.ca).toEqual({ crt: secrets.certs.os.crt, key: '' })
    expect(talosconfig.contexts.home.endpoints).toEqual([])
    expect(modeOf('gen/talosconfig')).toBe(0o644)
  })

  it('refuses to overwrite without --force', async () => {
    const secrets = await stand.run(['gen', 'secrets', '-o', 'secrets.yaml'])
    expect(secrets).toEqual({ exit: 1, out: '', err: 'file "secrets.yaml" already exists, use --force to overwrite\n' })
    const config = await stand.run(['gen', 'config', 'home', 'https://10.0.0.30:6443', '-o', 'gen'])
    expect(config.err).toContain(
      `file "${stand.file('gen/controlplane.yaml')}" already exists, use --force to overwrite`,
    )
  })

  it.each([
    [['gen', 'config', 'home'], 'accepts 2 arg(s), received 1'],
    [
      ['gen', 'config', 'home', '10.0.0.30'],
      'no scheme specified for the cluster endpoint URL\ntry: "https://10.0.0.30:6443"',
    ],
    [
      ['gen', 'config', 'home', 'https://10.0.0.30:6443', '--with-secrets', 'nope'],
      'failed to load secrets bundle: open nope: no such file or directory',
    ],
    [
      ['gen', 'config', 'home', 'https://10.0.0.30:6443', '-t', 'foo', '-o', 'x'],
      '1 error occurred:\n\t* invalid output type: "foo"',
    ],
    [['gen', 'config', 'home', 'https://10.0.0.30:6443', '-o', '-'], "can't use multiple output types with stdout"],
  ])('talosctl %j is refused', async (args, message) => {
    const result = await stand.run([...args, ...(args.includes('-o') || args.length < 4 ? [] : ['-o', 'elsewhere'])])
    expect(result.exit).toBe(1)
    expect(result.err).toContain(message)
  })
})

describe('machineconfig patch and validate', () => {
  it('prints the patched config, the same every time', async () => {
    stand.write('patch.yaml', 'machine: {network: {hostname: one}, certSANs: [10.0.0.31]}\n')
    const args = ['machineconfig', 'patch', 'gen/controlplane.yaml', '--patch', '@patch.yaml']
    const first = await stand.run(args)
    expect(first.exit).toBe(0)
    expect(parse(first.out).machine.certSANs).toEqual(['10.0.0.31'])
    expect(await stand.run(args)).toEqual(first)
    stand.write('final.yaml', first.out)
    expect(await stand.run(['validate', '--config', 'final.yaml', '--mode', 'metal'])).toEqual({
      exit: 0,
      out: 'final.yaml is valid for metal mode\n',
      err: '',
    })
  })

  it('names unknown keys', async () => {
    const { exit, err } = await stand.run(['mc', 'patch', 'gen/worker.yaml', '-p', '{"machine":{"bogus":1}}'])
    expect([exit, err]).toEqual([1, 'unknown keys found during decoding:\nmachine:\n    bogus: 1\n\n'])
  })

  it('names a file that is missing', async () => {
    expect((await stand.run(['machineconfig', 'patch', 'nope.yaml', '-p', '{}'])).err).toBe(
      'open nope.yaml: no such file or directory\n',
    )
  })

  it('lists what is wrong with a config', async () => {
    stand.write(
      'bad.yaml',
      'version: v1alpha1\nmachine: {type: worker, network: {interfaces: [{interface: eth0, vip: {ip: 10.0.0.1}}]}}\ncluster: {controlPlane: {endpoint: "https://10.0.0.1:6443"}}\n',
    )
    const { exit, err } = await stand.run(['validate', '-c', 'bad.yaml', '-m', 'metal'])
    expect(exit).toBe(1)
    expect(err).toContain(
      '3 errors occurred:\n\t* install instructions are required in "metal" mode\n\t* issuing CA or some accepted CAs are required (.machine.ca, machine.acceptedCAs)\n',
    )
    expect(err).toContain('virtual (shared) IP is not allowed on non-controlplane nodes')
  })

  it('wants a mode that exists', async () => {
    expect((await stand.run(['validate', '-c', 'final.yaml'])).err).toMatch(
      /^required flag\(s\) "mode" not set\n\nUsage:\n {2}talosctl validate \[flags\]/,
    )
    expect((await stand.run(['validate', '-c', 'final.yaml', '-m', 'foo'])).err).toBe('unknown runtime mode: "foo"\n')
  })
})

describe('config', () => {
  const flag = ['--talosconfig', 'gen/talosconfig']

  it('sets endpoints and nodes, with mode 0600', async () => {
    expect(await stand.run(['config', 'endpoint', '10.0.0.31', '10.0.0.32', ...flag])).toEqual({
      exit: 0,
      out: '',
      err: '',
    })
    await stand.run(['config', 'node', '10.0.0.31', ...flag])
    expect(modeOf('gen/talosconfig')).toBe(0o600)
    const info = JSON.parse((await stand.run(['config', 'info', '-o', 'json', ...flag])).out)
    expect(info).toMatchObject({
      context: 'home',
      nodes: ['10.0.0.31'],
      endpoints: ['10.0.0.31', '10.0.0.32'],
      roles: ['os:admin'],
      certTTL: '1 year from now',
    })
    expect((await stand.run(['config', 'contexts', ...flag])).out).toMatch(
      /^CURRENT {3}NAME {3}ENDPOINTS +NODES\n\* {9}home {3}10\.0\.0\.31,10\.0\.0\.32 {3}10\.0\.0\.31\n$/,
    )
  })

  it('creates a file that is missing and renames on merge', async () => {
    const other = ['--talosconfig', 'new/config']
    expect((await stand.run(['config', 'context', 'nope', ...other])).err).toBe('context "nope" is not defined\n')
    expect(parse(stand.read('new/config'))).toEqual({ context: '', contexts: {} })
    await stand.run(['config', 'merge', 'gen/talosconfig', ...other])
    const again = await stand.run(['config', 'merge', 'gen/talosconfig', ...other])
    expect(again).toEqual({ exit: 0, out: '', err: 'renamed talosconfig context "home" -> "home-1"\n' })
    expect(parse(stand.read('new/config')).context).toBe('home-1')
  })
})

describe('the command line', () => {
  it('tells the client version without dialling', async () => {
    expect(await stand.run(['version', '--client', '--short'])).toEqual({
      exit: 0,
      out: 'Client:\nTalos v1.11.5\n',
      err: '',
    })
  })

  it.each([
    [['get', 'disks', '--bogus'], 'unknown flag: --bogus\n\nUsage:\n  talosctl get <type> [<id>] [flags]\n'],
    [['get', 'disks', '-Z'], "unknown shorthand flag: 'Z' in -Z\n\nUsage:"],
    [['get', 'disks', '--nodes'], 'flag needs an argument: --nodes\n\nUsage:'],
    [['get'], 'accepts between 1 and 2 arg(s), received 0\n\nUsage:'],
    [['bootstrap', '--insecure'], 'unknown flag: --insecure\n\nUsage:'],
    [['validate', '-n', '10.0.0.1', '-m', 'metal'], "unknown shorthand flag: 'n' in -n\n\nUsage:"],
    [
      ['apply-config', '-m', 'foo'],
      'invalid argument "foo" for "-m, --mode" flag: possible options are: auto, interactive, no-reboot, reboot, staged, try\n\nUsage:',
    ],
    [['frobnicate'], 'unknown command "frobnicate" for "talosctl"\n'],
    [['disks'], '`talosctl disks` is deprecated, please use `talosctl get disks`'],
    [
      ['get', 'disks', '--talosconfig', 'empty-one', '-n', '10.0.0.1'],
      'failed to resolve configuration context: talos config file is empty',
    ],
    [['get', 'disks', '-i'], 'failed to determine endpoints'],
    [['reset', '--insecure', '-n', '10.0.0.1'], 'cannot use --wait and --insecure together'],
  ])('talosctl %j is refused', async (args, message) => {
    const { exit, out, err } = await stand.run(args)
    expect([exit, out]).toEqual([1, ''])
    expect(err).toContain(message)
  })
})
