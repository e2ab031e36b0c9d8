import { join } from 'node:path'
import type { OperationDefinition } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notThere, WildError } from '../../../platform/errors.ts'
import { createKubectl } from '../../../tools/kubectl.ts'
import { setAsideStep } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type DeleteInput, deleteInput } from '../model.ts'
import { deleteData, keepData, removeObjects, stopApp, tellDatabases } from './steps.ts'
import { createDeleteWorld } from './world.ts'

/** Added apps that need this one. */
async function dependents(deps: InstallDeps, instance: string, app: string): Promise<string[]> {
  const users = (await deps.catalog.apps()).filter(({ manifest }) => manifest.dependsOn.includes(app))
  const places = deps.instances.paths(instance)
  const there = await Promise.all(users.map(({ manifest }) => exists(join(places.app(manifest.name), 'manifest.yaml'))))
  return users.filter((_user, index) => there[index]).map(({ manifest }) => manifest.name)
}

/** Is there something of it to delete: its files, or the namespace that keeps its data? */
async function isThere(deps: InstallDeps, { instance, app, deleteData: data }: DeleteInput): Promise<boolean> {
  const places = deps.instances.paths(instance)
  if (await exists(places.app(app))) return true
  if (!data || !(await exists(places.kubeconfig))) return false
  const kubectl = createKubectl(deps.reads, { kubeconfig: places.kubeconfig, home: places.home })
  return (await kubectl.get('namespace', { name: app })).length > 0
}

/** `app.delete`: what runs goes; volumes, secrets and settings stay unless their deletion is asked for. */
export function deleteApp(deps: InstallDeps): OperationDefinition<DeleteInput> {
  return {
    type: 'app.delete',
    title: ({ app, instance, deleteData: data }) => `Delete ${app}${data ? ' and its data' : ''} in ${instance}`,
    input: deleteInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: ({ instance, app }) => [`instances/${instance}/apps/${app}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse(input) {
      const { instance, app, force } = input
      await deps.instances.require(instance)
      await deps.catalog.app(app)
      if (!(await isThere(deps, input))) throw notThere('app', app, 'added', 'wild-cli app list')
      const users = force ? [] : await dependents(deps, instance, app)
      if (users.length)
        throw new WildError(
          'CONFLICT',
          `${app} is needed by ${users.join(', ')}. Delete ${users.length === 1 ? 'that' : 'those'} first, or use force to delete it all the same.`,
          { field: 'app', name: app, dependents: users, hint: `wild-cli app delete ${users[0]}` },
        )
    },
    async steps({ instance, app, deleteData: data }) {
      const w = createDeleteWorld(deps, instance, await deps.catalog.app(app))
      return [
        stopApp(w),
        removeObjects(w),
        ...(data ? deleteData(w) : [keepData(w)]),
        tellDatabases(w),
        setAsideStep({
          of: w.title,
          places: deps.instances.paths(instance),
          folder: w.folder,
          notes: [w.note],
          afterwards: () => deps.instances.changed(instance, 'apps'),
        }),
      ]
    },
  }
}
