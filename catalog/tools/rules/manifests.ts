import { type Entry, manifestFile, type ServiceEntry } from '../entries.ts'
import { containersOf, isLongRunning } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { bare } from '../scenarios.ts'
import { appsOf, objectsOf, servicesOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

/** The tag of an image reference; empty when it has none. */
export const tagOf = (image: string): string => /:([^/@]+)(@|$)/.exec(image)?.[1] ?? ''

const releaseVersions = ({ manifest }: ServiceEntry): string[] =>
  manifest.upstream.flatMap(({ url }) => url.split('/').filter((part) => /^v?\d+\.\d+/.test(part)))

/** Tags of what the entry runs, and the version segments of the releases it is made of. */
function versionsOf(world: World, entry: Entry): string[] {
  const own = objectsOf(world, entry, bare).filter(({ upstream, object }) => !upstream && isLongRunning(object))
  const tags = own.flatMap(({ object }) => containersOf(object).map(({ container }) => tagOf(container.image ?? '')))
  const releases = entry.kind === 'service' ? releaseVersions(entry) : []
  return [...tags, ...releases].filter((version) => version !== '')
}

function circle(entries: readonly Entry[], entry: Entry): string[] | undefined {
  const walk = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return name === entry.manifest.name ? [...path, name] : undefined
    const next = entries.find(({ kind, manifest }) => kind === entry.kind && manifest.name === name)
    for (const needed of next?.manifest.dependsOn ?? []) {
      const found = walk(needed, [...path, name])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(entry.manifest.name, [])
}

/** Ranks of services: the more something is left out, the less others may build on it. */
const rankOf = ({ manifest }: ServiceEntry): number => (manifest.core ? 0 : manifest.onRequest ? 2 : 1)

function leansOnLess(world: World, entry: ServiceEntry): Finding[] {
  const finding = (message: string): Finding => ({ file: manifestFile(entry.source), key: 'dependsOn', message })
  const { core, onRequest, dependsOn } = entry.manifest
  return [
    ...(core && onRequest ? [finding('of a core service that is installed on request only: choose one')] : []),
    ...servicesOf(world)
      .filter((other) => dependsOn.includes(other.manifest.name) && rankOf(other) > rankOf(entry))
      .map(({ manifest }) => finding(`has ${manifest.name}, which may be left out: this one cannot be surer of it`)),
  ]
}

function sharedNames(world: World, entry: ServiceEntry): Finding[] {
  const { name, aliases } = entry.manifest
  const others = servicesOf(world).filter(({ manifest }) => manifest.name !== name)
  return aliases
    .filter((alias) => others.some(({ manifest }) => [manifest.name, ...manifest.aliases].includes(alias)))
    .map((alias) => ({
      file: manifestFile(entry.source),
      key: 'aliases',
      message: `has ${alias}, which another service is called too: remove it`,
    }))
}

function unmerged(world: World, { source, manifest }: ServiceEntry): Finding[] {
  return manifest.apply.flatMap(({ kustomize, mergeInto }) => {
    if (mergeInto === undefined) return []
    const build = world.builds.find(({ entry, part }) => entry.source === source && part === kustomize)
    const maps = (build?.objects ?? []).filter(({ object }) => object.kind === 'ConfigMap')
    const fits = maps.length === 1 && typeof maps[0]!.object.data?.[mergeInto.key] === 'string'
    const message = `of ${kustomize} finds no block: the folder must make one ConfigMap with the key ${mergeInto.key}`
    return fits ? [] : [{ file: manifestFile(source), key: 'mergeInto', message }]
  })
}

const perEntry = (world: World, look: (entry: Entry, file: string) => Finding[]): Finding[] =>
  world.entries.flatMap((entry) => look(entry, manifestFile(entry.source)))

export const manifestRules: Rule[] = [
  {
    name: 'manifest-format',
    about: 'manifest.yaml is strict YAML 1.2 and has the fields of its format, no others.',
    check: ({ unreadable }) => unreadable,
  },
  {
    name: 'name-is-folder',
    about: 'The name in the manifest is the name of the folder.',
    check: (world) =>
      perEntry(world, ({ source, manifest }, file) =>
        source.name === manifest.name
          ? []
          : [
              {
                file,
                key: 'name',
                message: `is "${manifest.name}" but the folder is "${source.name}": make them the same`,
              },
            ],
      ),
  },
  {
    name: 'version-is-shipped',
    about: 'The version is the tag of the main image, or that of the release an entry is made of.',
    check: (world) =>
      perEntry(world, (entry, file) => {
        const versions = versionsOf(world, entry)
        if (versions.length === 0 || versions.includes(entry.manifest.version)) return []
        const message = `${entry.manifest.version} is not what is installed: write ${[...new Set(versions)].join(' or ')}`
        return [{ file, key: 'version', message }]
      }),
  },
  {
    name: 'icon-is-bundled',
    about: 'An app brings its icon: an SVG drawing without scripts or links to elsewhere.',
    check: (world) =>
      appsOf(world).flatMap(({ source, manifest: { icon } }) => {
        const text = source.files.get(icon)
        const file = `${source.folder}/${icon}`
        if (text === undefined) return [{ file, key: '', message: 'is named as the icon but missing: add it' }]
        if (!/^<svg\b[^>]*\bviewBox=/.test(text.trim()))
          return [{ file, key: '', message: 'is no SVG with a viewBox: draw one' }]
        return /<script|<foreignObject|\bon\w+=|href=/i.test(text)
          ? [{ file, key: '', message: 'may hold shapes only: remove scripts and links' }]
          : []
      }),
  },
  {
    name: 'described-for-people',
    about: 'Every entry has a README.md and a description that is a sentence.',
    check: (world) =>
      perEntry(world, ({ source, manifest }, file) => [
        ...(source.files.get('README.md')?.startsWith('# ')
          ? []
          : [{ file: `${source.folder}/README.md`, key: '', message: 'is missing or has no title: begin with "# "' }]),
        ...(/^\S.{15,160}[.!]$/.test(manifest.description)
          ? []
          : [{ file, key: 'description', message: 'is not clear: write a sentence of 15 to 160 characters' }]),
      ]),
  },
  {
    name: 'dependencies-known',
    about: 'dependsOn names other entries of the same kind, without circles.',
    check: (world) =>
      perEntry(world, (entry, file) => {
        const known = world.entries.filter(({ kind }) => kind === entry.kind).map(({ manifest }) => manifest.name)
        const missing = entry.manifest.dependsOn.filter((name) => !known.includes(name))
        const found = circle(world.entries, entry)
        return [
          ...missing.map((name) => ({
            file,
            key: 'dependsOn',
            message: `has ${name}, which is not in the catalog: correct or add it`,
          })),
          ...(found === undefined
            ? []
            : [{ file, key: 'dependsOn', message: `goes in a circle, break it: ${found.join(' → ')}` }]),
        ]
      }),
  },
  {
    name: 'dependencies-fit',
    about:
      'What every cluster gets depends on nothing that may be left out, and an old name belongs to one service only.',
    check: (world) =>
      servicesOf(world).flatMap((entry) => [...leansOnLess(world, entry), ...sharedNames(world, entry)]),
  },
  {
    name: 'merges-fit',
    about: 'mergeInto goes with a folder that makes one ConfigMap, which has the block below the same key.',
    check: (world) => servicesOf(world).flatMap((entry) => unmerged(world, entry)),
  },
  {
    name: 'parts-exist',
    about: 'apply and uninstall name the folders of kustomize.template, each once, and releases that upstream lists.',
    check: (world) =>
      perEntry(world, (entry, file) => {
        if (entry.kind === 'app') return []
        const { apply, uninstall, upstream } = entry.manifest
        const paths = [...entry.source.files.keys()]
        const folders = new Set(paths.flatMap((path) => /^kustomize\.template\/([^/]+)\//.exec(path)?.[1] ?? []))
        const named = [...apply, ...(uninstall ? [uninstall] : [])].map(({ kustomize }) => kustomize)
        const released = upstream.map(({ name }) => name)
        const used = new Set(apply.flatMap((part) => part.upstream))
        const finding = (key: string, message: string) => ({ file, key, message })
        return [
          ...named
            .filter((name) => !folders.has(name))
            .map((name) => finding('apply', `names ${name}, but there is no such folder: add it`)),
          ...[...folders]
            .filter((name) => !named.includes(name))
            .map((name) => finding('apply', `leaves out the folder ${name}: apply it or remove it`)),
          ...named
            .filter((name, at) => named.indexOf(name) !== at)
            .map((name) => finding('apply', `has ${name} twice: apply it once`)),
          ...[...used]
            .filter((name) => !released.includes(name))
            .map((name) => finding('upstream', `lacks ${name}: add its name and url`)),
          ...released
            .filter((name) => !used.has(name))
            .map((name) => finding('upstream', `has ${name}, which no step uses: remove it`)),
        ]
      }),
  },
]
