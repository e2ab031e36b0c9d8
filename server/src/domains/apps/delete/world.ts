import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { render } from '../../../templates/index.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import type { AppManifest, Entry } from '../../catalog/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type AppWorld, createAppWorld } from '../deploy/world.ts'

/** One app that is being deleted: what its steps share. */
export interface DeleteWorld extends Pick<AppWorld, 'deps' | 'instance' | 'namespace' | 'folder' | 'kubectl'> {
  app: string
  title: string
  /** Its objects as the files on disk say. */
  objects(ctx: StepContext): Promise<KubeObject[]>
  note: string
  /** Paths of secrets that are this app's alone. */
  ownSecrets: string[]
  bootstrapped(): Promise<boolean>
  /** "ghost in mysql": databases that it has in other apps. */
  databases(): Promise<string[]>
}

/** Builds the world of a deletion. */
export function createDeleteWorld(deps: InstallDeps, instance: string, entry: Entry<AppManifest>): DeleteWorld {
  const { manifest } = entry
  const places = deps.instances.paths(instance)
  const { namespace, folder, kubectl, objectsOnDisk } = createAppWorld(deps, instance, entry)
  return {
    deps,
    instance,
    app: manifest.name,
    title: manifest.title,
    namespace,
    folder,
    kubectl,
    objects: objectsOnDisk,
    note: join(places.state, 'rendered', 'apps', `${manifest.name}.json`),
    ownSecrets: manifest.secrets.map(({ path }) => path).filter((path) => path.startsWith(`apps.${manifest.name}.`)),
    bootstrapped: () => exists(places.kubeconfig),
    async databases() {
      const context = await deps.config.context(instance)
      const named = (text: string) => {
        try {
          return render(text, context, { name: 'database' })
        } catch {
          // Settings that are gone do not keep an app from being deleted.
          return manifest.name
        }
      }
      return (manifest.backup?.databases ?? [])
        .filter(({ app }) => app !== manifest.name)
        .map(({ name, app }) => `${named(name)} in ${app}`)
    },
  }
}
