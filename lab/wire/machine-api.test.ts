import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { resourceTypes } from '../src/machines/resources/index.ts'
import { issueCertificate, verifyIssuedBy } from '../src/pki/index.ts'
import { finalConfig, generateCluster, secure } from '../src/test-lab/cluster.ts'
import { startTestLab, type TestLab } from '../src/test-lab/start.ts'
import { bundleTalosctl, type Stand } from '../src/test-lab/talosctl.ts'
import { call, type Dialled, type GrpcError } from './grpc.ts'
import { definitionSpec, rpcs, state } from './messages.ts'
import { decode, type Fields } from './protobuf.ts'

let lab: TestLab
/** The stand-in over the lab's socket, and the same command line over the wire. */
let stand: Stand
let wire: Stand
const onWire = (args: string[]) => wire.run(args, lab.env)
const insecure = (host: number): string[] => ['--nodes', lab.at(host), '--insecure']

beforeAll(async () => {
  lab = await startTestLab()
  stand = bundleTalosctl()
  wire = bundleTalosctl(join(import.meta.dirname, 'talosctl.ts'))
  await generateCluster(stand, lab)
  await generateCluster(stand, lab, 'other')
  // Both programs work in the same folder, so that they use the same files.
  const { run } = wire
  wire.run = (args, env) =>
    run(
      args.map((arg) => (arg.startsWith('home/') || arg.startsWith('other/') ? stand.file(arg) : arg)),
      env,
    )
})
afterAll(async () => {
  stand?.remove()
  wire?.remove()
  await lab?.close()
})

/** A direct call to a configured machine with the administrator's certificate of a cluster. */
function as(host: number, cluster = 'home'): Dialled {
  const { context, contexts } = parse(readFileSync(stand.file(`${cluster}/talosconfig`), 'utf8'))
  const text = (part: string): string => Buffer.from(contexts[context][part], 'base64').toString()
  return {
    endpoint: lab.at(host),
    ca: text('ca'),
    crt: text('crt'),
    key: text('key').replaceAll('ED25519 PRIVATE KEY', 'PRIVATE KEY'),
  }
}
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: GrpcError) => error.message,
  )
const hosts = [1, 2, 3]

describe('a machine in maintenance mode', () => {
  it('answers every kind of resource over the wire exactly as over the socket', async () => {
    for (const { type, sensitive } of resourceTypes) {
      const args = ['get', type, ...insecure(101), '-o', 'json']
      const [socket, grpc] = await Promise.all([stand.run(args, lab.env), onWire(args)])
      expect([type, grpc]).toEqual([type, socket])
      if (sensitive) expect(grpc.err).toContain('code = PermissionDenied desc = not authorized')
    }
  })

  it('names each type so that every word means one type only', async () => {
    const found = await call({ endpoint: lab.at(101) }, state.list, {
      namespace: 'meta',
      type: 'ResourceDefinitions.meta.cosi.dev',
    })
    const specs = found.map(({ resource }) => decode(definitionSpec, resource.spec.proto_spec))
    const words = specs.flatMap((spec) => spec.all_aliases as string[])
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
    for (const word of [
      'disks',
      'disk',
      'links',
      'routes',
      'addresses',
      'members',
      'machinestatus',
      'hostname',
      'hs',
      'mc',
    ])
      expect(words).toContain(word)
    expect(specs.find(({ resource_type }) => resource_type === 'Disks.block.talos.dev')).toMatchObject({
      default_namespace: 'runtime',
      print_columns: expect.arrayContaining([{ name: 'SIZE', json_path: '{.pretty_size}' }]),
      sensitivity: 0,
    })
    expect(specs.find(({ resource_type }) => resource_type.startsWith('MachineConfigs'))!.sensitivity).toBe(1)
  })

  it('tells its disks by the older API too', async () => {
    const [answer] = await call({ endpoint: lab.at(102) }, rpcs.disks, {})
    expect(answer!.messages[0].disks.map((disk: Fields) => [disk.device_name, disk.type])).toEqual([
      ['/dev/nvme0n1', 3],
      ['/dev/sda', 2],
      ['/dev/sdb', 2],
      ['/dev/sr0', 5],
      ['/dev/loop0', 1],
    ])
  })

  it('has no version, no bootstrap and no way to write resources', async () => {
    const to = { endpoint: lab.at(101) }
    const none = 'rpc error: code = Unimplemented desc = API is not implemented in maintenance mode'
    expect(await failure(call(to, rpcs.version, {}))).toBe(none)
    expect(await failure(call(to, rpcs.bootstrap, {}))).toBe(none)
    expect(await failure(call(to, rpcs.healthCheck, {}))).toBe(none)
    expect(await failure(call(to, state.create, {}))).toBe(
      'rpc error: code = PermissionDenied desc = write access is not allowed',
    )
  })

  it('refuses types, namespaces and ids it does not have', async () => {
    const list = (namespace: string, type: string) =>
      failure(call({ endpoint: lab.at(101) }, state.list, { namespace, type }))
    expect(await list('runtime', 'No.such.dev')).toBe(
      'rpc error: code = PermissionDenied desc = resource type "No.such.dev" is not supported',
    )
    expect(await list('nowhere', 'Disks.block.talos.dev')).toContain('namespace "nowhere" is not supported')
    expect((await onWire(['get', 'nosuch', ...insecure(101)])).err).toBe(
      'rpc error: code = NotFound desc = resource "nosuch" is not registered\n',
    )
    expect((await onWire(['get', 'disks', 'nope', ...insecure(101)])).err).toContain(
      "resource Disks.block.talos.dev(runtime/nope@undefined) doesn't exist",
    )
  })

  it('shows no certificate that a talosconfig trusts', async () => {
    expect((await onWire(['get', 'disks', ...secure(lab.at(101))])).err).toContain(
      'x509: certificate signed by unknown authority',
    )
  })
})

