import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { kubectl, makeNamespace } from './support/kubectl.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster', 'control-1', 'control-2', 'worker-1')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const home = (...names: string[]) => join(world.dataDirectory, 'instances/home', ...names)
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const machines = async () => (await lab.state()).machines
const configured = async () => (await machines()).map((machine: { configured: boolean }) => machine.configured)
const namespaces = () => kubectl(world, ['get', 'namespaces', '-o', 'name'])
const health = async () => (await world.rest('GET', '/instances/home/cluster/health')).body.data.status

async function refused(path: string, body: object) {
  const before = mutating()
  const answer = await world.rest('POST', `/instances/home${path}`, body)
  const error = answer.status === 202 ? (await world.ended(answer.body.operation_id)).error : answer.body.error
  expect(mutating()).toBe(before)
  return error
}

describe('resetting a node', () => {
  it(
    'frees its machine, keeps what is written down, and it can be set up again',
    async () => {
      const said = await cli('node', 'reset', 'worker-1', '--yes')
      expect(said).toContain('worker-1 is free again.')
      expect(await configured()).toEqual([true, true, false])
      const { nodes } = (await world.rest('GET', '/instances/home/nodes')).body.data
      expect(nodes.map(({ name, maintenance }: { name: string; maintenance: boolean }) => [name, maintenance])).toEqual(
        [
          ['control-1', false],
          ['control-2', false],
          ['worker-1', true],
        ],
      )
      const before = mutating()
      expect(await cli('node', 'reset', 'worker-1', '--yes')).toContain('already done')
      expect(mutating()).toBe(before)
      await cli('node', 'setup', 'worker-1', '--yes')
      expect(await configured()).toEqual([true, true, true])
    },
    limitMs,
  )

  it(
    'takes a control plane out of etcd by another one when it shall not leave by itself',
    async () => {
      await cli('node', 'reset', 'control-2', '--no-graceful', '--yes')
      const removed = labCommands(world.dataDirectory).filter(({ argv }) => argv.includes('remove-member'))
      expect(removed).toHaveLength(1)
      expect(readdirSync(home('setup/cluster-nodes/etcd-snapshots')).join()).toContain('before-reset-of-control-2.db')
      const last = await refused('/nodes/control-1/reset', { confirm: true })
      expect([last.code, last.message]).toEqual(['CONFLICT', expect.stringContaining('cluster reset')])
      await cli('node', 'setup', 'control-2', '--yes')
      expect(await health()).toBe('healthy')
    },
    limitMs,
  )
})

describe('resetting the cluster', () => {
  it('is refused unless it is meant, and says beforehand what it would do', async () => {
    for (const body of [{}, { confirm: false }])
      expect((await refused('/cluster/reset', body)).details.field).toBe('confirm')
    expect((await refused('/nodes/worker-1/reset', {})).details.field).toBe('confirm')
    const { code, output } = await wildCli(root, world, ['cluster', 'reset', '--yes'])
    expect([code, output]).toEqual([2, expect.stringContaining('--confirm home')])
    const before = mutating()
    const plan = await cli('cluster', 'reset', '--plan')
    expect(plan).toMatch(
      /Saving the keys[\s\S]*Saving a snapshot[\s\S]*Resetting worker-1[\s\S]*Forgetting the cluster/,
    )
    expect(mutating()).toBe(before)
  })

  it(
    'does not leave a machine behind that does not answer, unless that is said',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 3 })
      const error = await refused('/cluster/reset', { confirm: true })
      expect([error.code, error.message]).toEqual(['MACHINE_OFFLINE', expect.stringContaining('--skip-offline')])
      expect(await configured()).toEqual([true, true, true])
      await lab.clearFaults()
    },
    limitMs,
  )

  it(
    'saves keys and a snapshot, wipes every machine, and does nothing when run again',
    async () => {
      await expect.poll(health, { timeout: 120_000 }).toBe('healthy')
      await makeNamespace(world, 'kept')
      const secrets = readFileSync(home('setup/cluster-nodes/generated/secrets.yaml'), 'utf8')
      await cli('cluster', 'reset', '--confirm', 'home')
      expect(await configured()).toEqual([false, false, false])
      expect(existsSync(home('.kube/config'))).toBe(false)
      const [copy] = readdirSync(home('setup/cluster-nodes/saved-keys')).slice(-1)
      const saved = (name: string) => home('setup/cluster-nodes/saved-keys', copy!, name)
      expect(readFileSync(saved('generated/secrets.yaml'), 'utf8')).toBe(secrets)
      for (const name of ['generated/secrets.yaml', 'talosconfig', 'kubeconfig'])
        expect([name, (statSync(saved(name)).mode & 0o777).toString(8)]).toEqual([name, '600'])
      expect((statSync(saved('')).mode & 0o777).toString(8)).toBe('700')
      const status = (await world.rest('GET', '/instances/home/cluster/status')).body.data
      expect(status.status).toBe('not_bootstrapped')

      const before = mutating()
      expect(await cli('cluster', 'reset', '--confirm', 'home')).toContain('already done')
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'leaves an instance that is set up and bootstrapped again, and can get back what it held',
    async () => {
      await cli('node', 'setup', 'control-1', 'control-2', 'worker-1', '--yes')
      await cli('cluster', 'bootstrap')
      expect(await health()).toBe('healthy')
      expect(await namespaces()).not.toContain('namespace/kept')
      const { snapshots } = (await world.rest('GET', '/instances/home/cluster/etcd-snapshots')).body.data
      const { name } = snapshots.find((one: { name: string }) => one.name.endsWith('-before-reset'))
      await cli('cluster', 'etcd-snapshot', 'restore', name, '--confirm', 'home')
      expect(await namespaces()).toContain('namespace/kept')
      expect(await health()).toBe('healthy')
    },
    limitMs,
  )

  it(
    'goes on without a machine that is gone, with a warning, and gracefully where asked',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 3 })
      const args = ['cluster', 'reset', '--confirm', 'home', '--skip-offline', '--graceful']
      const said = await cli(...args)
      expect(said).toContain('still has the keys of this cluster')
      expect(await configured()).toEqual([false, false, true])
      const orders = labCommands(world.dataDirectory).flatMap(({ argv }) =>
        argv[0] === 'reset' ? argv.filter((word) => word.startsWith('--graceful')) : [],
      )
      expect(orders.slice(-2)).toEqual(['--graceful=true', '--graceful=false'])
      await lab.clearFaults()
    },
    limitMs,
  )
})
