import { type Build, type BuiltObject, buildEntry } from './build.ts'
import { type AppEntry, type Entry, readEntry, type ServiceEntry } from './entries.ts'
import { type KubeObject, nameOf } from './kube-object.ts'
import type { Finding } from './problem.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import type { EntrySource } from './sources.ts'

/** The whole catalog, read, rendered and built: what the rules look at. */
export interface World {
  sources: EntrySource[]
  entries: Entry[]
  /** What is wrong with manifests that cannot be read; their entries are not in `entries`. */
  unreadable: Finding[]
  builds: Build[]
}

/** Folder with the releases, HOST/PATH. */
export interface Surroundings {
  mirror: string
}

/** Reads and builds a catalog. Entries of `before` whose sources did not change are taken over as they are. */
export async function makeWorld(sources: EntrySource[], { mirror }: Surroundings, before?: World): Promise<World> {
  const entries: Entry[] = []
  const unreadable: Finding[] = []
  for (const source of sources) {
    const known = before?.entries.find((entry) => entry.source === source)
    const entry = known ?? readEntry(source)
    if (Array.isArray(entry)) unreadable.push(...entry)
    else entries.push(entry)
  }
  const builds: Build[] = []
  for (const entry of entries) {
    const known = before?.builds.filter((build) => build.entry === entry) ?? []
    if (known.length > 0) builds.push(...known)
    else for (const scenario of scenarios) builds.push(...(await buildEntry(entries, entry, scenario, mirror)))
  }
  return { sources, entries, unreadable, builds }
}

export const servicesOf = ({ entries }: World): ServiceEntry[] =>
  entries.filter((entry): entry is ServiceEntry => entry.kind === 'service')

export const appsOf = ({ entries }: World): AppEntry[] =>
  entries.filter((entry): entry is AppEntry => entry.kind === 'app')

/** Objects of one entry in one scenario, all its folders together. */
export const objectsOf = (world: World, entry: Entry, scenario: Scenario): BuiltObject[] =>
  world.builds.filter((build) => build.entry === entry && build.scenario === scenario).flatMap(({ objects }) => objects)

/** Everything the catalog puts into a cluster in one scenario. */
export const allObjects = (world: World, scenario: Scenario): KubeObject[] =>
  world.builds
    .filter((build) => build.scenario === scenario)
    .flatMap(({ objects }) => objects.map(({ object }) => object))

/** Says of each finding which object it is about. */
export const signed = ({ object }: BuiltObject, findings: Finding[]): Finding[] =>
  findings.map((finding) => ({ object: nameOf(object), ...finding }))

/** Calls `look` with each object we wrote ourselves. */
export function eachOwnObject(world: World, look: (one: BuiltObject, build: Build) => Finding[]): Finding[] {
  return world.builds.flatMap((build) =>
    build.objects.filter(({ upstream }) => !upstream).flatMap((one) => signed(one, look(one, build))),
  )
}