describe('machines that were set up over the wire', () => {
  beforeAll(async () => {
    const disks = { 1: '/dev/nvme0n1', 2: '/dev/nvme0n1', 3: '/dev/sda' } as Record<number, string>
    const nics = new Map(lab.lab.lan.machines().map(({ record, hardware }) => [record.number, hardware.nic.name]))
    for (const number of hosts) {
      const disk = lab.lab.lan
        .machines()
        [number - 1]!.hardware.disks.find(({ readonly, transport }) => !readonly && transport !== 'usb')!
      disks[number] = `/dev/${disk.name}`
      const worker = number === 3
      const path = await finalConfig(stand, lab, {
        name: `node-${number}`,
        host: 90 + number,
        disk: disks[number]!,
        nic: nics.get(number)!,
        role: worker ? 'worker' : 'controlplane',
      })
      expect(await onWire(['apply-config', ...insecure(100 + number), '--file', path])).toEqual({
        exit: 0,
        out: '',
        err: '',
      })
      await lab.until(number, (one) => one.up && one.facts !== undefined && lab.lab.lan.clock.now() >= one.runtimeFrom)
    }
  })

  it('demand a certificate of their cluster', async () => {
    expect((await onWire(['get', 'disks', ...insecure(91)])).err).toMatch(
      /code = Unavailable desc = connection error: desc = ".*(certificate required|connection reset by peer)/,
    )
    expect((await onWire(['version', ...secure(lab.at(91), 'other')])).err).toContain('signed by unknown authority')
    expect(await failure(call({ ...as(91), ca: undefined, ...stranger() }, rpcs.version, {}))).toContain('Unavailable')
  })

  const stranger = (): Partial<Dialled> => {
    const { crt, key } = as(91, 'other')
    return { crt, key }
  }

  it('are bootstrapped once, and health tells of every step until all is well', async () => {
    expect(await onWire(['bootstrap', ...secure(lab.at(91))])).toEqual({ exit: 0, out: '', err: '' })
    expect((await onWire(['bootstrap', ...secure(lab.at(91))])).err).toContain(
      'error executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not empty',
    )
    const said = (await call(as(91), rpcs.healthCheck, { wait_timeout: { seconds: 60 } })).map(({ message }) => message)
    expect(said[0]).toBe(`discovered nodes: ${JSON.stringify(hosts.map((number) => lab.at(90 + number)))}`)
    expect(said).toContain('waiting for etcd to be healthy: ...')
    expect(said.at(-1)).toBe('waiting for all k8s nodes to report schedulable: OK')
    expect(said.filter((message) => message.endsWith(': OK'))).toHaveLength(16)
  })

  it('answer every command over the wire as over the socket', async () => {
    const at = secure(lab.at(91))
    const commands = [
      ...resourceTypes.map(({ type }) => ['get', type, ...at, '-o', 'json']),
      ['get', 'rd', ...at, '-o', 'json'],
      ['get', 'disks', ...at],
      ['version', ...at],
      ['etcd', 'members', ...at],
      ['service', 'nope', ...at],
      ['service', 'kubelet', 'restart', ...at],
    ]
    for (const args of commands) {
      const strip = (text: string): string => text.replace(/"(created|updated)": "[^"]*"/g, '')
      const [socket, grpc] = await Promise.all([stand.run(args, lab.env), onWire(args)])
      const both = [grpc, socket].map(({ out, err, exit }) => [exit, strip(out), err])
      // Definitions are made at the moment of the question; their YAML is not what they are read from.
      if (args[1] === 'rd') expect(grpc.exit).toBe(0)
      else expect([args[0], args[1], both[0]]).toEqual([args[0], args[1], both[1]])
    }
    expect((await onWire(['service', ...at])).out).toMatch(/etcd +Running +OK/)
  })

  it('give a kubeconfig whose certificate the cluster signed', async () => {
    expect((await onWire(['kubeconfig', 'kc', '--merge=false', ...secure(lab.at(91))])).err).toBe('')
    const kubeconfig = parse(readFileSync(wire.file('kc'), 'utf8'))
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString()
    expect(
      verifyIssuedBy(
        text(kubeconfig.users[0].user['client-certificate-data']),
        text(kubeconfig.clusters[0].cluster['certificate-authority-data']),
      ),
    ).toBe(true)
    expect((await onWire(['kubeconfig', 'kc2', '--merge=false', ...secure(lab.at(93))])).err).toContain(
      'kubeconfig is only available on control plane nodes',
    )
  })

  it('forward calls to each other as apid does', async () => {
    const nodes = [91, 93, 99].map(lab.at)
    const [answer] = await call(as(91), rpcs.version, {}, { nodes: nodes.join(',') })
    expect(answer!.messages.map(({ metadata }: Fields) => metadata.hostname)).toEqual(nodes)
    expect(answer!.messages.map(({ version }: Fields) => version?.tag)).toEqual(['v1.11.5', 'v1.11.5', undefined])
    expect(answer!.messages[2].metadata).toMatchObject({
      error: expect.stringContaining('rpc error: code = Unavailable desc = connection error'),
      status: { code: 14 },
    })
    const [resource] = await call(
      as(91),
      state.get,
      { namespace: 'network', type: 'HostnameStatuses.net.talos.dev', id: 'hostname' },
      { node: lab.at(92) },
    )
    expect(resource!.resource.spec.yaml_spec).toContain('hostname: node-2')
    expect(await failure(call(as(93), rpcs.version, {}, { nodes: lab.at(91) }))).toBe(
      'rpc error: code = PermissionDenied desc = no request forwarding',
    )
    expect(
      await failure(
        call(as(91), state.list, { namespace: 'runtime', type: 'Disks.block.talos.dev' }, { nodes: 'x,y' }),
      ),
    ).toContain('code = InvalidArgument desc = one-2-many proxying is not supported for COSI methods')
  })

  it('let a reader read, and nothing else', async () => {
    const secrets = parse(stand.read('home.secrets.yaml'))
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString()
    const ca = { crt: text(secrets.certs.os.crt), key: text(secrets.certs.os.key) }
    const reader = await issueCertificate({
      ca,
      organization: 'os:reader',
      sans: [],
      days: 1,
      usages: ['client'],
      algorithm: 'ed25519',
    })
    const to = { ...as(91), crt: reader.crt, key: reader.key }
    expect((await call(to, rpcs.version, {}))[0]!.messages[0].version.tag).toBe('v1.11.5')
    for (const rpc of [rpcs.reboot, rpcs.kubeconfig, rpcs.bootstrap])
      expect(await failure(call(to, rpc, {}))).toBe('rpc error: code = PermissionDenied desc = not authorized')
    expect(
      await failure(call(to, state.list, { namespace: 'config', type: 'MachineConfigs.config.talos.dev' })),
    ).toContain('not authorized')
  })

  it('leave etcd, restart, upgrade, go back to maintenance mode and switch off', async () => {
    const { lan } = lab.lab
    const of = (number: number) => lan.machines()[number - 1]!
    expect((await onWire(['etcd', 'leave', ...secure(lab.at(92))])).err).toBe('')
    const [members] = await call(as(91), rpcs.etcdMemberList, {})
    expect(members!.messages[0].members.map(({ hostname }: Fields) => hostname)).toEqual(['node-1'])

    const before = of(3).upFrom
    expect((await onWire(['reboot', '--wait=false', ...secure(lab.at(93))])).exit).toBe(0)
    expect(of(3).upFrom).toBeGreaterThan(before)
    await lab.until(3, ({ up }) => up)

    const image =
      'factory.talos.dev/metal-installer/613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245:v1.11.6'
    const upgraded = await onWire(['upgrade', '--image', image, '--wait=false', ...secure(lab.at(93))])
    expect(upgraded.out).toContain('Upgrade request received')
    await lab.until(3, ({ up }) => up)
    expect((await onWire(['version', ...secure(lab.at(93))])).out).toContain('v1.11.6')

    const wipe = ['--system-labels-to-wipe', 'STATE', '--system-labels-to-wipe', 'EPHEMERAL']
    const reset = ['reset', '--graceful=false', '--reboot', '--wait=false', ...wipe]
    expect(await onWire([...reset, ...secure(lab.at(93))])).toEqual({ exit: 0, out: '', err: '' })
    await lab.until(3, ({ up }) => up)
    expect((await onWire(['get', 'machinestatus', ...insecure(103), '-o', 'json'])).out).toContain('"maintenance"')

    expect((await onWire(['shutdown', '--wait=false', ...secure(lab.at(92))])).exit).toBe(0)
    expect((await onWire(['get', 'disks', ...secure(lab.at(92))])).err).toMatch(/code = Unavailable .*connection/)
  })
})
