import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 400_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'settings')
  await cli('config', 'set', 'cluster.nodes.talos.version', 'v1.10.8')
  await cli('config', 'set', 'cluster.kubernetesVersion', 'v1.33.5')
  await cli('node', 'discover')
  await cli('node', 'setup', 'control-1', 'control-2', 'worker-1', '--yes')
  await cli('cluster', 'bootstrap')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes)
const machines = async () => (await lab.state()).machines
const talos = async () => (await machines()).map((machine: { talosVersion: string }) => machine.talosVersion)
const upgrades = async () => {
  const writes: { machine: number; action: string }[] = (await lab.state()).diskWrites
  return [1, 2, 3].map((number) => writes.filter((one) => one.machine === number && one.action === 'upgrade').length)
}
const snapshots = () =>
  readdirSync(join(world.dataDirectory, 'instances/home/setup/cluster-nodes/etcd-snapshots')).join()
const value = async (path: string) => (await world.rest('GET', `/instances/home/config?path=${path}`)).body.data

async function refused(path: string, body: object = {}) {
  const before = mutating().length
  const answer = await world.rest('POST', `/instances/home${path}`, body)
  const error = answer.status === 202 ? (await world.ended(answer.body.operation_id)).error : answer.body.error
  expect(mutating().slice(before)).toEqual([])
  return error
}

/** Runs it again and sees that no machine, cluster or file was touched. */
async function again(...args: string[]) {
  const before = mutating().length
  expect(await cli(...args)).toContain('already done')
  expect(mutating().slice(before)).toEqual([])
}

describe('upgrading Talos', () => {
  it(
    'is refused for versions that do not fit together, with the reason',
    async () => {
      const reasons: [string, RegExp][] = [
        ['latest', /not a released version/],
        ['v1.9.6', /older/],
        ['v1.99.0', /Update Wild Central/],
        ['v1.13.0', /talosctl v1.11.5 does not fit Talos v1.13.0/],
      ]
      for (const [version, reason] of reasons) {
        const error = await refused('/cluster/upgrade/talos', { version })
        expect([version, error.code, error.message]).toEqual([version, 'CONFLICT', expect.stringMatching(reason)])
      }
    },
    limitMs,
  )

  it(
    'says beforehand over which versions it goes, and changes nothing',
    async () => {
      const before = mutating().length
      const plan = await cli('cluster', 'upgrade', '--talos', 'v1.12.4', '--plan')
      expect(plan).toContain('v1.10.8 → v1.11.6 → v1.12.4')
      expect(plan).toMatch(/worker-1 to Talos v1.11.6[\s\S]*control-1 to Talos v1.11.6[\s\S]*worker-1 to Talos v1.12.4/)
      expect(mutating().slice(before)).toEqual([])
    },
    limitMs,
  )

  it(
    'stops at a node whose new Talos does not start, tells both ways on, and leaves the others as they are',
    async () => {
      await lab.fault({ kind: 'upgrade-fails', machine: 1, times: 1 })
      const { code, output } = await wildCli(root, world, ['cluster', 'upgrade', '--talos', 'v1.12.4', '--yes'])
      expect([code, output]).toEqual([
        5,
        expect.stringMatching(/control-1[\s\S]*To go on[\s\S]*To go back: nothing is to be done/),
      ])
      expect(await talos()).toEqual(['v1.10.8', 'v1.10.8', 'v1.11.6'])
      expect(await upgrades()).toEqual([1, 0, 1])
      expect(snapshots()).toContain('before-talos-v1.12.4.db')
    },
    limitMs,
  )

  it(
    'goes on from there, one node at a time, and never writes a version twice over one that runs',
    async () => {
      await cli('cluster', 'upgrade', '--talos', 'v1.12.4', '--yes')
      expect(await talos()).toEqual(['v1.12.4', 'v1.12.4', 'v1.12.4'])
      expect(await upgrades()).toEqual([3, 2, 2])
      expect(await value('cluster.nodes.talos.version')).toBe('v1.12.4')
      expect(await value('cluster.nodes.active.worker-1.version')).toBe('v1.12.4')
      await again('cluster', 'upgrade', '--talos', 'v1.12.4', '--yes')
      await again('cluster', 'apply')
    },
    limitMs,
  )
})

