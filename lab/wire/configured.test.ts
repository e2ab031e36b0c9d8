import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { resourceTypes } from '../src/machines/resources/index.ts'
import { issueCertificate, verifyIssuedBy } from '../src/pki/index.ts'
import { finalConfig, secure } from '../src/test-lab/cluster.ts'
import type { TestLab } from '../src/test-lab/start.ts'
import type { Stand } from '../src/test-lab/talosctl.ts'
import { call, type Dialled } from './grpc.ts'
import { rpcs, state } from './messages.ts'
import type { Fields } from './protobuf.ts'
import { failure, startWireLab, type WireLab } from './support.ts'

let world: WireLab
let lab: TestLab
let stand: Stand
const onWire = (args: string[]) => world.onWire(args)
const as = (host: number, cluster?: string) => world.as(host, cluster)
const hosts = [1, 2, 3]
const insecure = (host: number) => world.insecure(host)

beforeAll(async () => {
  world = await startWireLab()
  ;({ lab, stand } = world)
})
afterAll(() => world?.close())

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
      await world.back(
        number,
        90 + number,
        (one) => one.up && one.facts !== undefined && lab.lab.lan.clock.now() >= one.runtimeFrom,
      )
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
    expect((await onWire(['read', '/proc/uptime', ...at])).out).toMatch(/^\d+\.\d\d \d+\.\d\d\n$/)
    expect((await onWire(['rollback', ...at])).err).toContain('no fallback entry found')
  })

  it('save what etcd holds, to the byte what the socket gives', async () => {
    const at = secure(lab.at(91))
    const [socket, grpc] = await Promise.all([
      stand.run(['etcd', 'snapshot', 'db', ...at], lab.env),
      onWire(['etcd', 'snapshot', 'db', ...at]),
    ])
    expect(grpc).toEqual(socket)
    expect(readFileSync(world.wire.file('db')).equals(readFileSync(stand.file('db')))).toBe(true)
    const database = ['copy', '/var/lib/etcd/member/snap/db', 'copied', ...at]
    const both = await Promise.all([stand.run(database, lab.env), onWire(database)])
    expect(both).toEqual([1, 2].map(() => ({ exit: 0, out: '', err: '' })))
    const copied = [stand, world.wire].map((one) => readFileSync(one.file('copied/db')))
    expect(copied[1]!.equals(copied[0]!)).toBe(true)
    expect(copied[0]!.equals(readFileSync(stand.file('db')).subarray(0, -32))).toBe(true)
    expect((await onWire(['copy', '/etc/passwd', 'copied', ...at])).err).toContain('no such file or directory')
    expect((await onWire(['etcd', 'snapshot', 'none', ...secure(lab.at(93))])).err).toContain(
      'only available on control plane',
    )
  })

  it('give a kubeconfig whose certificate the cluster signed', async () => {
    expect((await onWire(['kubeconfig', 'kc', '--merge=false', ...secure(lab.at(91))])).err).toBe('')
    const kubeconfig = parse(readFileSync(world.wire.file('kc'), 'utf8'))
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
    await world.back(3, 93)

    const image =
      'factory.talos.dev/metal-installer/613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245:v1.11.6'
    const upgraded = await onWire(['upgrade', '--image', image, '--wait=false', ...secure(lab.at(93))])
    expect(upgraded.out).toContain('Upgrade request received')
    await world.back(3, 93)
    expect((await onWire(['version', ...secure(lab.at(93))])).out).toContain('v1.11.6')

    const wipe = ['--system-labels-to-wipe', 'STATE', '--system-labels-to-wipe', 'EPHEMERAL']
    const reset = ['reset', '--graceful=false', '--reboot', '--wait=false', ...wipe]
    expect(await onWire([...reset, ...secure(lab.at(93))])).toEqual({ exit: 0, out: '', err: '' })
    await world.back(3, 103)
    expect((await onWire(['get', 'machinestatus', ...insecure(103), '-o', 'json'])).out).toContain('"maintenance"')

    expect((await onWire(['shutdown', '--wait=false', ...secure(lab.at(92))])).exit).toBe(0)
    expect((await onWire(['get', 'disks', ...secure(lab.at(92))])).err).toMatch(/code = Unavailable .*connection/)
  })

  it('start etcd again from a snapshot that was sent to them', async () => {
    const wipe = ['--system-labels-to-wipe', 'EPHEMERAL']
    expect(
      (await onWire(['reset', '--graceful=false', '--reboot', '--wait=false', ...wipe, ...secure(lab.at(91))])).err,
    ).toBe('')
    await world.back(1, 91, (one) => one.up && one.facts !== undefined && lab.lab.lan.clock.now() >= one.runtimeFrom)
    expect(lab.lab.lan.etcd()).toEqual([])
    expect(await failure(call(as(91), rpcs.bootstrap, { recover_etcd: true }))).toContain(
      'etcd snapshot is not uploaded',
    )
    expect((await onWire(['bootstrap', '--recover-from', 'db', ...secure(lab.at(91))])).err).toBe('')
    expect(lab.lab.lan.etcd()).toHaveLength(1)
  })
})
