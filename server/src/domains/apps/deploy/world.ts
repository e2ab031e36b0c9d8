import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import type { AppManifest, Entry } from '../../catalog/index.ts'
import { parseManifests } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type AppConfigurer, createConfigurer } from '../configure.ts'

/** One app being deployed into one instance: what its steps share. */
export interface AppWorld {
  deps: InstallDeps
  instance: string
  manifest: AppManifest
  configurer: AppConfigurer
  namespace: string
  folder: string
  kubectl(ctx: StepContext): Kubectl
  /** Its objects, built from the files on disk. */
  objects(ctx: StepContext): Promise<KubeObject[]>
}

/** Builds the world of one app. */
export function createAppWorld(deps: InstallDeps, instance: string, entry: Entry<AppManifest>): AppWorld {
  const places = deps.instances.paths(instance)
  const folder = places.app(entry.manifest.name)
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, { kubeconfig: places.kubeconfig, home: places.home })
  return {
    deps,
    instance,
    manifest: entry.manifest,
    configurer: createConfigurer(deps, instance, entry),
    namespace: entry.manifest.name,
    folder,
    kubectl,
    objects: async (ctx) => parseManifests(await kubectl(ctx).kustomize(join(folder))),
  }
}
