import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { draftContext, type Entry, type ServiceManifest, type SettingChange } from '../../catalog/index.ts'
import { builtOnce, filesBelow, type RenderPlan, renderFolder } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'

export type ApplyEntry = ServiceManifest['apply'][number]

/** One service being installed into one instance: what its steps share. */
export interface ServiceWorld {
  deps: InstallDeps
  instance: string
  entry: Entry<ServiceManifest>
  fetch: boolean
  kubectl(ctx: StepContext): Kubectl
  /** Entries that count here: those for or without a secret. */
  entries(): Promise<ApplyEntry[]>
  /** Releases the counted entries need. */
  releases(): Promise<{ name: string; url: string }[]>
  /** Files as they should be once these settings are written, releases included; undefined while a release is not downloaded yet. Downloads nothing. */
  plan(settings?: SettingChange[]): Promise<RenderPlan | undefined>
  /** Objects of one entry, built from the files on disk once per step. */
  objects(ctx: StepContext, apply: ApplyEntry): Promise<KubeObject[]>
  /** The instance's own copy of the templates, which later renders read. */
  templates(): Promise<RenderPlan>
}

/** Builds the world of one service. */
export function createServiceWorld(
  deps: InstallDeps,
  instance: string,
  entry: Entry<ServiceManifest>,
  fetch: boolean,
): ServiceWorld {
  const places = deps.instances.paths(instance)
  const { manifest } = entry
  const folder = places.service(manifest.name)
  const ownTemplates = join(folder, 'kustomize.template')
  const noteOf = (part: string) => join(places.state, 'rendered', part, `${manifest.name}.json`)
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })

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
    const own = await exists(ownTemplates)
    const counted = await entries()
    const rendered = await renderFolder(
      own ? ownTemplates : join(entry.folder, 'kustomize.template'),
      draftContext(await deps.config.text(instance), settings),
      (path) => !counted.some(({ kustomize }) => path.startsWith(`${kustomize}/`)),
      join(manifest.name, 'kustomize.template'),
    )
    const files = new Map([...rendered].map(([path, text]) => [join('kustomize', path), text]))
    for (const { kustomize, upstream } of counted)
      for (const name of upstream) files.set(join('kustomize', kustomize, 'upstream', `${name}.yaml`), texts.get(name)!)
    return { folder, note: noteOf('services'), files }
  }

  async function templates(): Promise<RenderPlan> {
    const source = join(entry.folder, 'kustomize.template')
    const files = new Map<string, string>()
    for (const path of await filesBelow(source)) files.set(path, await readFile(join(source, path), 'utf8'))
    return { folder: ownTemplates, note: noteOf('templates'), files }
  }

  const builds = new Map<string, (ctx: StepContext) => Promise<KubeObject[]>>(
    manifest.apply.map(({ kustomize }) => [
      kustomize,
      builtOnce((ctx) => kubectl(ctx).kustomize(join(folder, 'kustomize', kustomize))),
    ]),
  )

  return {
    deps,
    instance,
    entry,
    fetch,
    kubectl,
    entries,
    releases,
    plan,
    templates,
    objects: (ctx, { kustomize }) => builds.get(kustomize)!(ctx),
  }
}
