import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { exists, readFileIfThere } from '../../../platform/atomic-file.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import type { Entry, ServiceManifest } from '../../catalog/index.ts'
import { parseManifests, type RenderPlan, renderFolder } from '../../objects/index.ts'
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
  /** Files as they should be, releases included. */
  plan(): Promise<RenderPlan>
  /** Objects of one entry, built from the files on disk. */
  objects(ctx: StepContext, apply: ApplyEntry): Promise<KubeObject[]>
  /** Copies the templates into the instance, where later renders read them. */
  fetchTemplates(): Promise<void>
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

  async function plan(): Promise<RenderPlan> {
    const source = (await exists(ownTemplates)) ? ownTemplates : join(entry.folder, 'kustomize.template')
    const context = await deps.config.context(instance)
    const counted = await entries()
    const rendered = await renderFolder(
      source,
      context,
      (path) => !counted.some(({ kustomize }) => path.startsWith(`${kustomize}/`)),
    )
    const files = new Map([...rendered].map(([path, text]) => [join('kustomize', path), text]))
    for (const apply of counted)
      for (const name of apply.upstream) {
        const { url } = manifest.upstream.find((release) => release.name === name)!
        const { path } = await deps.downloads.fetch(url)
        files.set(join('kustomize', apply.kustomize, 'upstream', `${name}.yaml`), (await readFileIfThere(path))!)
      }
    return { folder, note: join(places.state, 'rendered', 'services', `${manifest.name}.json`), files }
  }

  return {
    deps,
    instance,
    entry,
    fetch,
    kubectl,
    entries,
    plan,
    objects: async (ctx, apply) =>
      parseManifests(await kubectl(ctx).kustomize(join(folder, 'kustomize', apply.kustomize))),
    fetchTemplates: () => cp(join(entry.folder, 'kustomize.template'), ownTemplates, { recursive: true, force: false }),
  }
}