describe('upgrading Kubernetes', () => {
  it(
    'is refused where Talos does not run it, and its plan holds what talosctl would do',
    async () => {
      expect((await refused('/cluster/upgrade/kubernetes', { version: 'v1.36.0' })).message).toMatch(
        /Talos v1.12.4 runs Kubernetes 1.30 to 1.35/,
      )
      expect((await refused('/cluster/upgrade/kubernetes', { version: 'v1.32.1' })).message).toMatch(/older/)
      const plan = await cli('cluster', 'upgrade', '--kubernetes', 'v1.35.0', '--plan')
      expect(plan).toContain('v1.33.5 → v1.34.1 → v1.35.0')
      expect(plan).toContain('update is skipped in dry-run mode')
    },
    limitMs,
  )

  it(
    'goes over the minor versions between, and carries the version to the machine configurations',
    async () => {
      await cli('cluster', 'upgrade', '--kubernetes', '1.35.0', '--yes')
      const status = (await world.rest('GET', '/instances/home/cluster/status')).body.data
      expect([status.status, status.kubernetes_version]).toEqual(['ready', 'v1.35.0'])
      expect(await value('cluster.kubernetesVersion')).toBe('v1.35.0')
      expect(snapshots()).toContain('before-kubernetes-v1.35.0.db')
      await again('cluster', 'upgrade', '--kubernetes', 'v1.35.0', '--yes')
      await again('cluster', 'apply')
    },
    limitMs,
  )
})

describe('a changed configuration', () => {
  it(
    'is shown with its difference and whether a node restarts, then handed to the nodes',
    async () => {
      await cli('config', 'set', 'cloud.dns.externalResolver', '9.9.9.9')
      const before = mutating().length
      const plan = await cli('cluster', 'apply', '--plan')
      expect(mutating().slice(before)).toEqual([])
      expect(plan).toMatch(/worker-1: without a restart/)
      expect(plan).toContain('9.9.9.9')
      await cli('cluster', 'apply')
      await again('cluster', 'apply')
      await again('node', 'apply', 'worker-1')
    },
    limitMs,
  )
})

describe('restarting and switching off', () => {
  it(
    'restarts one node, or all of them one after the other while the rest is well',
    async () => {
      await cli('node', 'reboot', 'worker-1', '--yes')
      const reboots = () => mutating().filter(({ argv }) => argv[0] === 'reboot').length
      expect(reboots()).toBe(1)
      const [last] = (await world.rest('GET', '/operations?type=cluster.reboot&limit=1')).body.data.operations
      const retried = await world.rest('POST', `/operations/${last.operation_id}/retry`, {})
      expect((await world.ended(retried.body.operation_id)).status).toBe('completed')
      expect(reboots()).toBe(1)
      await cli('cluster', 'reboot', '--yes')
      expect(reboots()).toBe(4)
    },
    limitMs,
  )

  it(
    'does not go on while a node has not come back; cancelled, and repeated when it is back, it ends well',
    async () => {
      const reboots = () => mutating().filter(({ argv }) => argv[0] === 'reboot').length
      const before = reboots()
      await lab.fault({ kind: 'never-returns', machine: 3, times: 1 })
      const { operation_id: id } = (await world.rest('POST', '/instances/home/cluster/reboot', {})).body
      const said = async () => (await world.rest('GET', `/operations/${id}`)).body.data.logs.join()
      await expect.poll(said, { timeout: 120_000 }).toMatch(/Waiting for worker-1 to restart: it does not answer/)
      await world.rest('POST', `/operations/${id}/cancel`, {})
      expect((await world.ended(id)).status).toBe('cancelled')
      expect(reboots()).toBe(before + 1)
      await lab.clearFaults()
      const again = await world.rest('POST', `/operations/${id}/retry`, {})
      expect((await world.ended(again.body.operation_id)).status).toBe('completed')
      expect(reboots()).toBe(before + 3)
    },
    limitMs,
  )

  it(
    'switches a node off and finds it off the second time; all of them only when that is meant',
    async () => {
      expect((await refused('/cluster/shutdown', {})).details.field).toBe('confirm')
      expect((await refused('/nodes/nobody/shutdown')).code).toBe('NOT_FOUND')
      await cli('node', 'shutdown', 'worker-1', '--yes')
      expect((await machines())[2].up).toBe(false)
      await again('node', 'shutdown', 'worker-1', '--yes')
      await lab.powerOn(3)
      await expect.poll(async () => (await machines())[2].ready, { timeout: 120_000 }).toBe(true)
      await cli('cluster', 'shutdown', '--confirm', 'home')
      expect((await machines()).map((machine: { up: boolean }) => machine.up)).toEqual([false, false, false])
    },
    limitMs,
  )
})
