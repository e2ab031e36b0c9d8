import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discoverOperation } from './discover/operation.ts'
import { createNodesService, type NodesService } from './service.ts'
import { aLan } from './testing/a-lan.ts'
import { type FakeMachine, place } from './testing/fake-machines.ts'
import { aContext, runSteps } from './testing/run-steps.ts'

const net = '127.119.23'
const by = { via: 'cli', reason: 'test' }

function machine(n: number, more: Partial<FakeMachine> = {}): FakeMachine {
  return {
    mac: `00:11:22:33:44:0${n}`,
    ip: `${net}.10${n}`,
    disks: [{ name: 'sda', size: 512e9, serial: `S${n}` }],
    ...more,
  }
}

describe('nodes', () => {
  let world: Awaited<ReturnType<typeof aLan>>
  let nodes: NodesService

  beforeEach(async () => {
    world = await aLan(net, [machine(1), machine(2), machine(3, { foreign: true })])
    nodes = createNodesService(world.deps)
  })
  afterEach(() => world.close())

  async function discover(input: { subnet?: string } = {}) {
    const operation = discoverOperation(world.deps, world.store)
    const { context, results, warnings } = aContext(world.lan.run)
    const request = { instance: 'home', timeout: 30, ...input }
    await operation.refuse?.(request)
    await runSteps(await operation.steps(request, context), context)
    return { found: results.nodes as Record<string, unknown>[], warnings }
  }

  it('are discovered with their hardware, strangers with what they tell', async () => {
    const { found } = await discover()
    expect(found).toHaveLength(3)
    expect(found[0]).toMatchObject({
      mac: '00:11:22:33:44:01',
      ip: `${net}.101`,
      interface: 'eth0',
      maintenance_mode: true,
      state: 'maintenance',
      disks: [{ path: '/dev/sda', size: 512e9, serial: 'S1' }],
      selected_disk: '/dev/sda',
      selected_disk_reason: 'the only suitable disk',
    })
    expect(found[2]).toMatchObject({ mac: null, ip: `${net}.103`, maintenance_mode: false, state: 'stranger' })
    expect((await nodes.machines('home')).map(({ mac }) => mac)).toEqual(['00:11:22:33:44:01', '00:11:22:33:44:02'])
  })

  it('are looked for only where asked, and never outside the house', async () => {
    expect((await discover({ subnet: `${net}.102/32` })).found.map(({ ip }) => ip)).toEqual([`${net}.102`])
    expect((await discover({ subnet: `${net}.200/29` })).found).toEqual([])
    await expect(discover({ subnet: '8.8.8.0/24' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('are assigned once; asking again changes nothing', async () => {
    await discover()
    const planned = await nodes.assign('home', { nodes: ['control-1', 'worker-1'], plan: true }, by)
    expect(await nodes.records('home')).toEqual([])
    const assigned = await nodes.assign('home', { nodes: ['control-1', 'worker-1'] }, by)
    expect(assigned).toEqual(planned)
    expect((await nodes.records('home')).map(({ name, currentIp, targetIp }) => [name, currentIp, targetIp])).toEqual([
      ['control-1', `${net}.101`, `${net}.91`],
      ['worker-1', `${net}.102`, `${net}.102`],
    ])
    expect((await nodes.assign('home', { nodes: ['control-1'] }, by))[0]!.existing).toBe(true)
    expect((await nodes.machines('home')).map(({ node }) => node)).toEqual(['control-1', 'worker-1'])
    await expect(nodes.assign('home', { nodes: ['control-2'] }, by)).rejects.toThrowError(/no machine left/)
  })

  it('are assigned two at a time without sharing a machine', async () => {
    await discover()
    const both = await Promise.all([
      nodes.assign('home', { nodes: ['control-1'] }, by),
      nodes.assign('home', { nodes: ['control-2'] }, by),
    ])
    expect(new Set(both.map(([assignment]) => assignment!.record.mac)).size).toBe(2)
    expect(new Set(both.map(([assignment]) => assignment!.record.targetIp)).size).toBe(2)
  })

  it('are added by hand, completed from what was seen', async () => {
    await discover()
    const view = await nodes.add('home', { name: 'control-1', role: 'controlplane', mac: '00:11:22:33:44:01' }, by)
    expect(view.status).toBe('configured')
    expect(view.record).toMatchObject({
      interface: 'eth0',
      disk: '/dev/sda',
      diskSerial: 'S1',
      currentIp: `${net}.101`,
      targetIp: `${net}.91`,
      version: 'v1.11.5',
      schematicId: 'abc123',
    })
  })

  describe('edited', () => {
    beforeEach(async () => {
      await discover()
      await nodes.assign('home', { nodes: ['control-1', 'worker-1'] }, by)
    })
    const edit = (name: string, input: Parameters<NodesService['edit']>[2]) => nodes.edit('home', name, input, by)

    it('keep what the change leaves out', async () => {
      const [before] = await nodes.records('home')
      const { node, warnings } = await edit('control-1', { targetIp: `${net}.95`, interface: 'eth1' })
      expect(node.record).toEqual({ ...before, targetIp: `${net}.95`, interface: 'eth1' })
      expect(warnings).toEqual([])
      expect(await nodes.records('home')).toContainEqual(node.record)
    })

    it('get another name, under which everything moves', async () => {
      place(world.places.final('worker-1'), 'machine: {}\n', 0o600)
      const { node } = await edit('worker-1', { name: 'control-2', role: 'controlplane' })
      expect(node.record).toMatchObject({ name: 'control-2', role: 'controlplane', mac: '00:11:22:33:44:02' })
      expect((await nodes.records('home')).map(({ name }) => name)).toEqual(['control-1', 'control-2'])
      expect(existsSync(world.places.final('worker-1'))).toBe(false)
    })

    it('warn of an even number of control planes', async () => {
      expect(await nodes.warnings('home')).toEqual([])
      const { warnings } = await edit('worker-1', { role: 'controlplane' })
      expect(warnings).toEqual([expect.stringContaining('2 control planes')])
    })

    it.each<[string, Parameters<NodesService['edit']>[2], string, RegExp]>([
      ['a name in use', { name: 'worker-1' }, 'ALREADY_EXISTS', /already a node/],
      ['the address of another node', { targetIp: `${net}.102` }, 'CONFLICT', /already that of worker-1/],
      ['the virtual address', { targetIp: `${net}.90` }, 'CONFLICT', /virtual address/],
      ["the router's address", { targetIp: `${net}.1` }, 'CONFLICT', /router/],
      [
        'a disk its machine does not have',
        { disk: '/dev/sdz' },
        'INVALID_INPUT',
        /has no \/dev\/sdz. It has \/dev\/sda/,
      ],
      ['what is no address', { targetIp: '300.1.1.1' }, 'INVALID_INPUT', /IPv4/],
    ])('refuse %s, and stay as they are', async (_what, input, code, message) => {
      const before = await nodes.records('home')
      await expect(edit('control-1', input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
      expect(await nodes.records('home')).toEqual(before)
    })

    it('refuse what cannot change once they are set up', async () => {
      await world.store.update('home', 'control-1', { maintenance: false }, by)
      for (const input of [{ name: 'x' }, { role: 'worker' as const }, { targetIp: `${net}.99` }])
        await expect(edit('control-1', input)).rejects.toMatchObject({
          code: 'CONFLICT',
          message: expect.stringContaining('wild-cli node remove control-1'),
        })
      expect((await edit('control-1', { version: 'v1.11.6' })).warnings).toEqual([
        expect.stringContaining('wild-cli node setup control-1'),
      ])
    })
  })

  it('are not added twice, by name, machine or address', async () => {
    const first = {
      name: 'control-1',
      role: 'controlplane' as const,
      mac: 'AA:BB:CC:00:00:01',
      targetIp: '10.0.0.31',
      interface: 'eth0',
      disk: '/dev/sda',
    }
    expect((await nodes.add('home', first, by)).record.mac).toBe('aa:bb:cc:00:00:01')
    await expect(nodes.add('home', first, by)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await expect(nodes.add('home', { ...first, name: 'control-2' }, by)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: 'mac' },
    })
    const other = { ...first, name: 'control-2', mac: 'aa:bb:cc:00:00:02' }
    await expect(nodes.add('home', other, by)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: 'target_ip' },
    })
    await expect(nodes.add('home', { ...other, targetIp: world.vip }, by)).rejects.toThrowError(/virtual address/)
  })

  it('name the field that is wrong', async () => {
    const good = { name: 'control-1', role: 'controlplane' as const, mac: 'aa:bb:cc:00:00:01', disk: '/dev/sda' }
    await expect(nodes.add('home', { ...good, name: '../etc' }, by)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'name' },
    })
    await expect(nodes.add('home', { ...good, disk: '/dev/../etc/passwd' }, by)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'disk' },
    })
    await expect(nodes.add('home', { ...good, disk: undefined }, by)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'disk' },
    })
  })

  it('are read again live', async () => {
    await discover()
    world.lan.machines[0]!.disks.push({ name: 'sdb', size: 64e9 })
    const seen = await nodes.hardware('home', '00:11:22:33:44:01')
    expect(seen.disks.map(({ path }) => path)).toEqual(['/dev/sda', '/dev/sdb'])
    expect(seen.selectedDisk).toBe('/dev/sdb')
  })

  it('are 404 when nobody saw them and say what was last seen when they are off', async () => {
    await discover()
    await expect(nodes.hardware('home', '00:00:00:00:00:00')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    world.lan.machines.shift()
    await world.lan.listen()
    await expect(nodes.hardware('home', '00:11:22:33:44:01')).rejects.toMatchObject({
      code: 'MACHINE_OFFLINE',
      details: { last_seen: { ip: `${net}.101`, selected_disk: '/dev/sda' } },
    })
  })

  it('are forgotten with their files, unless an operation holds them', async () => {
    await nodes.add('home', { name: 'control-1', role: 'controlplane', mac: 'aa:bb:cc:00:00:01', disk: '/dev/sda' }, by)
    place(world.places.final('control-1'), 'machine: {}\n', 0o600)
    world.holders['instances/home/nodes/control-1'] = 'op_node-setup_abcdefgh'
    await expect(nodes.forget('home', 'control-1', by)).rejects.toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    expect((await nodes.get('home', 'control-1')).status).toBe('applying')
    delete world.holders['instances/home/nodes/control-1']
    await nodes.forget('home', 'control-1', by)
    expect(await nodes.records('home')).toEqual([])
    await expect(nodes.get('home', 'control-1')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are not forgotten while they are members of the cluster', async () => {
    const record = {
      name: 'control-1',
      role: 'controlplane' as const,
      interface: 'eth0',
      disk: '/dev/sda',
      targetIp: `${net}.101`,
      maintenance: false,
    }
    await world.store.add('home', [record], by)
    place(world.places.kubeconfig, 'kind: Config\n', 0o600)
    await expect(nodes.forget('home', 'control-1', by)).rejects.toMatchObject({
      code: 'NODE_IN_CLUSTER',
      message: expect.stringContaining('does not answer'),
    })
  })

  it('with a key that makes no sense are named by that key', async () => {
    await world.deps.config.set('home', [{ path: 'cluster.nodes.active.control-1', value: { role: 'king' } }], by)
    await expect(nodes.list('home')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field: 'cluster.nodes.active.control-1.role' },
    })
    expect(await nodes.count('home')).toBe(0)
  })
})
