import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pick, printSeed, randoms } from '../depth.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, root } from '../world.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { onBareCluster, settingsOnly, withMore } from './support/service-objects.ts'
import { complete, groupsOf, leavesOf, type Told } from './support/stages.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 420_000

interface Manifest {
  name: string
  title: string
  core: boolean
  dependsOn: string[]
}
const manifests = new Map<string, Manifest>()

/** At `quick` one service, chosen by the seed; else every one. */
const chosen = (() => {
  const all = Object.keys(onBareCluster)
  const one = Math.floor(randoms('service-faults')() * all.length)
  return pick({ quick: all.slice(one, one + 1), ci: all, full: all })
})()

let world: Rehearsal
let lab: ReturnType<typeof labDoor>
beforeAll(async () => {
  printSeed('service-faults')
  const folder = join(root, 'catalog/setup/cluster-services')
  for (const name of await readdir(folder))
    manifests.set(name, parse(await readFile(join(folder, name, 'manifest.yaml'), 'utf8')))
  world = await startRehearsal({ speed: 60 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster')
  await world.cut()
  world.keep('bootstrapped')
  await world.boot()
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const metallb = { path: '/services', body: { name: 'metallb' } }

describe('a release that cannot be had', () => {
  it.each(
    [
      { kind: 'download-altered', says: /checksum of https:\/\/.*metallb-native\.yaml differs.*try again/i },
      { kind: 'download-unavailable', says: /metallb-native\.yaml.*503/i },
      { kind: 'download-breaks-off', says: /metallb-native\.yaml/i },
    ].slice(0, pick({ quick: 1, ci: 3, full: 3 })),
  )(
    'is told with what to do, and nothing is applied: $kind',
    async ({ kind, says }) => {
      const before = mutating()
      await lab.fault({ kind, command: 'metallb-native.yaml' })
      const { status, error } = await complete(world, metallb)
      await lab.clearFaults()
      expect([status, error.code, error.message]).toEqual(['failed', 'DOWNLOAD_FAILED', expect.stringMatching(says)])
      expect(`${error.message} ${error.details?.hint ?? ''}`).toMatch(/try again|check|run it again|retry/i)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'is no hindrance once it can; an image that cannot be pulled is named, and the next run goes on',
    async () => {
      await lab.fault({ kind: 'image-unavailable', command: 'quay.io/metallb/controller' })
      const { status, error } = await complete(world, metallb)
      await lab.clearFaults()
      expect([status, error?.message]).toEqual(['failed', expect.stringContaining('quay.io/metallb/controller')])
      const again = await complete(world, metallb)
      expect([again.status, again.error]).toEqual(['completed', undefined])
    },
    limitMs,
  )
})

/** The service and what needs it, over all the steps between. */
function withDependents(name: string): Set<string> {
  const found = new Set([name])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const one of manifests.values()) if (one.dependsOn.some((other) => found.has(other))) found.add(one.name)
  }
  return found
}

describe('installing all services', () => {
  it('knows of every service of the catalog how it fails', () => {
    const known = [...Object.keys(onBareCluster), ...Object.keys(withMore), ...settingsOnly]
    expect(known.sort()).toEqual([...manifests.keys()].sort())
  })

  it.each(chosen)(
    'goes on without %s when it fails, and finishes once it does not',
    async (name) => {
      await world.cut()
      world.putBack('bootstrapped')
      await world.boot()
      await lab.fault({ kind: 'object-refused', command: onBareCluster[name] })
      const first = await complete(world, { path: '/services/install-all' })
      await lab.clearFaults()
      const { core, title } = manifests.get(name)!
      const without = withDependents(name)
      const expected = (id: string) => (id === name ? 'failed' : without.has(id) ? 'blocked' : 'done')
      const groups = groupsOf(first)
      expect(groups).toEqual(Object.fromEntries(Object.keys(onBareCluster).map((id) => [id, expected(id)])))
      if (core) expect([first.status, first.error.message]).toEqual(['failed', expect.stringContaining('denied')])
      else expect([first.status, first.warnings.join('\n')]).toEqual(['completed', expect.stringContaining(title)])

      const again = await complete(world, { path: '/services/install-all' })
      expect([again.status, again.error]).toEqual(['completed', undefined])
      expect(again.warnings.join('\n')).not.toContain('did not succeed')
      const worked = leavesOf(again).filter(({ state }: Told) => state === 'done')
      const services = new Set(worked.map(({ id }: Told) => id.split('/')[0]))
      expect([...services].filter((service) => !without.has(service as string))).toEqual([])
      expect(services.has(name)).toBe(true)
    },
    limitMs,
  )
})
