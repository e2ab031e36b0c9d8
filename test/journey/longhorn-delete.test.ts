import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pick } from '../depth.ts'
import { endProcess, labCommands, startTestWorld } from '../world.ts'
import { kubectl } from './support/kubectl.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

/** At `quick` the same operations are walked by other proofs. */
const deeper = pick({ quick: false, ci: true, full: true })
const limitMs = 300_000
const home = '/instances/home'
let world: Awaited<ReturnType<typeof startTestWorld>>

const cli = (command: string) => succeed(world, ...command.split(' '))

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 1 })
  await walkUntil(world, 'cluster', 'control-1')
  await cli('service install longhorn')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const remove = (query = '') => world.rest('DELETE', `${home}/services/longhorn${query}`)

async function expectNothingLeft(): Promise<void> {
  for (const kind of ['crd', 'clusterrole', 'clusterrolebinding', 'namespace', 'storageclass', 'csidriver'])
    expect([kind, await kubectl(world, ['get', kind, '-o', 'name'])]).toEqual([
      kind,
      expect.not.stringContaining('longhorn'),
    ])
  expect((await remove()).status).toBe(404)
}

describe.runIf(deeper)('deleting Longhorn', () => {
  it(
    'says in its plan that it clears its volumes away, and which data of others is lost; it is refused while they use it',
    async () => {
      const claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'photos', namespace: 'default' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }
      await kubectl(world, ['create', '-f', '-'], JSON.stringify(claim))
      const before = mutating()
      const refused = await remove()
      const { error } = await world.ended(refused.body.operation_id)
      expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringContaining('default/photos')])
      const plan = await cli('service delete longhorn --force --plan')
      expect(plan).toContain('Letting Longhorn clear away its volumes')
      expect(plan).toMatch(/data on its volumes is lost: .*default\/photos/)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'confirms it to Longhorn, waits for its uninstaller, and leaves nothing behind; without that its nodes would stay',
    async () => {
      const held = [
        'get',
        'nodes.longhorn.io',
        '-n',
        'longhorn-system',
        '-o',
        'jsonpath={.items[*].metadata.finalizers}',
      ]
      expect(await kubectl(world, held)).toContain('longhorn.io')
      const done = await world.ended((await remove('?force=true')).body.operation_id)
      expect([done.status, done.error, done.result.left_without]).toEqual([
        'completed',
        undefined,
        [expect.stringContaining('default/photos')],
      ])
      await expectNothingLeft()
      await cli('service install longhorn')
    },
    limitMs,
  )

  it(
    'goes on after a power cut while its uninstaller is at work',
    async () => {
      const id: string = (await remove('?force=true')).body.operation_id
      const jobs = () => kubectl(world, ['get', 'jobs', '-n', 'longhorn-system', '-o', 'name'])
      await vi.waitFor(async () => expect(await jobs()).toContain('longhorn-uninstall'), {
        timeout: 60_000,
        interval: 50,
      })
      await endProcess(world.daemon, 'SIGKILL')
      await world.restartDaemon()
      const { status, error } = (await world.rest('GET', `/operations/${id}`)).body.data
      expect([status, error.code]).toEqual(['failed', 'DAEMON_RESTARTED'])
      const again = (await world.rest('POST', `/operations/${id}/retry`, {})).body.operation_id
      const done = await world.ended(again)
      expect([done.status, done.error]).toEqual(['completed', undefined])
      await expectNothingLeft()
    },
    limitMs,
  )
})
