import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { julyHome, octoberHome } from './support/old-home.ts'
import { succeed } from './support/succeed.ts'

const limitMs = 400_000
let world: Awaited<ReturnType<typeof startTestWorld>>
/** Homes as the old scripts left them (facts/poc-behaviour.md 7, 9). */
let october: string
let july: string

const cli = (...args: string[]) => succeed(world, ...args)
const at = (instance: string, path: string) => join(world.dataDirectory, 'instances', instance, path)
/** Commands that changed a machine or the cluster; files on this device are no part of it. */
const mutating = () =>
  labCommands(world.dataDirectory).filter(
    ({ mutating: changes, argv }) => changes && !['gen', 'config'].includes(argv[0]!),
  ).length
type Told = Record<string, string>
const nodes = async (instance: string): Promise<Told[]> =>
  (await world.rest('GET', `/instances/${instance}/nodes`)).body.data.nodes
const states = async (instance: string) =>
  (await nodes(instance)).map(({ name, role, status }) => `${name} ${role} ${status}`)
const forget = (instance: string) => world.rest('DELETE', `/instances/${instance}?force=true`)

async function expectHealthy(instance: string): Promise<void> {
  await vi.waitFor(
    async () => expect(await cli('cluster', 'health', '--instance', instance)).toContain('The cluster is healthy.'),
    { timeout: 120_000, interval: 500 },
  )
}

/** The cluster is made by the product, under names of somebody's own; then nothing is left of it but a home. */
beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  october = join(world.dataDirectory, 'october')
  july = join(world.dataDirectory, 'july')
  for (const args of journey.slice(0, 7)) await cli(...args)
  await cli('node', 'setup', 'kitchen', '--role', 'controlplane', '--yes')
  await cli('node', 'setup', 'attic', '--role', 'worker', '--yes')
  await cli('cluster', 'bootstrap')
  octoberHome(at('home', ''), october)
  julyHome(october, july)
  await forget('home')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

describe('a home of October', () => {
  it(
    'made an instance from its files alone is the living cluster’s: nodes are known, access is taken, an upgrade works',
    async () => {
      const before = mutating()
      await cli('instance', 'import-home', october, 'files')
      expect(await states('files')).toEqual(['attic worker ready', 'kitchen controlplane ready'])
      expect(mutating()).toBe(before)
      await expectHealthy('files')
      const status = (await world.rest('GET', '/instances/files/cluster/status')).body.data
      expect([status.status, status.control_plane_nodes, status.worker_nodes]).toEqual(['ready', 1, 1])
      expect(await cli('cluster', 'renew', '--instance', 'files')).toContain('already done')
      expect(await cli('cluster', 'apply', '--plan', '--instance', 'files')).not.toContain('with a restart')
      await cli('cluster', 'upgrade', '--talos', 'v1.11.6', '--yes', '--instance', 'files')
      const { machines } = await labDoor(world.dataDirectory).state()
      expect(machines.slice(0, 2).map(({ talosVersion }: Told) => talosVersion)).toEqual(['v1.11.6', 'v1.11.6'])
      await forget('files')
    },
    limitMs,
  )
})

describe('a home of July', () => {
  it(
    'whose access does not fit, or is missing, is refused naming what is missing, and nothing is made',
    async () => {
      const files = readdirSync(july, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const place = join(entry.parentPath, entry.name)
          return { path: place.slice(july.length + 1), text: readFileSync(place, 'utf8') }
        })
      const adopt = (some: typeof files) => world.rest('POST', '/instances/adopt', { name: 'mine', files: some })
      const without = await adopt(files.filter(({ path }) => path !== '.kube/config'))
      expect([without.status, without.body.error.details.field]).toEqual([400, 'kubeconfig'])
      const stolen = files.map((file) =>
        file.path.endsWith('generated/secrets.yaml') ? { ...file, text: 'cluster: {}\n' } : file,
      )
      const wrong = await adopt(stolen)
      expect([wrong.status, wrong.body.error.details.field]).toEqual([400, 'secrets'])
      const bare = await wildCli(root, world, ['cluster', 'adopt', 'mine'])
      expect([bare.code, bare.output]).toEqual([2, expect.stringContaining('--home')])
      expect((await world.rest('GET', '/instances/mine')).status).toBe(404)
    },
    limitMs,
  )

  it(
    'is adopted with its cluster: nodes get the names and the hardware they have, keys are complete, nothing is changed',
    async () => {
      const before = mutating()
      const plan = await cli('cluster', 'adopt', 'mine', '--home', july, '--plan')
      expect(plan).toMatch(/kitchen[\s\S]*The node kept as 127[\d.]+, under the name the cluster has for it/)
      expect((await world.rest('GET', '/instances/mine')).status).toBe(404)
      const said = await cli('cluster', 'adopt', 'mine', '--home', july)
      expect(said).toContain('cluster.nodes.talos.version')
      expect(mutating()).toBe(before)
      expect(await states('mine')).toEqual(['attic worker ready', 'kitchen controlplane ready'])
      const found = await nodes('mine')
      expect(found.every((node) => node.mac && node.interface && node.disk && node.disk_serial)).toBe(true)
      const text = readFileSync(at('mine', 'config.yaml'), 'utf8')
      expect(text).toContain('# our cloud')
      expect(parse(text).cluster.nodes.talos.version).toBe('v1.11.6')
      const generated = readdirSync(at('mine', 'setup/cluster-nodes/generated')).sort()
      expect(generated).toEqual(['controlplane.yaml', 'secrets.yaml', 'talosconfig', 'worker.yaml'])
      await expectHealthy('mine')
    },
    limitMs,
  )

  it(
    'and goes on as any other: access is renewed, a machine is added, the folder is as it was',
    async () => {
      await cli('context', 'use', 'mine')
      await cli('cluster', 'renew', '--fresh')
      await cli('node', 'discover')
      await cli('node', 'setup', 'worker-1', '--yes')
      expect(await states('mine')).toContain('worker-1 worker ready')
      await expectHealthy('mine')
      expect(readFileSync(join(july, 'config.yaml'), 'utf8')).not.toContain('kitchen')
    },
    limitMs,
  )
})
