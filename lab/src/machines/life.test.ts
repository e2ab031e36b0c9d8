import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { verifyIssuedBy } from '../pki/index.ts'
import { finalConfig, generateCluster, secure } from '../test-lab/cluster.ts'
import { ask, labEnvironment, startTestLab, type TestLab } from '../test-lab/start.ts'
import { bundleTalosctl, type Stand } from '../test-lab/talosctl.ts'
import { clusterViews } from './cluster-views.ts'

let stand: Stand
let lab: TestLab | undefined

beforeAll(() => {
  stand = bundleTalosctl()
})
afterAll(() => stand.remove())
afterEach(async () => {
  await lab?.close()
  lab = undefined
})

const CONTROL = { name: 'control-1', host: 91, disk: '/dev/nvme0n1', nic: 'enp1s0' }

/** Applies a config in maintenance mode and waits for the machine to come back. */
async function setUp(test: TestLab, number: number, path: string): Promise<void> {
  const { exit, err } = await stand.run(
    ['apply-config', '--insecure', '--nodes', test.at(100 + number), '--file', path],
    test.env,
  )
  expect([exit, err]).toEqual([0, ''])
  await test.until(
    number,
    (machine) => machine.up && machine.facts !== undefined && test.lab.lan.clock.now() >= machine.runtimeFrom,
  )
}

/** A cluster of one control plane, bootstrapped, with its API up. */
async function startCluster(more?: string): Promise<TestLab> {
  const test = await startTestLab()
  lab = test
  await generateCluster(stand, test, `c${test.settings.prefix}`)
  await setUp(test, 1, await finalConfig(stand, test, { ...CONTROL, more }, `c${test.settings.prefix}`))
  const { err } = await run(test, ['bootstrap'], 91)
  expect(err).toBe('')
  await test.until(1, (machine) => test.lab.lan.clock.now() >= machine.readyFrom)
  return test
}

const run = (test: TestLab, args: string[], host: number) =>
  stand.run([...args, ...secure(test.at(host), `c${test.settings.prefix}`)], test.env)
const view = (test: TestLab) => clusterViews(test.lab.lan).list()[0]!

