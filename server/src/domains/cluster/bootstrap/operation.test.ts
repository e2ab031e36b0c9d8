import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Step } from '../../../operations/define.ts'
import { talosEndpoints, talosPort } from '../../nodes/index.ts'
import { aContext, runSteps } from '../../nodes/testing/run-steps.ts'
import { aCluster, net, vip } from '../testing/a-cluster.ts'
import { bootstrapOperation } from './operation.ts'
import { apiWait } from './wait-for-api.ts'

const titles = [
  'Bootstrapping etcd cluster',
  'Waiting for VIP assignment',
  'Waiting for API server',
  'Fetching kubeconfig',
  'Waiting for nodes to be ready',
  'Validating cluster health',
]

describe('cluster.bootstrap', () => {
  let world: Awaited<ReturnType<typeof aCluster>>
  beforeEach(async () => {
    world = await aCluster()
  })
  afterEach(() => world.close())

  async function bootstrap(node = 'control-1') {
    const operation = bootstrapOperation(world.deps)
    const { context, warnings, results } = aContext(world.run)
    await operation.refuse?.({ instance: 'home', node })
    const outcome = await runSteps(await operation.steps({ instance: 'home', node }, context), context)
    return { outcome, warnings, results }
  }

  it('takes six steps from machines that wait to a healthy cluster', async () => {
    const { outcome, warnings, results } = await bootstrap()
    expect(Object.keys(outcome)).toEqual(titles)
    expect(warnings).toEqual([])
    expect(results).toEqual({})
    expect(world.lan.changes().map((line) => line.split(' ')[1])).toEqual(['bootstrap', 'kubeconfig', 'config'])
    expect((statSync(world.places.kubeconfig).mode & 0o777).toString(8)).toBe('600')
    expect(await talosEndpoints(world.places.talosconfig)).toEqual([`${net}.91`, `${net}.92`])
  })

  it('changes nothing on a second run, through whichever control plane', async () => {
    await bootstrap()
    world.lan.changes()
    const all = Object.fromEntries(titles.map((title) => [title, 'skipped']))
    expect((await bootstrap()).outcome).toEqual(all)
    expect((await bootstrap('control-2')).outcome).toEqual(all)
    expect(world.lan.changes()).toEqual([])
  })

  it('never starts a second etcd beside one that runs elsewhere', async () => {
    world.lan.machines[1]!.etcd = true
    await world.startApi()
    await expect(bootstrap('control-1')).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining('control-1 does not run etcd'),
    })
    expect(world.lan.changes().filter((line) => line.includes('bootstrap'))).toEqual([])
  })

  it('starts no second etcd where one waits for its majority, names who is missing, and goes on when it is back', async () => {
    const [first, second] = world.lan.machines
    Object.assign(second!, { etcd: true, stalled: true })
    world.lan.machines.shift()
    await world.lan.listen()
    await expect(bootstrap('control-1')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(
        /etcd has lost its majority: 1 of 2 members runs, and it needs 2. control-1 does not answer. .*started before.*Bring control-1 back/,
      ),
      details: { nodes: ['control-1'] },
    })
    expect(world.lan.changes()).toEqual([])
    world.lan.machines.unshift(Object.assign(first!, { etcd: true }))
    second!.stalled = false
    await world.lan.listen()
    await world.startApi()
    expect((await bootstrap('control-1')).outcome['Bootstrapping etcd cluster']).toBe('skipped')
  })

  it('goes on with the steps that are missing', async () => {
    await bootstrap()
    world.lan.changes()
    rmSync(world.places.kubeconfig)
    const { outcome } = await bootstrap()
    expect(outcome['Bootstrapping etcd cluster']).toBe('skipped')
    expect(outcome['Fetching kubeconfig']).toBe('done')
    expect(world.lan.changes().map((line) => line.split(' ')[1])).toEqual(['kubeconfig'])
  })

  it('stops at an API server of another cluster', async () => {
    for (const machine of world.lan.machines) machine.etcd = true
    await world.startApi('other')
    await expect(bootstrap()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('another cluster'),
    })
  })

  it('refuses workers, unknown nodes and nodes that are not set up', async () => {
    await world.store.update('home', 'control-2', { maintenance: true }, { via: 'cli', reason: 'test' })
    await world.store.add('home', [{ name: 'worker-1', role: 'worker', maintenance: false, targetIp: `${net}.99` }], {
      via: 'cli',
      reason: 'test',
    })
    await expect(bootstrap('control-2')).rejects.toThrowError(/not set up yet/)
    await expect(bootstrap('worker-1')).rejects.toThrowError(/is a worker/)
    await expect(bootstrap('control-9')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('names the machine that does not answer', async () => {
    world.lan.machines.length = 0
    await world.lan.listen()
    await expect(bootstrap()).rejects.toMatchObject({
      code: 'MACHINE_OFFLINE',
      message: expect.stringContaining(`control-1 (${net}.91)`),
    })
  })

  it('names the machine whose clock stays wrong, and the router when that is the reason', async () => {
    const [first] = world.lan.machines
    Object.assign(first!, { noTime: true, gateway: `${net}.250` })
    await expect(bootstrap()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(
        new RegExp(
          `clock of control-1 .*through ${net}.250, .*router of this network is ${net}.1.*Set cloud.router.ip`,
        ),
      ),
    })
    first!.gateway = `${net}.1`
    await expect(bootstrap()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/clock of control-1 .*reaches no time server.*UDP 123/),
    })
    first!.noTime = false
    expect((await bootstrap()).outcome['Bootstrapping etcd cluster']).toBe('done')
  })

  it('does not start while another device has the virtual address', async () => {
    const stranger = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => stranger.listen(talosPort, vip, resolve))
    try {
      await expect(bootstrap()).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringMatching(new RegExp(`${vip} .*in use.*TCP 50000.*cluster.nodes.control.vip`)),
      })
      expect(world.lan.changes()).toEqual([])
    } finally {
      await new Promise((resolve) => stranger.close(resolve))
    }
    expect((await bootstrap()).outcome['Bootstrapping etcd cluster']).toBe('done')
  })

  it('goes on when its own cluster answers at the virtual address before etcd is well', async () => {
    await world.startApi()
    const operation = bootstrapOperation(world.deps)
    const { context } = aContext(world.run)
    const [step] = await operation.steps({ instance: 'home', node: 'control-1' }, context)
    await expect((step as Step).needs!(context)).resolves.toBeUndefined()
  })

  it('waits for the API as long as the scripts did, with kubelet restarts at the same moments', () => {
    expect(apiWait.attempts * apiWait.intervalMs).toBe(60 * 10_000)
    expect(apiWait.nudgeAt.map((attempt) => attempt * apiWait.intervalMs)).toEqual(
      [15, 30, 45].map((attempt) => attempt * 10_000),
    )
    expect(apiWait.nudgePauseMs).toBe(30_000)
  })

  it('uses the address of the configuration', () => {
    expect(vip).toBe(world.vip)
  })
})
