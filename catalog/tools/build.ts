import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { buildObjects } from '../../lab/src/kubectl/kustomize/index.ts'
import type { ConfigField } from '../../server/src/domains/catalog/model.ts'
import { contextFrom, render } from '../../server/src/templates/index.ts'
import { dependenciesOf, type Entry, manifestFile } from './entries.ts'
import type { KubeObject } from './kube-object.ts'
import type { Finding } from './problem.ts'
import type { Scenario } from './scenarios.ts'

/** A Kubernetes object and where it came from. */
export interface BuiltObject {
  object: KubeObject
  /** The template it is written in, below the catalog; the manifest for objects of a release. */
  file: string
  /** Part of a downloaded release, not written by us. */
  upstream: boolean
}

/** One kustomize folder of an entry, built for one scenario. */
export interface Build {
  entry: Entry
  /** The folder of a service; empty for apps. */
  part: string
  scenario: Scenario
  /** Rendered text by path below the catalog. */
  rendered: Map<string, string>
  /** What kustomize is given: rendered templates and downloaded releases by path inside its folder. */
  files: Map<string, string>
  objects: BuiltObject[]
  /** Why there are no objects. */
  failure?: Finding & { stage: 'render' | 'build' }
}

type Tree = Record<string, unknown>

/** The value at a dotted path. */
export function valueAt(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], tree)
}

function setAt(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let at = tree
  for (const key of keys) {
    at[key] ??= {}
    at = at[key] as Tree
  }
  at[last] ??= value
}

/** What a person might answer where there is no default. */
function answerTo({ type, choices }: ConfigField): unknown {
  const answers: Partial<Record<ConfigField['type'], unknown>> = {
    hostname: 'server.example.com',
    integer: 1,
    boolean: true,
    quantity: '1Gi',
    email: 'person@example.com',
    timezone: 'Europe/Berlin',
  }
  return choices?.[0] ?? answers[type] ?? '/srv/answer'
}

function fillDefaults(config: Tree, prefix: string, fields: Record<string, ConfigField>, file: string): void {
  for (const [path, field] of Object.entries(fields)) {
    const value =
      typeof field.default === 'string'
        ? render(field.default, contextFrom(config), { name: `${file}: config.${path}.default` })
        : (field.default ?? answerTo(field))
    if (value !== undefined) setAt(config, prefix + path, value)
  }
}

/** config.yaml of a scenario in which only this entry and what it depends on are installed, all by their defaults. */
export function configFor(entries: readonly Entry[], entry: Entry, scenario: Scenario): Tree {
  const config = structuredClone(scenario.config)
  const same = entries.filter(({ kind }) => kind === entry.kind)
  for (const one of [...dependenciesOf(same, entry), entry]) {
    const prefix = one.kind === 'app' ? `apps.${one.manifest.name}.` : ''
    fillDefaults(config, prefix, one.manifest.config, manifestFile(one.source))
  }
  return config
}

interface Part {
  name: string
  /** Folder of its templates below the entry's. */
  folder: string
  upstream: string[]
}

/** Whether a file of an entry is rendered: everything but the manifest, the page for people and the icon. */
export function isTemplate({ kind, manifest }: Entry, path: string): boolean {
  if (kind === 'service') return path.startsWith('kustomize.template/')
  return !['manifest.yaml', 'README.md', manifest.icon].includes(path)
}

function partsOf(entry: Entry): Part[] {
  if (entry.kind === 'app') return [{ name: '', folder: '', upstream: [] }]
  const { apply, uninstall } = entry.manifest
  return [...apply, ...(uninstall ? [uninstall] : [])].map(({ kustomize, upstream }) => ({
    name: kustomize,
    folder: `kustomize.template/${kustomize}/`,
    upstream,
  }))
}

