import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { wildCli } from '../../lab/demo/journey.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let folder: string

const cli = (...args: string[]) => succeed(world, ...args)
/** Commands that changed a machine or the cluster; files on this device are no part of it. */
const mutating = () =>
  labCommands(world.dataDirectory).filter(
    ({ mutating: changes, argv }) => changes && !['gen', 'config'].includes(argv[0]!),
  ).length
const file = (name: string) => join(folder, name)
const at = (...parts: string[]) => join(world.dataDirectory, 'instances', ...parts)
const nodes = async (instance: string) => (await world.rest('GET', `/instances/${instance}/nodes`)).body.data.nodes

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  folder = join(world.dataDirectory, 'handed-back')
  await walkUntil(world, 'cluster', 'control-1')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

describe('a running cluster', () => {
  it(
    'takes in a further control plane and a worker; an even number of control planes is told',
    async () => {
      await cli('node', 'setup', 'control-2', 'worker-1', '--yes')
      const states = async () => (await nodes('home')).map(({ name, status }: Record<string, string>) => [name, status])
      await vi.waitFor(
        async () =>
          expect(await states()).toEqual([
            ['control-1', 'ready'],
            ['control-2', 'ready'],
            ['worker-1', 'ready'],
          ]),
        { timeout: 120_000, interval: 500 },
      )
      await vi.waitFor(async () => expect(await cli('cluster', 'health')).toContain('an even number'), {
        timeout: 120_000,
        interval: 500,
      })
    },
    limitMs,
  )

  it(
    'is handed back as a folder that works alone, changes nothing, and is noted',
    async () => {
      const before = mutating()
      expect(await cli('cluster', 'hand-back', folder)).toContain('README.md')
      expect(readdirSync(folder).sort()).toEqual([
        'README.md',
        'controlplane.yaml',
        'kubeconfig',
        'nodes',
        'secrets.yaml',
        'talosconfig',
        'worker.yaml',
      ])
      expect(readdirSync(file('nodes'))).toEqual(['control-1.yaml', 'control-2.yaml', 'worker-1.yaml'])
      for (const name of ['kubeconfig', 'talosconfig', 'secrets.yaml', 'nodes/control-1.yaml'])
        expect([name, statSync(file(name)).mode & 0o777]).toEqual([name, 0o600])
      const env = { ...process.env, PATH: `${join(root, 'lab/bin')}:${process.env.PATH}`, HOME: folder }
      const labSocket = join(world.dataDirectory, 'lab', 'lab.sock')
      const run = (tool: string, ...args: string[]) =>
        execFileSync(join(root, 'lab/bin', tool), args, {
          env: { ...env, WILD_LAB_SOCKET: labSocket },
          encoding: 'utf8',
        })
      expect(run('kubectl', '--kubeconfig', file('kubeconfig'), 'get', 'nodes')).toContain('worker-1')
      const { target_ip: ip } = (await nodes('home'))[0]
      const members = run('talosctl', '--talosconfig', file('talosconfig'), '-n', ip, 'etcd', 'members')
      expect(members).toContain('control-2')
      expect(readFileSync(file('README.md'), 'utf8')).toContain(`talosctl -n ${ip} etcd members`)
      expect(mutating()).toBe(before)
      expect(readFileSync(join(world.dataDirectory, 'logs/audit.log'), 'utf8')).toContain('cluster.hand-back')
      const again = await wildCli(root, world, ['cluster', 'hand-back', folder])
      expect([again.code, again.output]).toEqual([4, expect.stringContaining('not empty')])
    },
    limitMs,
  )

  it(
    'made by hand is adopted with its access files alone: nodes, keys and settings come from the cluster, which is not changed',
    async () => {
      const secrets = parse(readFileSync(at('home', 'setup/cluster-nodes/generated/secrets.yaml'), 'utf8'))
      await world.rest('DELETE', '/instances/home?force=true')
      const before = mutating()
      const args = [
        'cluster',
        'adopt',
        'mine',
        '--talosconfig',
        file('talosconfig'),
        '--kubeconfig',
        file('kubeconfig'),
      ]
      expect(await cli(...args, '--plan')).toContain('control-1')
      expect((await world.rest('GET', '/instances/mine')).status).toBe(404)
      expect(await cli(...args)).toContain('is the instance mine now')
      expect(mutating()).toBe(before)
      const found = (await nodes('mine')).map((node: Record<string, string>) => [node.name, node.role, node.status])
      expect(found).toEqual([
        ['control-1', 'controlplane', 'ready'],
        ['control-2', 'controlplane', 'ready'],
        ['worker-1', 'worker', 'ready'],
      ])
      expect(
        (await nodes('mine')).every((node: Record<string, string>) => node.mac && node.interface && node.disk),
      ).toBe(true)
      expect(parse(readFileSync(at('mine', 'setup/cluster-nodes/generated/secrets.yaml'), 'utf8'))).toEqual(secrets)
      expect(await cli('cluster', 'health', '--instance', 'mine')).toContain('The cluster is healthy.')
      expect(await cli('cluster', 'renew', '--instance', 'mine')).toContain('already done')
    },
    limitMs,
  )

  it('is not adopted from files that are no access, or lead nowhere', async () => {
    const body = { name: 'other', talosconfig: 'context: x\ncontexts:\n  x: {}\n', kubeconfig: 'nonsense' }
    const refused = await world.rest('POST', '/instances/adopt', body)
    expect([refused.status, refused.body.error.details.field]).toEqual([400, 'kubeconfig'])
    expect((await world.rest('GET', '/instances/other')).status).toBe(404)
  })
})
