import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Step } from '../../../operations/define.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { makeBaseConfig, talosEndpoints } from '../base-config.ts'
import { aLan } from '../testing/a-lan.ts'
import { type FakeMachine, place } from '../testing/fake-machines.ts'
import { aContext, runSteps } from '../testing/run-steps.ts'
import { setupOperation } from './operation.ts'

const net = '127.119.21'
const by = { via: 'cli', reason: 'test' }
const titles = [
  'Generating cluster configuration',
  'Detecting hardware',
  'Checking the disk',
  'Preparing machine configuration',
  'Applying configuration',
  'Waiting for the node to come back',
  'Recording the node',
  'Verifying membership',
]

describe('node.setup', () => {
  let world: Awaited<ReturnType<typeof aLan>>
  let machine: FakeMachine

  beforeEach(async () => {
    machine = {
      mac: '00:11:22:33:44:65',
      ip: `${net}.101`,
      disks: [
        { name: 'sda', size: 512e9, serial: 'S1' },
        { name: 'sdb', size: 64e9, serial: 'S2' },
      ],
    }
    world = await aLan(net, [machine])
    const { mac, ip } = machine
    const record = {
      name: 'control-1',
      role: 'controlplane',
      mac,
      interface: 'eth0',
      disk: '/dev/sda',
      diskSerial: 'S1',
      currentIp: ip,
      targetIp: `${net}.91`,
      maintenance: true,
    } as const
    await world.store.add('home', [record], by)
  })
  afterEach(() => world.close())

  async function setUp(options: { forceReconfigure?: boolean; deploy?: boolean } = {}, between?: () => Promise<void>) {
    const values = {
      clusterName: 'home',
      vip: world.vip,
      kubernetesVersion: 'v1.34.1',
      talosVersion: 'v1.11.5',
      endpoints: [`${net}.91`],
    }
    const operation = setupOperation(world.deps, world.store, (_instance, ctx) =>
      makeBaseConfig(ctx.run, world.places, values),
    )
    const { context, said, warnings } = aContext(world.lan.run, between)
    const input = { instance: 'home', node: 'control-1', forceReconfigure: false, deploy: true, ...options }
    const outcome = await runSteps(await operation.steps(input, context), context)
    return { outcome, said, warnings }
  }

  it('warns of an even number of control planes and of a talosctl that does not fit, before anything is applied', async () => {
    await world.store.add('home', [{ name: 'control-2', role: 'controlplane', maintenance: true }], by)
    const run: RunTool = async (call) => {
      const version = call.tool === 'talosctl' && call.args[0] === 'version'
      return version ? { stdout: 'Client:\nTalos v1.13.1\n', stderr: '', exitCode: 0 } : world.lan.run(call)
    }
    const { context, warnings } = aContext(run)
    const operation = setupOperation(world.deps, world.store, async () => true)
    const input = { instance: 'home', node: 'control-1', forceReconfigure: false, deploy: false }
    const steps = (await operation.steps(input, context)).slice(0, 3) as Step[]
    for (const step of steps) {
      await step.needs?.(context)
      await step.done?.(context)
    }
    expect(warnings).toEqual([
      expect.stringContaining('2 control planes survive no more failures than 1'),
      expect.stringMatching(/talosctl on this device is v1.13.1, newer .*Install talosctl v1.11.5/),
    ])
    expect(world.lan.changes()).toEqual([])
  })

  it('takes a machine from maintenance mode to its target address', async () => {
    const { outcome } = await setUp()
    expect(Object.keys(outcome)).toEqual(titles)
    expect(machine.ip).toBe(`${net}.91`)
    expect(await world.store.record('home', 'control-1')).toMatchObject({ currentIp: `${net}.91`, maintenance: false })
    expect(world.lan.changes().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'talosctl gen secrets',
      'talosctl gen config',
      'talosctl config endpoint',
      'talosctl apply-config --nodes',
    ])
  })

  it('changes nothing on a second run', async () => {
    await setUp()
    world.lan.changes()
    const before = readFileSync(world.places.config, 'utf8')
    const { outcome } = await setUp()
    expect(outcome).toEqual(Object.fromEntries(titles.map((title) => [title, 'skipped'])))
    expect(world.lan.changes()).toEqual([])
    expect(readFileSync(world.places.config, 'utf8')).toBe(before)
  })

  it('makes the certificate also where a talosctl that only looked has left an empty file in its place', async () => {
    mkdirSync(dirname(world.places.talosconfig), { recursive: true })
    writeFileSync(world.places.talosconfig, 'context: ""\ncontexts: {}\n')
    const { outcome } = await setUp()
    expect(outcome['Generating cluster configuration']).toBe('done')
    expect(await talosEndpoints(world.places.talosconfig)).toEqual([`${net}.91`])
  })

  it('keeps what holds secrets to the daemon alone', async () => {
    await setUp()
    const files = ['secrets.yaml', 'controlplane.yaml', 'worker.yaml', 'talosconfig'].map((file) =>
      join(world.places.generated, file),
    )
    for (const file of [
      ...files,
      world.places.patch('control-1'),
      world.places.final('control-1'),
      world.places.talosconfig,
    ])
      expect((statSync(file).mode & 0o777).toString(8), file).toBe('600')
  })

  it('fills the markers, then renders with config.yaml, and merges into the pristine base', async () => {
    await setUp()
    const patch = readFileSync(world.places.patch('control-1'), 'utf8')
    expect(patch).toBe(`machine:\n  # control-1 v1.11.5 abc123\n  address: ${net}.91/24\n  disk: /dev/sda\n`)
    const final = readFileSync(world.places.final('control-1'), 'utf8')
    expect(final.match(/address:/g)).toHaveLength(1)
    await world.deps.config.set('home', [{ path: 'cluster.nodes.talos.version', value: 'v1.11.6' }], by)
    const { outcome } = await setUp()
    expect(outcome['Preparing machine configuration']).toBe('done')
    expect(readFileSync(world.places.final('control-1'), 'utf8').match(/address:/g)).toHaveLength(1)
  })

  it('hands a changed configuration over by certificate', async () => {
    await setUp()
    world.lan.changes()
    await world.deps.config.set('home', [{ path: 'cluster.nodes.talos.version', value: 'v1.11.6' }], by)
    const { outcome } = await setUp()
    expect(outcome['Applying configuration']).toBe('done')
    expect(world.lan.changes()).toEqual([
      expect.stringMatching(/^talosctl apply-config --talosconfig config --endpoints .*\.91 --nodes .*\.91 --file/),
    ])
  })

  it('refuses when the disk is not the one that was chosen, and touches nothing', async () => {
    machine.disks = [
      { name: 'sda', size: 512e9, serial: 'OTHER' },
      { name: 'sdb', size: 512e9, serial: 'S1' },
    ]
    await expect(setUp()).rejects.toThrowError(/is not the disk that was chosen.*now \/dev\/sdb/)
    expect(machine.config).toBeUndefined()
  })

  it('asks the machine for its disks again right before it hands the configuration over', async () => {
    const { run } = world.lan
    world.lan.run = async (call) => {
      // Somebody exchanges the disk while the configuration is made.
      if (call.args[0] === 'machineconfig') machine.disks = [{ name: 'sda', size: 512e9, serial: 'OTHER' }]
      return run(call)
    }
    await expect(setUp()).rejects.toMatchObject({ code: 'CONFLICT', details: { accept: 'OTHER' } })
    expect(machine.config).toBeUndefined()
  })

  it('goes on after an installation that began before, without a word to type', async () => {
    machine.installFails = true
    await expect(setUp({}, world.lan.listen)).rejects.toMatchObject({ code: 'OPERATION_FAILED' })
    machine.installFails = false
    machine.disks[0]!.holds = [
      { name: 'talosmeta', label: 'META' },
      { name: 'xfs', label: 'STATE' },
    ]
    await setUp()
    expect(machine.config).toBeDefined()
  })

  it('chooses anew when asked to detect the hardware again', async () => {
    machine.disks = [
      { name: 'sda', size: 512e9, serial: 'OTHER' },
      { name: 'sdb', size: 64e9, serial: 'S9' },
    ]
    await setUp({ forceReconfigure: true })
    expect(await world.store.record('home', 'control-1')).toMatchObject({ disk: '/dev/sdb', diskSerial: 'S9' })
  })

  it('detects interface and disk when they are not written down', async () => {
    await world.store.update('home', 'control-1', { interface: undefined, disk: undefined, diskSerial: undefined }, by)
    const { outcome } = await setUp()
    expect(outcome['Detecting hardware']).toBe('done')
    expect(await world.store.record('home', 'control-1')).toMatchObject({
      interface: 'eth0',
      disk: '/dev/sdb',
      diskSerial: 'S2',
    })
  })

  it('never hands a configuration to another machine at the address', async () => {
    machine.mac = '00:11:22:33:44:ff'
    await expect(setUp()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('another machine (00:11:22:33:44:ff)'),
    })
    expect(machine.config).toBeUndefined()
  })

  it('says what to do with a machine of another cluster', async () => {
    machine.foreign = true
    await expect(setUp()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Reset it to maintenance mode'),
    })
  })

  it('names the machine that does not answer', async () => {
    world.lan.machines.length = 0
    await world.lan.listen()
    await expect(setUp()).rejects.toMatchObject({
      code: 'MACHINE_OFFLINE',
      message: expect.stringContaining('control-1'),
    })
  })

  it('tells at once when the machine comes back without having been installed', async () => {
    machine.installFails = true
    await expect(setUp({}, world.lan.listen)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining('could not be installed'),
    })
  })

  it('only makes the configuration when it shall not be deployed', async () => {
    const { outcome } = await setUp({ deploy: false })
    expect(Object.keys(outcome)).toEqual(titles.slice(0, 4))
    expect(machine.config).toBeUndefined()
    expect(readFileSync(world.places.final('control-1'), 'utf8')).toContain('control-1')
  })

  it('waits for a ready member once the cluster is bootstrapped', async () => {
    place(world.places.kubeconfig, 'kind: Config\n', 0o600)
    world.lan.kubernetes.up = true
    let looks = 0
    Object.defineProperty(world.lan.kubernetes, 'nodes', {
      get: () => [
        {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name: 'control-1' },
          status: {
            conditions: [{ type: 'Ready', status: ++looks > 3 ? 'True' : 'False', reason: 'KubeletNotReady' }],
          },
        },
      ],
    })
    const { outcome } = await setUp()
    expect(outcome['Verifying membership']).toBe('done')
    expect(looks).toBe(4)
  })

  it('completes an incomplete set from its secrets and never makes new ones', async () => {
    await setUp()
    const secrets = join(world.places.generated, 'secrets.yaml')
    place(secrets, 'cluster:\n  secret: the first one made\n', 0o600)
    rmSync(join(world.places.generated, 'worker.yaml'))
    world.lan.changes()
    await setUp()
    expect(world.lan.changes().filter((line) => line.includes('gen secrets'))).toEqual([])
    expect(readFileSync(secrets, 'utf8')).toContain('the first one made')
    expect(readFileSync(join(world.places.generated, 'worker.yaml'), 'utf8')).toContain('worker')
  })

  it('refuses to make new secrets beside configurations made from lost ones', async () => {
    mkdirSync(world.places.generated, { recursive: true })
    place(join(world.places.generated, 'controlplane.yaml'), 'machine: {}\n')
    await expect(setUp()).rejects.toThrowError(/no secrets\.yaml/)
  })
})
