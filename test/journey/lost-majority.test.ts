import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { endProcess, labCommands, root } from '../world.ts'
import { byHand } from './support/hands.ts'
import { kubectl, makeNamespace } from './support/kubectl.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { succeed } from './support/succeed.ts'

const limitMs = 400_000
let world: Rehearsal
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)
const home = '/instances/home'

/** Three control planes; waits of the daemon that end in vain do so within a minute. */
beforeAll(async () => {
  world = await startRehearsal()
  lab = labDoor(world.dataDirectory)
  for (const args of journey.slice(0, 7)) await cli(...args)
  await cli('node', 'setup', 'control-1', 'control-2', 'control-3', '--yes')
  await cli('cluster', 'bootstrap')
  await makeNamespace(world, 'kept')
  await endProcess(world.daemon, 'SIGTERM')
  await world.bootDaemon({ haste: 40 })
}, limitMs)
afterAll(() => world?.remove(), limitMs)

interface Check {
  name: string
  status: string
  message: string
  remedy: string
}
const health = async () => (await world.rest('GET', `${home}/cluster/health`)).body.data
const named = (checks: Check[], name: string): Check => checks.find((each) => each.name === name) ?? ({ name } as Check)
const check = async (name: string): Promise<Check> => named((await health()).checks, name)
const until = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 120_000, interval: 300 })
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length

/** Lab time at another pace, as if nothing else had happened. */
async function pace(speed: number): Promise<void> {
  await endProcess(world.lab, 'SIGTERM')
  world.toolEnvironment.WILD_LAB_SPEED = String(speed)
  await world.restartLab()
}

async function cut(...machines: number[]): Promise<void> {
  for (const machine of machines) await lab.fault({ kind: 'unreachable', machine })
}

/** What the button on the machine does. */
async function restart(number: number): Promise<void> {
  await byHand(world, `control-${number}`, 'reboot')
  const state = async () => (await lab.state()).machines[number - 1]
  await until(async () => expect((await state()).up).toBe(false))
  await until(async () => expect((await state()).stage).toBe('running'))
}

describe('two of three control planes are gone', () => {
  it(
    'while the API server still answers: health says why it answers nothing, who is missing, and both ways on',
    async () => {
      // The address of the cluster stays for a minute of lab time.
      await pace(1)
      await until(async () => expect((await health()).status).toBe('healthy'))
      await cut(2, 3)
      let found: Check[] = []
      await until(async () => {
        found = (await health()).checks
        expect(named(found, 'API Server').status).toBe('failing')
      })
      expect(named(found, 'API Server')).toMatchObject({
        message: expect.stringMatching(/is not ready at https:.*etcd behind it does not/),
        remedy: expect.stringContaining('See etcd'),
      })
      expect(named(found, 'etcd')).toMatchObject({
        status: 'failing',
        message: expect.stringMatching(
          /^etcd has lost its majority: 1 of 3 members runs, and it needs 2. control-2 does not answer, control-3 does not answer/,
        ),
        remedy: expect.stringMatching(/Bring control-2, control-3 back.*etcd-snapshot restore last --skip-offline/),
      })
      const before = mutating()
      const copy = { source: 'default:any', namespaces: ['kept'] }
      const { body } = await world.rest('POST', `${home}/cluster/secrets/copy`, copy)
      const { error } = await world.ended(body.operation_id)
      expect([error.code, error.message]).toEqual([
        'CLUSTER_UNREACHABLE',
        expect.stringMatching(/etcd behind it does not.*cluster health/),
      ])
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'once the address of the cluster is gone too: health leads to the same cause, and nothing is started a second time',
    async () => {
      await pace(60)
      await until(async () => expect((await check('VIP')).status).toBe('failing'))
      expect((await check('API Server')).message).toContain('does not answer at https')
      expect((await check('API Server')).remedy).toContain('See etcd')
      await until(async () => expect((await check('etcd')).message).toContain('1 of 3 members runs'))
      const told = await wildCli(root, world, ['cluster', 'health'])
      expect([told.code, told.output]).toEqual([5, expect.stringContaining('etcd has lost its majority')])
      expect(await cli('cluster', 'status')).toMatch(/unreachable/)
      const nodes: { name: string; status: string }[] = (await world.rest('GET', `${home}/nodes`)).body.data.nodes
      expect(nodes.map(({ name, status }) => `${name} ${status}`)).toEqual([
        'control-1 not_ready',
        'control-2 unreachable',
        'control-3 unreachable',
      ])
      const before = mutating()
      const { operation_id: id } = (await world.rest('POST', `${home}/cluster/bootstrap`, {})).body
      const said = async () => (await world.rest('GET', `/operations/${id}`)).body.data.logs.join()
      await until(async () =>
        expect(await said()).toMatch(/Waiting for etcd to have a majority: etcd has lost .* 1 of 3/),
      )
      await world.rest('POST', `/operations/${id}/cancel`, {})
      expect((await world.ended(id)).status).toBe('cancelled')
      const removal = await world.rest('POST', `${home}/nodes/control-2/remove`, { gone: true })
      const { error } = await world.ended(removal.body.operation_id)
      expect([error.code, error.message]).toEqual([
        'CONFLICT',
        expect.stringMatching(/1 of 3 members answers, and it needs 2.*etcd-snapshot save last/),
      ])
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'one comes back: the cluster goes on by itself, with what it held',
    async () => {
      await lab.clearFaults()
      await until(async () => expect((await health()).status).toBe('healthy'))
      expect(await kubectl(world, ['get', 'namespaces', '-o', 'name'])).toContain('namespace/kept')
    },
    limitMs,
  )

  it(
    'neither comes back, and the last one was restarted: what it holds is saved off its disk, and starts etcd again',
    async () => {
      await cut(2, 3)
      await restart(1)
      await until(async () => expect((await check('etcd')).message).toContain('lost its majority'))
      const saved = await cli('cluster', 'etcd-snapshot', 'save', 'last')
      expect(saved).toMatch(/what control-1 knew of it, copied off its disk/)
      expect(await cli('cluster', 'etcd-snapshot', 'list')).toMatch(/last .*control-1 \(its disk\)/)

      const restore = ['cluster', 'etcd-snapshot', 'restore', 'last', '--confirm', 'home']
      const refused = await wildCli(root, world, restore)
      expect([refused.code, refused.output]).toEqual([
        5,
        expect.stringMatching(/control-2.*control-3.*do not answer[\s\S]*--skip-offline/),
      ])
      const said = await cli(...restore, '--skip-offline')
      expect(said).toMatch(/control-2 did not answer.*node reset control-2.*node remove control-2 --gone/)
      expect(await kubectl(world, ['get', 'namespaces', '-o', 'name'])).toContain('namespace/kept')
    },
    limitMs,
  )

  it(
    'what the restore says makes it whole: one is taken out, the other comes back, is reset and set up again',
    async () => {
      await cli('node', 'remove', 'control-3', '--gone', '--yes')
      await lab.clearFaults()
      await until(async () => expect((await lab.state()).machines[1].up).toBe(true))
      await cli('node', 'reset', 'control-2', '--yes')
      await cli('node', 'setup', 'control-2', '--yes')
      await until(async () => expect((await health()).status).toBe('healthy'))
      const { nodes } = (await world.rest('GET', `${home}/nodes`)).body.data
      expect(nodes.map(({ name, status }: Record<string, string>) => `${name} ${status}`)).toEqual([
        'control-1 ready',
        'control-2 ready',
      ])
      expect(await kubectl(world, ['get', 'namespaces', '-o', 'name'])).toContain('namespace/kept')
    },
    limitMs,
  )
})