async function readUpstream(entry: Entry, part: Part, mirror: string): Promise<Map<string, string>> {
  const releases = entry.kind === 'service' ? entry.manifest.upstream : []
  const texts = new Map<string, string>()
  for (const name of part.upstream) {
    const url = releases.find((release) => release.name === name)?.url
    if (url === undefined) continue
    const place = url.slice('https://'.length)
    const text = await readFile(join(mirror, place), 'utf8').catch(() => undefined)
    if (text === undefined) throw new Error(`${name} has no equivalent in the lab: add lab/mirror/${place}`)
    texts.set(`upstream/${name}.yaml`, text)
  }
  return texts
}

const idOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`

function idsIn(text: string): string[] {
  const objects = parseAllDocuments(text, { logLevel: 'silent' }).map((document) => document.toJS())
  return objects.flatMap((object) => (object?.kind && object?.metadata?.name ? [idOf(object)] : []))
}

async function kustomize(files: Map<string, string>): Promise<KubeObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'catalog-'))
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return (await buildObjects(folder)) as KubeObject[]
  } catch (error) {
    throw new Error((error as Error).message.replaceAll(`${folder}/`, '').replaceAll(folder, '.'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function renderPart(entry: Entry, part: Part, config: Tree): Map<string, string> {
  const templates = [...entry.source.files].filter(([path]) => path.startsWith(part.folder) && isTemplate(entry, path))
  const context = contextFrom(config)
  return new Map(
    templates.map(([path, text]) => [
      path.slice(part.folder.length),
      render(text, context, { name: `${entry.source.folder}/${path}` }),
    ]),
  )
}

async function buildPart(entry: Entry, part: Part, config: Tree, scenario: Scenario, mirror: string): Promise<Build> {
  const base = `${entry.source.folder}/${part.folder}`
  const build: Build = { entry, part: part.name, scenario, rendered: new Map(), files: new Map(), objects: [] }
  try {
    const own = renderPart(entry, part, config)
    build.rendered = new Map([...own].map(([path, text]) => [base + path, text]))
    const upstream = await readUpstream(entry, part, mirror).catch((error: Error) => error)
    if (upstream instanceof Error) {
      const { message } = upstream
      return { ...build, failure: { stage: 'build', file: manifestFile(entry.source), key: 'upstream', message } }
    }
    const released = new Set([...upstream.values()].flatMap(idsIn))
    const home = new Map([...own].flatMap(([path, text]) => idsIn(text).map((id) => [id, base + path] as const)))
    build.files = new Map([...own, ...upstream])
    const objects = await kustomize(build.files).catch((error: Error) => error)
    if (objects instanceof Error) {
      const failure = { file: `${base}kustomization.yaml`, key: '', message: `does not build: ${objects.message}` }
      return { ...build, failure: { ...failure, stage: 'build' } }
    }
    build.objects = objects.map((object) => ({
      object,
      file: home.get(idOf(object)) ?? manifestFile(entry.source),
      upstream: released.has(idOf(object)),
    }))
    return build
  } catch (error) {
    const file = (error as { file?: string }).file ?? manifestFile(entry.source)
    const message = `cannot be rendered for the ${scenario.name} instance: ${(error as Error).message}`
    return { ...build, failure: { stage: 'render', file, key: '', message } }
  }
}

/**
 * Renders and builds every kustomize folder of an entry for one scenario.
 * @param mirror folder with releases at HOST/PATH
 */
export async function buildEntry(
  entries: readonly Entry[],
  entry: Entry,
  scenario: Scenario,
  mirror: string,
): Promise<Build[]> {
  let config: Tree
  try {
    config = configFor(entries, entry, scenario)
  } catch (error) {
    const message = `a default cannot be rendered for the ${scenario.name} instance: ${(error as Error).message}`
    const failure = { stage: 'render' as const, file: manifestFile(entry.source), key: 'config', message }
    return [{ entry, part: '', scenario, rendered: new Map(), files: new Map(), objects: [], failure }]
  }
  return Promise.all(partsOf(entry).map((part) => buildPart(entry, part, config, scenario, mirror)))
}
