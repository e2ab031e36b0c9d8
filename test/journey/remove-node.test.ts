import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { labCommands, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 240_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 5 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster', 'control-1', 'control-2', 'control-3', 'worker-1', 'worker-2')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const nodes = async () => (await world.rest('GET', '/instances/home/nodes')).body.data.nodes
const names = async () => (await nodes()).map(({ name }: { name: string }) => name)
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes)
const verbs = (from: number) =>
  mutating()
    .slice(from)
    .map(({ tool, argv }) => {
      const from = tool === 'kubectl' ? argv.slice(argv.indexOf('--kubeconfig') + 2) : argv
      const words = from.filter((word) => /^[a-z][a-z0-9-]*$/.test(word))
      return `${tool} ${words.slice(0, 2).join(' ')}`
    })

async function refused(name: string, body = {}) {
  const answer = await world.rest('POST', `/instances/home/nodes/${name}/remove`, body)
  return answer.status === 202 ? (await world.ended(answer.body.operation_id)).error : answer.body.error
}

describe('removing a node', () => {
  it(
    'moves its pods, resets its machine, takes it out of Kubernetes and forgets it; the machine is free again',
    async () => {
      const before = mutating().length
      const said = await cli('node', 'remove', 'worker-2', '--yes')
      expect(said).toContain('worker-2 is no longer a node.')
      expect(verbs(before)).toEqual(expect.arrayContaining(['kubectl cordon worker-2', 'kubectl delete node']))
      expect(await names()).toEqual(['control-1', 'control-2', 'control-3', 'worker-1'])
      const machine = (await lab.state()).machines[4]
      expect([machine.configured, machine.stage]).toEqual([false, 'maintenance'])
      await cli('node', 'discover')
      const { machines } = (await world.rest('GET', '/instances/home/machines')).body.data
      const free = machines.find(({ mac }: { mac: string }) => mac === machine.mac)
      expect([free.maintenance_mode, free.node]).toEqual([true, undefined])
    },
    limitMs,
  )

  it('that is not there is refused, and changes nothing', async () => {
    const before = mutating().length
    expect((await refused('worker-2')).code).toBe('NOT_FOUND')
    expect(verbs(before)).toEqual([])
  })

  it(
    'takes a control plane out of etcd by itself, and warns of an even number',
    async () => {
      const before = mutating().length
      const said = await cli('node', 'remove', 'control-3', '--yes')
      expect(said).toContain('2 control planes survive no more failures than 1')
      expect(verbs(before)).toEqual(expect.arrayContaining(['talosctl etcd leave', 'talosctl reset']))
      const health = (await world.rest('GET', '/instances/home/cluster/health')).body.data
      expect(health.status).toBe('healthy')
    },
    limitMs,
  )

  it(
    'whose machine vanished says how to go on, and "gone" does what needs no machine',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 4 })
      const error = await refused('worker-1')
      expect([error.code, error.message]).toEqual([
        'MACHINE_OFFLINE',
        expect.stringContaining('node remove worker-1 --gone'),
      ])
      const before = mutating().length
      await cli('node', 'remove', 'worker-1', '--gone', '--yes')
      expect(verbs(before)).toEqual(['kubectl delete node'])
      expect(await names()).toEqual(['control-1', 'control-2'])
      await lab.clearFaults()
    },
    limitMs,
  )

  it(
    'is not called gone while it answers',
    async () => {
      const error = await refused('control-2', { gone: true })
      expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringContaining('it answers at')])
    },
    limitMs,
  )

  it(
    'refuses to lose the majority of etcd; the last control plane stays',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 2 })
      const before = mutating().length
      const error = await refused('control-1')
      expect([error.code, error.message]).toEqual(['CLUSTER_UNREACHABLE', expect.stringContaining('control-2')])
      expect(verbs(before)).not.toContain('talosctl etcd leave')
      await lab.clearFaults()
    },
    limitMs,
  )

  it(
    'of two whose machine is gone has taken the majority along: a snapshot, restored without it, leads on',
    async () => {
      await cli('cluster', 'etcd-snapshot', 'save', 'before')
      await lab.fault({ kind: 'unreachable', machine: 2 })
      const before = mutating().length
      const error = await refused('control-2', { gone: true })
      expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringMatching(/1 of 2.*--skip-offline/)])
      expect(verbs(before)).toEqual([])
      const restore = ['cluster', 'etcd-snapshot', 'restore', 'before', '--skip-offline', '--confirm', 'home']
      expect(await cli(...restore)).toContain('node remove control-2 --gone')
      await cli('node', 'remove', 'control-2', '--gone', '--yes')
      expect(verbs(before)).not.toContain('talosctl etcd remove-member')
      const last = await refused('control-1')
      expect([last.code, last.message]).toEqual(['CONFLICT', expect.stringContaining('last control plane')])
      expect(await names()).toEqual(['control-1'])
    },
    limitMs,
  )
})
