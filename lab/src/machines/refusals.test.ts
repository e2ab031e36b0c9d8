import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finalConfig, generateCluster, secure } from '../test-lab/cluster.ts'
import { startTestLab, type TestLab } from '../test-lab/start.ts'
import { bundleTalosctl, type Stand } from '../test-lab/talosctl.ts'

let lab: TestLab
let stand: Stand

const run = (args: string[]) => stand.run(args, lab.env)
const insecure = (host: number): string[] => ['--nodes', lab.at(host), '--insecure']

beforeAll(async () => {
  lab = await startTestLab()
  stand = bundleTalosctl()
  await generateCluster(stand, lab)
  await generateCluster(stand, lab, 'other')
})

afterAll(async () => {
  stand.remove()
  await lab.close()
})

describe('a machine in maintenance mode', () => {
  it('tells its hardware to anybody', async () => {
    const { out, exit } = await run(['get', 'disks', ...insecure(102), '-o', 'json'])
    const disks = out.split(/\n(?=\{)/).map((text) => JSON.parse(text))
    expect(exit).toBe(0)
    expect(disks.map(({ metadata, spec }) => [metadata.id, spec.transport ?? '', spec.readonly, spec.cdrom])).toEqual([
      ['nvme0n1', 'nvme', false, false],
      ['sda', 'sata', false, false],
      ['sdb', 'usb', false, false],
      ['sr0', 'sata', false, true],
      ['loop0', '', true, false],
    ])
    expect(disks[0].node).toBe('')
    expect(disks[1].spec).toMatchObject({ dev_path: '/dev/sda', pretty_size: '2 TB', rotational: true })
  })

  it('has one physical NIC with a MAC of its own and a default route', async () => {
    const links = (await run(['get', 'links', ...insecure(101), '-o', 'json'])).out
      .split(/\n(?=\{)/)
      .map((text) => JSON.parse(text))
    expect(links.filter(({ spec }) => spec.type === 'ether' && spec.kind === '' && spec.busPath)).toHaveLength(1)
    const routes = (await run(['get', 'routes', ...insecure(101), '-o', 'json'])).out
      .split(/\n(?=\{)/)
      .map((text) => JSON.parse(text))
    expect(routes.find(({ spec }) => spec.dst === '')).toMatchObject({
      metadata: { id: `inet4/${lab.at(1)}//1024` },
      spec: { gateway: lab.at(1), family: 'inet4' },
    })
  })

  it('has no members', async () => {
    expect(await run(['get', 'members', ...insecure(101), '-o', 'json'])).toEqual({ exit: 0, out: '', err: '' })
  })

  it('keeps its config to itself and has no version API', async () => {
    expect((await run(['get', 'machineconfig', ...insecure(101)])).err).toBe(
      'rpc error: code = PermissionDenied desc = not authorized\n',
    )
    const version = await run(['version', '--insecure', '-n', lab.at(101)])
    expect(version.out).toMatch(/Server:\n$/)
    expect(version.err).toContain(
      'error getting version: rpc error: code = Unimplemented desc = API is not implemented in maintenance mode',
    )
  })

  it.each([['get', 'machinestatus'], ['bootstrap'], ['kubeconfig', 'kc', '--merge=false']])(
    'shows no certificate that a talosconfig trusts: %s',
    async (...args) => {
      const { exit, err } = await run([...args, ...secure(lab.at(101))])
      expect(exit).toBe(1)
      expect(err).toContain(
        'transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority',
      )
    },
  )
})

describe('a config is refused', () => {
  const plan = { name: 'one', host: 91, disk: '/dev/nvme0n1', nic: 'enp1s0' }
  const apply = (path: string, ...more: string[]) => run(['apply-config', ...insecure(101), '--file', path, ...more])

  it('when its install disk is not there', async () => {
    const { exit, err } = await apply(await finalConfig(stand, lab, { ...plan, disk: '/dev/sdz' }))
    expect([exit, err]).toEqual([
      1,
      expect.stringContaining(
        'error applying new configuration: rpc error: code = InvalidArgument desc = configuration validation failed: 1 error occurred:\n\t* specified install disk does not exist: "/dev/sdz"',
      ),
    ])
  })

  it('when its install disk cannot be written', async () => {
    const { err } = await apply(await finalConfig(stand, lab, { ...plan, disk: '/dev/sr0' }))
    expect(err).toContain('specified install disk is read-only: "/dev/sr0"')
  })

  it('when the file is missing or not named', async () => {
    expect((await apply('nope.yaml')).err).toContain(
      'failed to read configuration from "nope.yaml": open nope.yaml: no such file or directory',
    )
    expect((await run(['apply-config', ...insecure(101)])).err).toBe('no filename supplied for configuration\n')
  })

  it('in a mode that maintenance lacks', async () => {
    const { err } = await apply(await finalConfig(stand, lab, plan), '--mode', 'no-reboot')
    expect(err).toContain(
      "code = Unimplemented desc = apply configuration --mode='no-reboot' is not supported in maintenance mode",
    )
  })

  it('not by a dry run, which changes nothing', async () => {
    const { exit, err } = await apply(await finalConfig(stand, lab, plan), '--dry-run')
    expect([exit, err]).toEqual([
      0,
      'Dry run summary:\nNode is running in maintenance mode and does not have a config yet.\n',
    ])
    expect((await lab.ask('GET', '/state')).body).toMatchObject({
      diskWrites: [],
      machines: [{ configured: false }, {}, {}],
    })
  })
})

describe('a configured machine', () => {
  beforeAll(async () => {
    const control = await finalConfig(stand, lab, { name: 'control-1', host: 91, disk: '/dev/nvme0n1', nic: 'enp1s0' })
    const worker = await finalConfig(stand, lab, {
      name: 'worker-1',
      host: 92,
      disk: '/dev/nvme0n1',
      nic: 'eno1',
      role: 'worker',
    })
    expect(await run(['apply-config', ...insecure(101), '--file', control])).toEqual({ exit: 0, out: '', err: '' })
    expect((await run(['apply-config', ...insecure(102), '--file', worker])).exit).toBe(0)
    await lab.until(1, (machine) => machine.up && lab.lab.lan.clock.now() >= machine.runtimeFrom)
    await lab.until(2, (machine) => machine.up)
  })

  it('refuses --insecure', async () => {
    const { exit, err } = await run(['get', 'hostname', ...insecure(91)])
    expect([exit, err]).toEqual([
      1,
      expect.stringMatching(
        /code = Unavailable desc = connection error: desc = "(error reading server preface|write tcp|read tcp)/,
      ),
    ])
  })

  it('refuses the talosconfig of another cluster', async () => {
    const { err } = await run(['get', 'hostname', ...secure(lab.at(91), 'other')])
    expect(err).toContain(
      'x509: certificate signed by unknown authority (possibly because of \\"x509: Ed25519 verification failure\\"',
    )
  })

  it('has left its first address', async () => {
    expect((await run(['get', 'hostname', ...insecure(101)])).err).toContain(
      `dial tcp ${lab.at(101)}:50000: connect: connection refused`,
    )
  })

  it('tells its disk write', async () => {
    const { body } = (await lab.ask('GET', '/state')) as { body: { diskWrites: object[] } }
    expect(body.diskWrites).toMatchObject([
      { machine: 1, disk: '/dev/nvme0n1', action: 'install' },
      { machine: 2, disk: '/dev/nvme0n1', action: 'install' },
    ])
  })

  it('lists members before the bootstrap, and forwards calls if it is a control plane', async () => {
    const { out } = await run([
      'get',
      'members',
      '--talosconfig',
      'home/talosconfig',
      '-e',
      lab.at(91),
      '-n',
      lab.at(92),
      '-o',
      'jsonpath={.spec.hostname}',
    ])
    expect(out).toBe('control-1\nworker-1\n')
    const refused = await run([
      'get',
      'members',
      '--talosconfig',
      'home/talosconfig',
      '-e',
      lab.at(92),
      '-n',
      lab.at(91),
    ])
    expect(refused.err).toContain('code = PermissionDenied desc = no request forwarding')
  })

  it('gives no kubeconfig and takes no bootstrap as a worker', async () => {
    expect((await run(['kubeconfig', 'kc', '--merge=false', ...secure(lab.at(92))])).err).toContain(
      'code = Unimplemented desc = kubeconfig is only available on control plane nodes',
    )
    expect((await run(['bootstrap', ...secure(lab.at(92))])).err).toContain(
      'bootstrap can only be performed on a control plane node',
    )
    expect((await run(['etcd', 'members', ...secure(lab.at(92))])).err).toContain(
      'member list is only available on control plane nodes',
    )
  })

  it('is bootstrapped once', async () => {
    expect(await run(['bootstrap', ...secure(lab.at(91))])).toEqual({ exit: 0, out: '', err: '' })
    const again = await run(['bootstrap', ...secure(lab.at(91))])
    expect([again.exit, again.err]).toEqual([
      1,
      'error executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not empty\n',
    ])
    const both = await run([
      'bootstrap',
      '--talosconfig',
      'home/talosconfig',
      '-e',
      lab.at(91),
      '-n',
      `${lab.at(91)},${lab.at(92)}`,
    ])
    expect(both.err).toMatch(/^command "bootstrap" is not supported with multiple nodes\n\nUsage:/)
  })

  it('says that nothing changes for the config it has, and what would for another', async () => {
    const same = await run(['apply-config', ...secure(lab.at(91)), '--file', 'control-1.yaml', '--dry-run'])
    expect([same.exit, same.err]).toEqual([
      0,
      'Dry run summary:\nApplied configuration without a reboot (skipped in dry-run).\nNo changes.\n',
    ])
    stand.write('changed.yaml', stand.read('control-1.yaml').replace('hostname: control-1', 'hostname: control-9'))
    const other = await run(['apply-config', ...secure(lab.at(91)), '--file', 'changed.yaml', '--dry-run'])
    expect(other.err).toContain('Config diff:\n\n--- a\n+++ b\n@@ ')
    expect(other.err).toContain('-        hostname: control-1\n+        hostname: control-9\n')
  })

  it('changes what can be changed live, and reboots for the rest', async () => {
    const live = stand.write(
      'live.yaml',
      stand.read('control-1.yaml').replace('certSANs: []', 'certSANs:\n        - cp.home.lan'),
    )
    expect((await run(['apply-config', ...secure(lab.at(91)), '--file', live])).err).toBe(
      'Applied configuration without a reboot\n',
    )
    const hard = stand.write('hard.yaml', stand.read('live.yaml').replace('rbac: true', 'rbac: false'))
    const refused = await run(['apply-config', ...secure(lab.at(91)), '--file', hard, '--mode', 'no-reboot'])
    expect(refused.err).toContain("this config change can't be applied in immediate mode")
    const rebooted = await run(['apply-config', ...secure(lab.at(91)), '--file', hard])
    expect(rebooted.err).toContain(
      "Applied configuration with a reboot: this config change can't be applied in immediate mode\ndiff:\n",
    )
    await lab.until(1, (machine) => machine.up)
  })

  it('refuses what it does not know', async () => {
    expect((await run(['get', 'nosuch', ...secure(lab.at(91))])).err).toBe(
      'rpc error: code = NotFound desc = resource "nosuch" is not registered\n',
    )
    expect((await run(['get', 'disks', 'nope', ...secure(lab.at(91))])).err).toContain(
      "1 error occurred:\n\t* rpc error: code = NotFound desc = resource Disks.block.talos.dev(runtime/nope@undefined) doesn't exist\n",
    )
    expect((await run(['get', 'disks', '-o', 'foo', ...secure(lab.at(91))])).err).toBe(
      'output format "foo" is not supported\n',
    )
    expect((await run(['service', 'nope', ...secure(lab.at(91))])).err).toBe(
      'service "nope" is not registered on any nodes\n',
    )
  })
})
