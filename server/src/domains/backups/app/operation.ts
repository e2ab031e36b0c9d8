import type { OperationDefinition, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { addedApp } from '../../catalog/index.ts'
import { finishBackup, openTarget } from '../finish.ts'
import { type AppBackupInput, appBackupInput, newBackupId } from '../model.ts'
import { copyData } from './copy-data.ts'
import { copyFiles } from './copy-files.ts'
import type { AppBackupDeps } from './deps.ts'
import { createAppDataWorld } from './world.ts'

/** The steps of a backup of one app, also as part of another operation (an update). */
export async function appBackupSteps(
  deps: AppBackupDeps,
  { instance, app, backup, reason }: Required<AppBackupInput>,
): Promise<StepItem[]> {
  const entry = await deps.catalog.app(app)
  // What runs is what was added, whatever the catalog has by now.
  const manifest = (await addedApp(deps.instances.paths(instance).app(app), app)) ?? entry.manifest
  const w = createAppDataWorld(deps, instance, { ...entry, manifest })
  const making = { id: backup, vault: await deps.targets.ofInstance(instance), notes: deps.notes }
  const about = {
    kind: 'app' as const,
    instance,
    app,
    appVersion: w.manifest.version,
    reason,
    quiet: w.manifest.backup?.quiesce === true,
  }
  return [openTarget(making), copyData(w, making), copyFiles(w, making), finishBackup(making, about, deps.changed)]
}

/** Throws unless an app was added and its instance has a cluster. */
export async function requireDeployable(deps: AppBackupDeps, instance: string, app: string): Promise<void> {
  await deps.instances.require(instance)
  await deps.catalog.app(app)
  const places = deps.instances.paths(instance)
  if (!(await exists(places.kubeconfig)))
    throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
      hint: 'wild-cli cluster bootstrap',
    })
}

/** `app.backup`: data, settings, secrets and files of an app. */
export function backupApp(deps: AppBackupDeps): OperationDefinition<AppBackupInput> {
  return {
    type: 'app.backup',
    title: ({ app, instance }) => `Back up ${app} of ${instance}`,
    input: appBackupInput as never,
    complete: async (input) => ({
      ...input,
      backup: input.backup ?? newBackupId('app', [input.instance, input.app], deps.clock.now()),
    }),
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: ({ instance, app }) => [`instances/${instance}/apps/${app}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse({ instance, app }) {
      await requireDeployable(deps, instance, app)
      if (!(await exists(`${deps.instances.paths(instance).app(app)}/manifest.yaml`)))
        throw new WildError('NOT_FOUND', `${app} has not been added to ${instance}.`, {
          name: app,
          hint: `wild-cli app add ${app}`,
        })
      await deps.targets.ofInstance(instance)
    },
    steps: (input) => appBackupSteps(deps, input as Required<AppBackupInput>),
  }
}
