import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { exists, readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import {
  addedService,
  draftContext,
  type Entry,
  type ServiceManifest,
  type SettingChange,
} from '../../catalog/index.ts'
import { builtOnce, compareRendered, filesBelow, type RenderPlan, renderFolder } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'
import { newSettings } from './settings.ts'

export type ApplyEntry = ServiceManifest['apply'][number]

/** One service being installed into one instance: what its steps share. */
export interface ServiceWorld {
  deps: InstallDeps
  instance: string
  entry: Entry<ServiceManifest>
  fetch: boolean
  /** Settings that were given. */
  given: SettingChange[]
  /** The manifest it was installed with, as far as that is known. */
  installed(): Promise<ServiceManifest | undefined>
  kubectl(ctx: StepContext): Kubectl
  /** Entries that count here: those for or without a secret. */
  entries(): Promise<ApplyEntry[]>
  /** Releases the counted entries need. */
  releases(): Promise<{ name: string; url: string }[]>
  /** Files as they should be once these settings are written, releases included; undefined while a release is not downloaded yet. Downloads nothing. */
  plan(settings?: SettingChange[]): Promise<RenderPlan | undefined>
  /** Objects of one entry as its settings make them, also before the files are written (a plan); built once per step. */
  objects(ctx: StepContext, apply: ApplyEntry): Promise<KubeObject[]>
  /** Objects of one entry as the files on disk say, built once per step. */
  objectsOnDisk(ctx: StepContext, apply: ApplyEntry): Promise<KubeObject[]>
  /** The instance's own copy of the templates, which later renders read. */
  templates(): Promise<RenderPlan>
}

/** Builds the world of one service. */
export function createServiceWorld(
  deps: InstallDeps,
  instance: string,
  entry: Entry<ServiceManifest>,
  fetch: boolean,
  options: { given?: SettingChange[]; force?: boolean } = {},
): ServiceWorld {
  const places = deps.instances.paths(instance)
  const { manifest } = entry
  const folder = places.service(manifest.name)
  const ownTemplates = join(folder, 'kustomize.template')
  const given = options.given ?? []
  const aside = options.force ? { putAside: join(places.state, 'edited', 'cluster-services', manifest.name) } : {}
  const noteOf = (part: string) => join(places.state, 'rendered', part, `${manifest.name}.json`)
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })

  const uninstall = manifest.uninstall ? [manifest.uninstall] : []

  async function entries(): Promise<ApplyEntry[]> {
    const counted: ApplyEntry[] = []
    for (const apply of manifest.apply) {
      const needs = apply.whenSecret && !(await deps.secrets.value(instance, apply.whenSecret))
      const excluded = apply.unlessSecret && (await deps.secrets.value(instance, apply.unlessSecret))
      if (!needs && !excluded) counted.push(apply)
    }
    return counted
  }

  async function releases(): Promise<{ name: string; url: string }[]> {
    const names = new Set((await entries()).flatMap(({ upstream }) => upstream))
    return [...names].map((name) => {
      const release = manifest.upstream.find((candidate) => candidate.name === name)
      if (release) return release
      throw new WildError(
        'CONFIG_INVALID',
        `${manifest.name} applies the release ${name}, which it does not declare.`,
        {
          file: join(entry.folder, 'manifest.yaml'),
        },
      )
    })
  }

  async function plan(settings: SettingChange[] = []): Promise<RenderPlan | undefined> {
    const texts = new Map<string, string>()
    for (const { name, url } of await releases()) {
      const copy = await deps.downloads.cached(url)
      if (!copy) return undefined
      texts.set(name, await readFile(copy.path, 'utf8'))
    }
    const counted = [...(await entries()), ...uninstall]
    const rendered = await renderFolder(
      (await exists(ownTemplates)) ? ownTemplates : join(entry.folder, 'kustomize.template'),
      draftContext(await deps.config.text(instance), settings),
      (path) => !counted.some(({ kustomize }) => path.startsWith(`${kustomize}/`)),
      join(manifest.name, 'kustomize.template'),
    )
    const files = new Map([...rendered].map(([path, text]) => [join('kustomize', path), text]))
    for (const { kustomize, upstream } of counted)
      for (const name of upstream) files.set(join('kustomize', kustomize, 'upstream', `${name}.yaml`), texts.get(name)!)
    const manifestText = await readFileIfThere(join(entry.folder, 'manifest.yaml'))
    if (manifestText !== undefined) files.set('manifest.yaml', manifestText)
    return { folder, note: noteOf('services'), files, ...aside }
  }

  async function templates(): Promise<RenderPlan> {
    const source = join(entry.folder, 'kustomize.template')
    const files = new Map<string, string>()
    for (const path of await filesBelow(source)) files.set(path, await readFile(join(source, path), 'utf8'))
    return { folder: ownTemplates, note: noteOf('templates'), files, ...aside }
  }

  const folderOf = (apply: ApplyEntry) => join('kustomize', apply.kustomize)
  const builtFromFiles = (ctx: StepContext, apply: ApplyEntry) => kubectl(ctx).kustomize(join(folder, folderOf(apply)))

  /** The manifests as the files will be once they are written; built in a temporary folder. */
  async function draftText(ctx: StepContext, apply: ApplyEntry): Promise<string> {
    const wanted = await plan(await newSettings({ deps, instance, entry, given }))
    const changes = wanted && (await compareRendered(wanted))
    if (!changes || changes.texts.size + changes.removed.length === 0) return builtFromFiles(ctx, apply)
    const draft = await mkdtemp(join(tmpdir(), 'wild-draft-'))
    try {
      const stays = (path: string) => !changes.removed.includes(relative(folder, path))
      if (await exists(folder)) await cp(folder, draft, { recursive: true, filter: stays })
      for (const [path, text] of changes.texts) await writeFileAtomic(join(draft, path), text)
      return await kubectl(ctx).kustomize(join(draft, folderOf(apply)))
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  /** A way to build entries, each once per step. */
  function builder(build: (ctx: StepContext, apply: ApplyEntry) => Promise<string>) {
    const builds = new Map(
      [...manifest.apply, ...uninstall].map((apply) => [apply.kustomize, builtOnce((ctx) => build(ctx, apply))]),
    )
    return (ctx: StepContext, { kustomize }: ApplyEntry) => builds.get(kustomize)!(ctx)
  }

  return {
    deps,
    instance,
    entry,
    fetch,
    given,
    installed: () => addedService(folder, manifest.name),
    kubectl,
    entries,
    releases,
    plan,
    templates,
    objects: builder(draftText),
    objectsOnDisk: builder(builtFromFiles),
  }
}
