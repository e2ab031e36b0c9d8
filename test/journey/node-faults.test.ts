import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 180_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>
beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 4 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'machines')
  await succeed(world, 'node', 'assign', 'control-1', 'control-2', 'control-3', 'worker-1')
}, limitMs)
afterEach(() => lab.clearFaults())
afterAll(() => world?.remove(), limitMs)

/** Sets a node up over REST; its record when it ended. */
async function setUp(name: string, body: Record<string, unknown> = {}) {
  const answer = await world.rest('POST', `/instances/home/nodes/${name}/setup`, body)
  return answer.status === 202 ? world.ended(answer.body.operation_id) : { status: 'refused', error: answer.body.error }
}

describe('setting a node up', () => {
  it(
    'finds its machine by the hardware address when the router gave it another address',
    async () => {
      await lab.lease(1, 177)
      const { status, error } = await setUp('control-1')
      expect([status, error]).toEqual(['completed', undefined])
      const [machine] = (await lab.state()).machines
      expect([machine.hostname, machine.configured]).toEqual(['control-1', true])
    },
    limitMs,
  )

  it(
    'names the machine that vanished and what to do; when it is back, the same command finishes',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 2 })
      const { status, error } = await setUp('control-2')
      expect([status, error.code]).toEqual(['failed', 'MACHINE_OFFLINE'])
      expect(error.message).toMatch(/machine of control-2 does not answer at .*switched on.*run discovery again/)
      await lab.clearFaults()
      expect((await setUp('control-2')).status).toBe('completed')
    },
    limitMs,
  )

  it(
    'notices a disk that cannot take Talos; repeated, it finishes without asking for a word',
    async () => {
      await lab.fault({ kind: 'full-disk', machine: 3, times: 1 })
      const { status, error } = await setUp('control-3')
      expect([status, error.code]).toEqual(['failed', 'OPERATION_FAILED'])
      expect(error.message).toContain('control-3 came back in maintenance mode')
      expect((await setUp('control-3')).status).toBe('completed')
    },
    limitMs,
  )

  it(
    'refuses two nodes with one address, naming both',
    async () => {
      const { target_ip: taken } = (await world.rest('GET', '/instances/home/nodes/control-1')).body.data
      const path = 'cluster.nodes.active.worker-1.targetIp'
      const before = (await world.rest('GET', '/instances/home/nodes/worker-1')).body.data.target_ip
      const edited = await world.rest('PUT', '/instances/home/nodes/worker-1', { target_ip: taken })
      expect([edited.status, edited.body.error.message]).toEqual([409, expect.stringContaining('that of control-1')])
      // By hand nobody is asked.
      await world.rest('PUT', '/instances/home/config', { path, value: taken })
      const { error } = await setUp('worker-1')
      expect([error.code, error.message]).toEqual([
        'CONFLICT',
        expect.stringContaining('worker-1 and control-1 of home have the same address'),
      ])
      await world.rest('PUT', '/instances/home/config', { path, value: before })
      expect((await setUp('worker-1')).status).toBe('completed')
    },
    limitMs,
  )
})
