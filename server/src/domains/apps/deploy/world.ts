import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { writeFileAtomic } from '../../../platform/atomic-file.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import type { AppManifest, Entry } from '../../catalog/index.ts'
import { builtOnce, compareRendered, parseManifests } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type AppConfigurer, createConfigurer, emptyDraft } from '../configure.ts'

/** One app being deployed into one instance: what its steps share. */
export interface AppWorld {
  deps: InstallDeps
  instance: string
  manifest: AppManifest
  configurer: AppConfigurer
  namespace: string
  folder: string
  kubectl(ctx: StepContext): Kubectl
  /** Its objects as a deploy would build them from today's settings; written to a temporary folder only. */
  objectsToBe(ctx: StepContext): Promise<KubeObject[]>
  /** Its objects, built from the files on disk once per step. */
  objects(ctx: StepContext): Promise<KubeObject[]>
}

/** Builds the world of one app. */
export function createAppWorld(deps: InstallDeps, instance: string, entry: Entry<AppManifest>): AppWorld {
  const places = deps.instances.paths(instance)
  const folder = places.app(entry.manifest.name)
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })
  const configurer = createConfigurer(deps, instance, entry)

  async function objectsToBe(ctx: StepContext): Promise<KubeObject[]> {
    const plan = await configurer.files(await configurer.draft(emptyDraft))
    const { kept, removed } = await compareRendered(plan)
    const draft = await mkdtemp(join(tmpdir(), 'wild-draft-'))
    try {
      await cp(folder, draft, { recursive: true, filter: (path) => !removed.includes(relative(folder, path)) }).catch(
        unlessAbsent,
      )
      for (const [path, text] of plan.files) if (!kept.includes(path)) await writeFileAtomic(join(draft, path), text)
      return parseManifests(await kubectl(ctx).kustomize(draft))
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  return {
    deps,
    instance,
    manifest: entry.manifest,
    configurer,
    objectsToBe,
    namespace: entry.manifest.name,
    folder,
    kubectl,
    objects: builtOnce((ctx) => kubectl(ctx).kustomize(folder)),
  }
}

/** An app that was not added yet has no folder to copy. */
function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
