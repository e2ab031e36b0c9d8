import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { labDoor } from '../../lab-door.ts'
import { kubectl } from './kubectl.ts'
import type { Rehearsal } from './rehearsal.ts'
import { succeed } from './succeed.ts'

/** One operation of the journey and what has to be asked before it. */
export interface Stage {
  type: string
  /** What of it this is, where a type has more than one stage. */
  of?: string
  /** POST unless it says otherwise. */
  method?: string
  path: string
  body?: unknown
  /** Asked again after it completed it is refused with this status: what it worked on is no longer there. */
  refusedAgain?: number
  /** Asked anew it would be other work: again means that the operation itself is run again. */
  retried?: boolean
  /** No later stage needs it: at depth `quick` only a few such stages are walked. */
  apart?: true
  /** At depth `ci` the daemon is killed at so many of its steps, spread over the list; else at every one. */
  sample?: number
  before?(world: Rehearsal): Promise<unknown>
  /** Once both worlds were compared. */
  after?(world: Rehearsal): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: the record as REST tells it
export type Told = any

/** Who asks: a world's REST. */
type Caller = Pick<Rehearsal, 'rest' | 'ended'>

/** Starts an operation over REST; its id. Throws with the answer when it is refused. */
export async function begin(world: Caller, stage: Pick<Stage, 'method' | 'path' | 'body'>): Promise<string> {
  const { path } = stage
  const answer = await call(world, stage)
  if (answer.status !== 202) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return answer.body.operation_id
}

/** Asks for a stage over REST. */
export function call(world: Caller, { method = 'POST', path, body = {} }: Pick<Stage, 'method' | 'path' | 'body'>) {
  return world.rest(method, placeOf(path), method === 'DELETE' ? undefined : body)
}

/** Paths below the instance, except those of the LAN. */
const placeOf = (path: string) => (path.startsWith('/pxe/') ? path : `/instances/home${path}`)

/** Runs an operation to its end; its record. */
export async function complete(world: Caller, stage: Pick<Stage, 'method' | 'path' | 'body'>): Promise<Told> {
  return world.ended(await begin(world, stage))
}

/** The same work again: asked for once more, or the operation of this id run again where that would be other work. */
export async function completeAgain(world: Caller, stage: Stage, id: string): Promise<Told> {
  if (!stage.retried) return complete(world, stage)
  const { status, text, body } = await world.rest('POST', `/operations/${id}/retry`, {})
  if (status !== 202) throw new Error(`running ${id} again answered ${status}: ${text}`)
  return world.ended(body.operation_id)
}

async function mustSucceed(world: Rehearsal, path: string): Promise<void> {
  const { status, error } = await complete(world, { path })
  if (status !== 'completed') throw new Error(`${path}: ${status}, ${JSON.stringify(error)}`)
}

async function ask(world: Rehearsal, path: string, body: unknown): Promise<void> {
  const { status, text } = await world.rest('POST', `/instances/home${path}`, body)
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`)
}

async function scaleTraefik(world: Rehearsal, replicas: number): Promise<void> {
  const patch = JSON.stringify({ spec: { replicas } })
  await kubectl(world, ['patch', 'deployment', 'traefik', '-n', 'traefik', '--type=merge', '-p', patch])
}

/** Every type of operation, in the order in which one makes the next possible. */
export const stages: Stage[] = [
  { type: 'node.discover', path: '/nodes/discover' },
  { type: 'pxe.download', path: '/pxe/assets/download', body: { instance: 'home', kinds: ['kernel', 'cmdline'] } },
  {
    type: 'node.setup',
    path: '/nodes/control-1/setup',
    before: (world) => ask(world, '/nodes/assign', { nodes: ['control-1', 'control-2', 'control-3'] }),
  },
  {
    type: 'cluster.bootstrap',
    path: '/cluster/bootstrap',
    async before(world) {
      const others = ['control-2', 'control-3'].map((name) => mustSucceed(world, `/nodes/${name}/setup`))
      await Promise.all(others)
    },
  },
  {
    type: 'cluster.renew-access',
    path: '/cluster/access/renew',
    before: async (world) => rmSync(join(world.dataDirectory, 'instances/home/.talos/config')),
  },
  { type: 'service.install', path: '/services', body: { name: 'metallb' } },
  { type: 'service.install-all', path: '/services/install-all' },
  {
    type: 'service.copy-certificates',
    path: '/services/copy-certificates',
    // As after a renewal: what is next to the dashboard is not what cert-manager holds.
    async before(world) {
      await kubectl(world, ['delete', 'secret', 'wildcard-internal-wild-cloud-tls', '-n', 'headlamp'])
    },
  },
  {
    type: 'cluster.copy-secret',
    path: '/cluster/secrets/copy',
    body: { source: 'cert-manager:wildcard-wild-cloud-tls', namespaces: ['default'] },
  },
  { type: 'app.deploy', path: '/apps/ghost/deploy', before: (world) => ask(world, '/apps', { name: 'ghost' }) },
  { type: 'service.update', method: 'PUT', path: '/services/metallb', body: { fetch: true }, sample: 2 },
  {
    type: 'workload.drift',
    path: '/services/traefik/drift',
    body: { adopt: false },
    async before(world) {
      await scaleTraefik(world, 2)
      await kubectl(world, ['delete', 'ingressclass', 'traefik'])
    },
  },
  {
    type: 'workload.drift',
    of: 'taken over',
    apart: true,
    path: '/services/traefik/drift',
    body: { adopt: true },
    async before(world) {
      await scaleTraefik(world, 3)
      await kubectl(world, ['delete', 'clusterrolebinding', 'traefik'])
    },
  },
  { type: 'app.update', path: '/apps/ghost/update', body: { config: { timezone: 'Europe/Berlin' } }, sample: 4 },
  { type: 'app.delete', method: 'DELETE', path: '/apps/ghost', refusedAgain: 404 },
  { type: 'service.delete', method: 'DELETE', path: '/services/cert-manager?force=true', refusedAgain: 404, sample: 3 },
  { type: 'node.remove', path: '/nodes/control-3/remove', refusedAgain: 404 },
  { type: 'backup.run', path: '/backups', body: { only: ['home', 'cluster'] }, retried: true, sample: 4 },
  { type: 'cluster.etcd-snapshot', path: '/cluster/etcd-snapshots', body: { name: 'first' } },
  { type: 'cluster.upgrade-talos', path: '/cluster/upgrade/talos', body: { version: 'v1.11.6' }, sample: 3 },
  { type: 'node.rollback', apart: true, path: '/nodes/control-1/rollback', retried: true },
  { type: 'cluster.upgrade-kubernetes', path: '/cluster/upgrade/kubernetes', body: { version: 'v1.34.2' }, sample: 2 },
  {
    type: 'cluster.apply',
    apart: true,
    path: '/cluster/apply',
    sample: 3,
    before: (world) => succeed(world, 'config', 'set', 'cloud.dns.externalResolver', '9.9.9.9'),
  },
  { type: 'cluster.reboot', apart: true, path: '/cluster/reboot', retried: true, sample: 3 },
  {
    type: 'cluster.etcd-restore',
    apart: true,
    path: '/cluster/etcd-snapshots/first/restore',
    body: { confirm: true },
    retried: true,
    sample: 3,
  },
  {
    type: 'cluster.shutdown',
    apart: true,
    path: '/cluster/shutdown',
    body: { confirm: true },
    after: switchOn,
  },
  {
    type: 'service.delete',
    of: 'with its uninstaller',
    apart: true,
    method: 'DELETE',
    path: '/services/longhorn?force=true',
    refusedAgain: 404,
  },
  {
    type: 'node.reset',
    apart: true,
    path: '/nodes/control-2/reset',
    body: { confirm: true },
    sample: 4,
  },
  {
    type: 'cluster.reset',
    path: '/cluster/reset',
    body: { confirm: true },
    sample: 3,
    before: (world) => mustSucceed(world, '/nodes/control-2/setup'),
  },
]

/** What a hand does at the machines, and the patience until they are a cluster again. */
async function switchOn(world: Rehearsal): Promise<void> {
  const lab = labDoor(world.dataDirectory)
  for (const machine of [1, 2]) await lab.powerOn(machine)
  await vi.waitFor(
    async () => {
      const { checks } = (await world.rest('GET', '/instances/home/cluster/health')).body.data
      const open = checks.filter(({ status }: Told) => status === 'failing')
      if (open.length) throw new Error(JSON.stringify(open))
    },
    { timeout: 120_000, interval: 500 },
  )
}

/** Steps without children, which do the work. */
export function leavesOf({ steps }: Told): Told[] {
  return steps.filter(({ id }: Told) => !steps.some(({ id: other }: Told) => other.startsWith(`${id}/`)))
}

/** The state of each line at the top. */
export const groupsOf = ({ steps }: Told): Record<string, string> =>
  Object.fromEntries(steps.filter(({ id }: Told) => !id.includes('/')).map(({ id, state }: Told) => [id, state]))
