import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { writeFileAtomic } from '../../../platform/atomic-file.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { type AppManifest, addedApp, type Entry } from '../../catalog/index.ts'
import { builtOnce, compareRendered } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type AppConfigurer, type ConfigureOptions, createConfigurer, emptyDraft } from '../configure.ts'

/** One app being deployed into one instance: what its steps share. */
export interface AppWorld {
  deps: InstallDeps
  instance: string
  manifest: AppManifest
  configurer: AppConfigurer
  namespace: string
  folder: string
  kubectl(ctx: StepContext): Kubectl
  /** The version in the catalog, when the app stays at the one it was added with. */
  stays?: string
  /** The version it was added with, when it is taken to another one. */
  comesFrom?: AppManifest
  /** Its objects as its settings make them, also before the files are written (a plan); built once per step. */
  objects(ctx: StepContext): Promise<KubeObject[]>
  /** Its objects as the files on disk say, built once per step. */
  objectsOnDisk(ctx: StepContext): Promise<KubeObject[]>
}

/**
 * The world of an app as it was added: another version in the catalog is left to an update. `update` takes it there, with
 * these settings; with `force` over edits by hand, which are put aside.
 */
export async function appWorld(
  deps: InstallDeps,
  instance: string,
  entry: Entry<AppManifest>,
  update?: { given?: Record<string, unknown>; force?: boolean },
): Promise<AppWorld> {
  const places = deps.instances.paths(instance)
  const { name, version } = entry.manifest
  const added = await addedApp(places.app(name), name)
  const other = added && added.version !== version ? added : undefined
  if (!update)
    return other
      ? staying(createAppWorld(deps, instance, { ...entry, manifest: other }), version)
      : createAppWorld(deps, instance, entry)
  const putAside = update.force ? join(places.state, 'edited', 'apps', name) : undefined
  const options = { given: update.given, from: added, putAside }
  return { ...createAppWorld(deps, instance, entry, options), comesFrom: other }
}

/** Its files are those of another version than the catalog's: they are not rendered, and count as they are. */
function staying(w: AppWorld, version: string): AppWorld {
  return { ...w, objects: w.objectsOnDisk, stays: version }
}

/** Builds the world of one app. */
export function createAppWorld(
  deps: InstallDeps,
  instance: string,
  entry: Entry<AppManifest>,
  options: ConfigureOptions = {},
): AppWorld {
  const places = deps.instances.paths(instance)
  const folder = places.app(entry.manifest.name)
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })
  const configurer = createConfigurer(deps, instance, entry, options)

  /** The manifests as the files will be once they are written; built in a temporary folder. */
  async function draftText(ctx: StepContext): Promise<string> {
    const plan = await configurer.files(await configurer.draft(emptyDraft))
    const { texts, removed } = await compareRendered(plan)
    const draft = await mkdtemp(join(tmpdir(), 'wild-draft-'))
    try {
      await cp(folder, draft, { recursive: true, filter: (path) => !removed.includes(relative(folder, path)) }).catch(
        unlessAbsent,
      )
      for (const [path, text] of texts) await writeFileAtomic(join(draft, path), text)
      return await kubectl(ctx).kustomize(draft)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  const builtFromFiles = (ctx: StepContext) => kubectl(ctx).kustomize(folder)

  return {
    deps,
    instance,
    manifest: entry.manifest,
    configurer,
    namespace: entry.manifest.name,
    folder,
    kubectl,
    objects: builtOnce(async (ctx) => ((await configurer.pending()).nothing ? builtFromFiles(ctx) : draftText(ctx))),
    objectsOnDisk: builtOnce(builtFromFiles),
  }
}

/** An app that was not added yet has no folder to copy. */
function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
