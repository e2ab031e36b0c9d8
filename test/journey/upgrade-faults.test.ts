import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { labCommands, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 400_000
const soon = { timeout: 120_000, interval: 250 }
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)

/** Machine 1 becomes control-1, machine 2 worker-1, which is upgraded first. */
beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 2 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster', 'control-1', 'worker-1')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes, exit }) => changes && exit === 0)
const machine = async (number: number) => (await lab.state()).machines[number - 1]
const talos = async () => (await lab.state()).machines.map(({ talosVersion }: { talosVersion: string }) => talosVersion)
const value = async (path: string) => (await world.rest('GET', `/instances/home/config?path=${path}`)).body.data

async function begin(path: string, body: object = {}): Promise<string> {
  const { status, text, body: answer } = await world.rest('POST', `/instances/home${path}`, body)
  expect([status, text]).toEqual([202, expect.any(String)])
  return answer.operation_id
}
const record = async (id: string) => (await world.rest('GET', `/operations/${id}`)).body.data

async function refused(path: string) {
  const before = mutating().length
  const answer = await world.rest('POST', `/instances/home${path}`, {})
  const error = answer.status === 202 ? (await world.ended(answer.body.operation_id)).error : answer.body.error
  expect(mutating().slice(before)).toEqual([])
  return error
}

it(
  'the Talos before is refused where there is none, for nodes that are not there, and while the machine does not answer',
  async () => {
    const error = await refused('/nodes/worker-1/rollback')
    expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringContaining('no other Talos')])
    expect((await refused('/nodes/nobody/rollback')).code).toBe('NOT_FOUND')
    await lab.fault({ kind: 'unreachable', machine: 2 })
    const silent = await refused('/nodes/worker-1/rollback')
    expect([silent.code, silent.message]).toEqual(['MACHINE_OFFLINE', expect.stringContaining('worker-1')])
    await lab.clearFaults()
  },
  limitMs,
)

describe('an upgrade of Talos', () => {
  it(
    'that is cut off from its machine waits, leaves the others alone, and goes on by itself when the network is back',
    async () => {
      const id = await begin('/cluster/upgrade/talos', { version: 'v1.11.6' })
      await expect.poll(async () => (await machine(2)).activity, soon).toBe('upgrading')
      await lab.fault({ kind: 'unreachable', machine: 2 })
      await expect.poll(async () => (await machine(2)).activity, soon).toBeUndefined()
      await expect.poll(async () => JSON.stringify((await record(id)).logs), soon).toContain('does not answer')
      expect(await talos()).toEqual(['v1.11.5', 'v1.11.6'])
      await lab.clearFaults()
      expect((await world.ended(id)).error).toBeUndefined()
      expect(await talos()).toEqual(['v1.11.6', 'v1.11.6'])
    },
    limitMs,
  )

  it(
    'whose machine never comes back can be given up, leaves the others alone, and run again finishes',
    async () => {
      await lab.fault({ kind: 'never-returns', machine: 2, times: 1 })
      const id = await begin('/cluster/upgrade/talos', { version: 'v1.12.4' })
      await expect.poll(async () => (await machine(2)).stuck, soon).toBe(true)
      await expect.poll(async () => JSON.stringify((await record(id)).logs), soon).toContain('does not answer')
      await world.rest('POST', `/operations/${id}/cancel`, {})
      expect((await world.ended(id)).status).toBe('cancelled')
      expect(await talos()).toEqual(['v1.11.6', 'v1.12.4'])
      // Somebody looks after it.
      await lab.clearFaults()
      await cli('cluster', 'upgrade', '--talos', 'v1.12.4', '--yes')
      expect(await talos()).toEqual(['v1.12.4', 'v1.12.4'])
      const writes: { machine: number; action: string }[] = (await lab.state()).diskWrites
      const times = [1, 2].map((one) => writes.filter((w) => w.machine === one && w.action === 'upgrade').length)
      expect(times).toEqual([2, 2])
    },
    limitMs,
  )
})

describe('the Talos before', () => {
  it(
    'is told beforehand, started from the other slot, and written down; retried it is not left again',
    async () => {
      const before = mutating().length
      expect(await cli('node', 'rollback', 'worker-1', '--plan')).toContain('it leaves v1.12.4')
      expect(mutating().slice(before)).toEqual([])
      expect(await cli('node', 'rollback', 'worker-1', '--yes')).toContain('runs the Talos before')
      expect(await talos()).toEqual(['v1.12.4', 'v1.11.6'])
      expect(await value('cluster.nodes.active.worker-1.version')).toBe('v1.11.6')
      const count = mutating().length
      const [last] = (await world.rest('GET', '/operations?type=node.rollback&limit=1')).body.data.operations
      const again = await world.rest('POST', `/operations/${last.operation_id}/retry`, {})
      expect((await world.ended(again.body.operation_id)).status).toBe('completed')
      expect(mutating().slice(count)).toEqual([])
    },
    limitMs,
  )
})

it(
  'a control plane without which etcd has no majority is not switched off alone',
  async () => {
    const error = await refused('/nodes/control-1/shutdown')
    expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringContaining('cluster shutdown')])
    expect((await machine(1)).up).toBe(true)
  },
  limitMs,
)
