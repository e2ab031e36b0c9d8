import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
  world = await startTestWorld({ speed: 60 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const snapshots = '/instances/home/cluster/etcd-snapshots'
const folder = () => join(world.dataDirectory, 'instances/home/setup/cluster-nodes/etcd-snapshots')
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes)
const words = (from: number) =>
  mutating()
    .slice(from)
    .map(
      ({ tool, argv }) =>
        `${tool} ${argv
          .filter((word) => /^[a-z][a-z0-9-]*$/.test(word))
          .slice(0, 2)
          .join(' ')}`,
    )
const list = async () => (await world.rest('GET', snapshots)).body.data.snapshots
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const namespaces = () => kubectl(world, ['get', 'namespaces', '-o', 'name'])

describe('a snapshot of etcd', () => {
  it(
    'is saved where only Wild Central can read it, listed, and not made twice under one name',
    async () => {
      expect(await cli('cluster', 'etcd-snapshot', 'save', 'first')).toContain('first.db')
      const [snapshot] = await list()
      expect(snapshot).toMatchObject({ name: 'first', whole: true, automatic: false, kubernetes_version: 'v1.34.1' })
      expect(snapshot.keys).toBeGreaterThan(0)
      expect([modeOf(folder()), modeOf(join(folder(), 'first.db'))]).toEqual(['700', '600'])
      const before = mutating().length
      expect(await cli('cluster', 'etcd-snapshot', 'save', 'first')).toContain('already done')
      expect(words(before)).toEqual([])
      expect(await cli('cluster', 'etcd-snapshot', 'list')).toContain('first')
    },
    limitMs,
  )

  it(
    'is part of a backup of the cluster, proven whole and encrypted like the rest',
    async () => {
      const started = await world.rest('POST', '/instances/home/backups', { only: ['cluster'] })
      expect(started.status).toBe(202)
      const record = await world.ended(started.body.operation_id)
      expect([record.status, record.error]).toEqual(['completed', undefined])
      const { backups } = (await world.rest('GET', '/instances/home/backups')).body.data
      expect(backups).toMatchObject([{ kind: 'cluster', whole: true }])
      const part = backups[0].parts.find(({ kind }: { kind: string }) => kind === 'etcd')
      expect(part).toMatchObject({ name: 'etcd.db' })
      expect(Number(part.bytes)).toBe(statSync(join(folder(), 'first.db')).size)
      const stored = join(world.dataDirectory, 'backups/instances/home', backups[0].id, 'etcd.db.sealed')
      expect(readFileSync(stored, 'latin1')).not.toContain(
        readFileSync(join(folder(), 'first.db'), 'latin1').slice(0, 64),
      )
      expect(readdirSync(join(world.dataDirectory, 'cache/backups')).filter((name) => name.endsWith('.etcd'))).toEqual(
        [],
      )
      const verified = await world.rest('POST', `/instances/home/backups/${backups[0].id}/verify`)
      expect((await world.ended(verified.body.operation_id)).status).toBe('completed')
    },
    limitMs,
  )

  it(
    'of a backup is put among the snapshots, byte by byte and once, or taken out as a file',
    async () => {
      const [{ id, parts }] = (await world.rest('GET', '/instances/home/backups')).body.data.backups
      const { sha256 } = parts.find(({ kind }: { kind: string }) => kind === 'etcd')
      const sumOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
      const planned = await cli('backup', 'take-etcd', id, '--as', 'taken', '--plan')
      expect([planned, existsSync(join(folder(), 'taken.db'))]).toEqual([expect.stringContaining('taken.db'), false])
      expect(await cli('backup', 'take-etcd', id, '--as', 'taken')).toContain('etcd-snapshot restore taken')
      expect([sumOf(join(folder(), 'taken.db')), modeOf(join(folder(), 'taken.db'))]).toEqual([sha256, '600'])
      const first = (await list()).find(({ name }: { name: string }) => name === 'first')
      expect(await list()).toContainEqual(
        expect.objectContaining({ name: 'taken', whole: true, keys: first.keys, node: first.node }),
      )
      const written = statSync(join(folder(), 'taken.db')).mtimeMs
      expect(await cli('backup', 'take-etcd', id, '--as', 'taken')).toContain('already done')
      expect(statSync(join(folder(), 'taken.db')).mtimeMs).toBe(written)

      await makeNamespace(world, 'since')
      await cli('cluster', 'etcd-snapshot', 'save', 'another')
      const other = await world.rest('POST', `/instances/home/backups/${id}/etcd`, { name: 'another' })
      expect([other.status, other.body.error.details.field]).toEqual([409, 'name'])
      const wrong = await world.rest('POST', `/instances/home/backups/${id}/etcd`, { name: '../x' })
      expect([wrong.status, wrong.body.error.details.field]).toEqual([400, 'name'])
      await cli('cluster', 'etcd-snapshot', 'delete', 'another', '--yes')
      await cli('cluster', 'etcd-snapshot', 'delete', 'taken', '--yes')

      await cli('backup', 'extract', id, 'etcd.db', '--to', join(world.dataDirectory, 'lab/taken-out'))
      expect(sumOf(join(world.dataDirectory, 'lab/taken-out/etcd.db'))).toBe(sha256)
    },
    limitMs,
  )

  it(
    'without a name is one of a few that are kept; those with a name stay',
    async () => {
      await cli('config', 'set', 'cluster.etcdSnapshots.keep', '1')
      await cli('cluster', 'etcd-snapshot', 'save')
      const names = () => list().then((all) => all.map(({ name }: { name: string }) => name))
      const [older] = await names()
      // Names tell seconds.
      await expect.poll(() => new Date().toISOString().slice(0, 19).replaceAll(':', '-')).not.toBe(older.slice(0, 19))
      await cli('cluster', 'etcd-snapshot', 'save')
      const now = await names()
      expect(now).toHaveLength(2)
      expect(now).toContain('first')
      expect(now).not.toContain(older)
    },
    limitMs,
  )

  it(
    'brings back what the cluster held, and what was there is saved first; run again it asks nothing of the machines',
    async () => {
      await makeNamespace(world, 'kept')
      await cli('cluster', 'etcd-snapshot', 'save', 'with-kept')
      await kubectl(world, ['delete', 'namespace', 'kept', '--wait=false'])
      await makeNamespace(world, 'later')
      const before = mutating().length
      const said = await cli('cluster', 'etcd-snapshot', 'restore', 'with-kept', '--confirm', 'home')
      expect(said).toContain('The cluster is back at with-kept.')
      expect(await namespaces()).toContain('namespace/kept')
      expect(await namespaces()).not.toContain('namespace/later')
      const done = words(before)
      expect(done.filter((one) => one === 'talosctl reset')).toHaveLength(3)
      expect(done[0]).toBe('talosctl etcd snapshot')
      expect((await list()).map(({ name }: { name: string }) => name)).toContainEqual(
        expect.stringMatching(/-before-restore$/),
      )
      expect((await world.rest('GET', '/instances/home/cluster/health')).body.data.status).toBe('healthy')

      const [last] = (await world.rest('GET', '/operations?type=cluster.etcd-restore&limit=1')).body.data.operations
      const count = mutating().length
      const again = await world.rest('POST', `/operations/${last.operation_id}/retry`, {})
      expect((await world.ended(again.body.operation_id)).status).toBe('completed')
      expect(words(count)).toEqual([])
    },
    limitMs,
  )

  it(
    'that is damaged, unknown or not confirmed is refused, and nothing is changed',
    async () => {
      const before = mutating().length
      const restore = (name: string, body: object) => world.rest('POST', `${snapshots}/${name}/restore`, body)
      const unconfirmed = await restore('first', {})
      expect([unconfirmed.status, unconfirmed.body.error.details.field]).toEqual([400, 'confirm'])
      expect((await restore('nowhere', { confirm: true })).status).toBe(404)
      expect((await restore('..%2Fconfig', { confirm: true })).status).toBe(400)
      expect((await world.rest('POST', snapshots, { name: '../../x' })).body.error.details.field).toBe('name')

      copyFileSync(join(folder(), 'first.db'), join(folder(), 'broken.db'))
      const bytes = readFileSync(join(folder(), 'broken.db'))
      bytes[100] = (bytes[100]! + 1) % 256
      writeFileSync(join(folder(), 'broken.db'), bytes)
      const started = await restore('broken', { confirm: true })
      const { error } = await world.ended(started.body.operation_id)
      expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringContaining('checksum')])
      expect((await world.rest('POST', snapshots, { name: 'broken' })).status).toBe(409)
      expect(words(before)).toEqual([])
      await cli('cluster', 'etcd-snapshot', 'delete', 'broken', '--yes')
      expect((await list()).map(({ name }: { name: string }) => name)).not.toContain('broken')
    },
    limitMs,
  )

  it(
    'is not restored past a control plane that does not answer, unless that is left out',
    async () => {
      await lab.fault({ kind: 'unreachable', machine: 3 })
      const before = mutating().length
      const { code, output } = await wildCli(root, world, [
        ...['cluster', 'etcd-snapshot', 'restore', 'first', '--confirm', 'home'],
      ])
      expect([code, output]).toEqual([5, expect.stringMatching(/control-3.*does not answer[\s\S]*--skip-offline/)])
      expect(words(before).filter((one) => one === 'talosctl reset')).toEqual([])
      await lab.clearFaults()
    },
    limitMs,
  )

  it('needs the name of the instance to be typed where nobody can be asked', async () => {
    const args = ['cluster', 'etcd-snapshot', 'restore', 'first']
    for (const given of [['--yes'], ['--confirm', 'other']]) {
      const { code, output } = await wildCli(root, world, [...args, ...given])
      expect([code, output]).toEqual([2, expect.stringContaining('--confirm home')])
    }
  })
})