/** The certificate that an address presents on port 50000. */
async function certificateAt(host: string): Promise<string> {
  const socket = connect({ host, port: 50_000, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const pem = new X509Certificate(socket.getPeerCertificate().raw).toString()
  socket.destroy()
  return pem
}

describe('the life of a cluster', () => {
  it('goes from maintenance to a ready node that Kubernetes can be built on', async () => {
    const test = await startCluster(
      '  kubelet:\n    extraMounts: [{destination: /var/lib/longhorn, type: bind, source: /var/lib/longhorn, options: [bind, rshared, rw]}]\n',
    )
    expect(view(test)).toMatchObject({
      name: `c${test.settings.prefix}`,
      vip: test.at(90),
      apiUp: true,
      kubernetesVersion: 'v1.34.1',
      nodes: [
        {
          name: 'control-1',
          ip: test.at(91),
          role: 'controlplane',
          registered: true,
          ready: true,
          labels: {
            'node-role.kubernetes.io/control-plane': '',
            'kubernetes.io/hostname': 'control-1',
            'node.kubernetes.io/exclude-from-external-load-balancers': '',
          },
          taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
          hasLonghornMount: true,
          extensions: ['siderolabs/iscsi-tools', 'siderolabs/util-linux-tools'],
          diskBytes: 256_060_514_304,
        },
      ],
    })
    const status = await run(test, ['get', 'machinestatus', '-o', 'json'], 91)
    expect(JSON.parse(status.out).spec).toEqual({ stage: 'running', status: { ready: true, unmetConditions: [] } })
    expect((await run(test, ['etcd', 'members'], 90)).out).toMatch(
      /^NODE +ID +HOSTNAME +PEER URLS +CLIENT URLS +LEARNER\n\S+ +[0-9a-f]{16} +control-1 /,
    )
  })

  it('gives a kubeconfig whose client certificate the cluster CA signed', async () => {
    const test = await startCluster()
    const { exit, err } = await run(test, ['kubeconfig', 'kc', '--merge=false', '--force'], 91)
    expect([exit, err]).toEqual([0, ''])
    const config = parse(stand.read('kc'))
    expect(config['current-context']).toBe(`admin@c${test.settings.prefix}`)
    expect(config.clusters[0].cluster.server).toBe(`https://${test.at(90)}:6443`)
    const crt = Buffer.from(config.users[0].user['client-certificate-data'], 'base64').toString()
    expect(verifyIssuedBy(crt, view(test).ca.crt)).toBe(true)
    expect(new X509Certificate(crt).subject).toContain('O=system:masters')
  })

  it('presents a self-signed certificate first and one of the Talos CA afterwards', async () => {
    const test = await startCluster()
    const ca = Buffer.from(parse(stand.read('control-1.yaml')).machine.ca.crt, 'base64').toString()
    expect(verifyIssuedBy(await certificateAt(test.at(102)), ca)).toBe(false)
    expect(verifyIssuedBy(await certificateAt(test.at(91)), ca)).toBe(true)
    expect(verifyIssuedBy(await certificateAt(test.at(90)), ca)).toBe(true)
  })

  it('keeps the DHCP address where the config asks for DHCP', async () => {
    const test = await startCluster()
    stand.write(
      'dhcp.yaml',
      (await readWorker(test)).replace('dhcp: false', 'dhcp: true').replace(/ +addresses:\n +- \S+\n/, ''),
    )
    await setUp(test, 2, stand.file('dhcp.yaml'))
    expect((await run(test, ['get', 'hostname', '-o', 'jsonpath={.spec.hostname}'], 102)).out).toBe('worker-1\n')
  })

  it('returns a reset machine to maintenance mode, and forgets its node', async () => {
    const test = await startCluster()
    stand.write('worker.yaml', await readWorker(test))
    await setUp(test, 2, stand.file('worker.yaml'))
    await test.until(2, (machine) => test.lab.lan.clock.now() >= machine.readyFrom)
    expect(view(test).nodes.map(({ name, ready }) => [name, ready])).toEqual([
      ['control-1', true],
      ['worker-1', true],
    ])
    await run(
      test,
      ['reset', '--graceful=false', '--reboot', '--wait=false', '--system-labels-to-wipe', 'STATE,EPHEMERAL'],
      92,
    )
    await test.until(2, (machine) => machine.up && machine.facts === undefined)
    expect(view(test).nodes.map(({ name }) => name)).toEqual(['control-1'])
    expect(
      (
        await stand.run(
          ['get', 'systemdisk', '--insecure', '-n', test.at(102), '-o', 'jsonpath={.spec.diskID}'],
          test.env,
        )
      ).out,
    ).toBe('nvme0n1\n')
  })

  it('upgrades in place', async () => {
    const test = await startCluster()
    const { out } = await run(test, ['upgrade', '--image', 'ghcr.io/siderolabs/installer:v1.11.6', '--wait=false'], 91)
    expect(out).toContain('Upgrade request received')
    expect(view(test)).toMatchObject({ apiUp: false, nodes: [{ registered: true, ready: false }] })
    await test.until(
      1,
      (machine) =>
        machine.up && test.lab.lan.clock.now() >= machine.apiFrom && test.lab.lan.clock.now() >= machine.readyFrom,
    )
    expect((await run(test, ['version'], 91)).out).toContain('Tag:         v1.11.6')
    expect(view(test)).toMatchObject({ apiUp: true, nodes: [{ ready: true, talosVersion: 'v1.11.6' }] })
  })
})

async function readWorker(test: TestLab): Promise<string> {
  await finalConfig(
    stand,
    test,
    { name: 'worker-1', host: 92, disk: '/dev/nvme0n1', nic: 'eno1', role: 'worker' },
    `c${test.settings.prefix}`,
  )
  return stand.read('worker-1.yaml')
}

it('goes on where it was after being killed in the middle of an installation', async () => {
  const env = labEnvironment(8)
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, '../test-lab/machines-only.ts')],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  const prefix = env.WILD_LAB_NET!.replace('.0/24', '')
  const place = { at: (host: number) => `${prefix}.${host}` } as TestLab
  await generateCluster(stand, place, 'killed')
  const path = await finalConfig(stand, place, CONTROL, 'killed')
  expect((await stand.run(['apply-config', '--insecure', '-n', `${prefix}.101`, '--file', path], env)).exit).toBe(0)
  expect((await ask(env.WILD_LAB_SOCKET!, 'GET', '/state')).body).toMatchObject({
    machines: [{ activity: 'installing', up: false }, {}, {}],
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  lab = await startTestLab(8, env)
  const machine = await lab.until(1, (one) => one.up && one.facts !== undefined)
  expect(machine.addresses).toEqual([`${prefix}.91`])
  expect(
    (await stand.run(['get', 'hostname', '-o', 'jsonpath={.spec.hostname}', ...secure(`${prefix}.91`, 'killed')], env))
      .out,
  ).toBe('control-1\n')
}, 120_000)

describe('ordered faults', () => {
  it('keep a machine from returning until they are cleared', async () => {
    lab = await startTestLab()
    await generateCluster(stand, lab, 'lost')
    expect((await lab.ask('POST', '/faults', { machine: 1, kind: 'never-returns', times: 1 })).status).toBe(201)
    const path = await finalConfig(stand, lab, CONTROL, 'lost')
    await stand.run(['apply-config', '--insecure', '-n', lab.at(101), '--file', path], lab.env)
    expect((await lab.ask('GET', '/state')).body).toMatchObject({ machines: [{ stuck: true, up: false }, {}, {}] })
    await lab.restart()
    expect((await lab.ask('GET', '/state')).body).toMatchObject({ machines: [{ stuck: true, up: false }, {}, {}] })
    await lab.ask('DELETE', '/faults')
    expect((await lab.until(1, (machine) => machine.up)).addresses).toEqual([lab.at(91)])
  })

  it('cut a machine off', async () => {
    lab = await startTestLab()
    await lab.ask('POST', '/faults', { machine: 2, kind: 'unreachable' })
    const { err } = await stand.run(['get', 'disks', '-i', '-n', lab.at(102)], lab.env)
    expect(err).toContain('connect: no route to host')
    await expect(certificateAt(lab.at(102))).rejects.toThrow('ECONNREFUSED')
    await lab.ask('DELETE', '/faults')
    expect((await stand.run(['get', 'disks', '-i', '-n', lab.at(102)], lab.env)).exit).toBe(0)
  })

  it('refuse a command as often as ordered', async () => {
    lab = await startTestLab()
    await lab.ask('POST', '/faults', { kind: 'refuse', command: 'get', times: 1 })
    expect((await stand.run(['get', 'disks', '-i', '-n', lab.at(101)], lab.env)).err).toContain('code = Unavailable')
    expect((await stand.run(['get', 'disks', '-i', '-n', lab.at(101)], lab.env)).exit).toBe(0)
  })

  it('let a command hang until it is killed, and the call is noted', async () => {
    lab = await startTestLab()
    await lab.ask('POST', '/faults', { machine: 1, kind: 'hang', command: 'get', times: 1 })
    const hanging = stand.start(['get', 'disks', '-i', '-n', lab.at(101)], lab.env)
    await lab.untilFaultsAreUsed()
    hanging.kill('SIGTERM')
    await hanging
    const noted = readFileSync(join(lab.data, 'lab', 'commands.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(noted).toMatchObject([
      { tool: 'talosctl', argv: ['get', 'disks', '-i', '-n', lab.at(101)], mutating: false, exit: 143 },
    ])
  })

  it('make an installation fail for want of space', async () => {
    lab = await startTestLab()
    await generateCluster(stand, lab, 'full')
    await lab.ask('POST', '/faults', { machine: 1, kind: 'full-disk', times: 1 })
    const path = await finalConfig(stand, lab, CONTROL, 'full')
    await stand.run(['apply-config', '--insecure', '-n', lab.at(101), '--file', path], lab.env)
    const machine = await lab.until(1, (one) => one.up)
    expect([machine.facts, machine.addresses]).toEqual([undefined, [lab.at(101)]])
  })

  it('are refused when they make no sense', async () => {
    lab = await startTestLab()
    expect(await lab.ask('POST', '/faults', { kind: 'earthquake' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('kind must be one of') },
    })
    expect((await lab.ask('POST', '/faults', { kind: 'hang', machine: 'one' })).status).toBe(400)
  })
})
