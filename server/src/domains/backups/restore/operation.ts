import type { OperationDefinition, Step, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { deployItems, deployLocks } from '../../apps/index.ts'
import { addedApp } from '../../catalog/index.ts'
import type { AppBackupDeps } from '../app/deps.ts'
import { requireDeployable } from '../app/operation.ts'
import { createAppDataWorld } from '../app/world.ts'
import { type AppRestoreInput, appRestoreInput, type BackupManifest, newMark } from '../model.ts'
import type { Vault } from '../vault/vault.ts'
import { restoreAside } from './aside.ts'
import { restoreBeside } from './beside.ts'
import { putFilesBack } from './put-files-back.ts'
import { changeOver, removeReplaced } from './swap.ts'
import { type RestoreWorld, reached } from './world.ts'

/** The backup that is meant. Throws NOT_FOUND, saying how to make one. */
export async function findAppBackup(
  vault: Vault,
  run: RunTool,
  { instance, app, backup }: { instance: string; app: string; backup?: string },
): Promise<BackupManifest> {
  const all = (await vault.list(run)).flatMap(({ manifest }) => (manifest ? [manifest] : []))
  const own = all.filter((one) => one.kind === 'app' && one.app === app)
  const found = backup === undefined ? own[0] : own.find(({ id }) => id === backup)
  if (found) return found
  if (backup !== undefined) throw notFound(`backup of ${app}`, backup, `wild-cli app backups ${app}`)
  throw new WildError('NOT_FOUND', `There is no backup of ${app} in ${vault.place}.`, {
    name: app,
    hint: `wild-cli app backup ${app} --instance ${instance}`,
  })
}

/** `app.restore`: the data of an app becomes that of a backup, without ever being deleted first. */
export function restoreApp(deps: AppBackupDeps): OperationDefinition<AppRestoreInput> {
  async function chosen(input: AppRestoreInput): Promise<BackupManifest> {
    return findAppBackup(await deps.targets.ofInstance(input.instance), deps.reads, input)
  }

  async function refuse(input: AppRestoreInput): Promise<void> {
    const { instance, app, only, beside, otherVersion } = input
    await requireDeployable(deps, instance, app)
    const backup = await chosen(input)
    const there = await addedApp(deps.instances.paths(instance).app(app), app)
    // What is there counts, whatever the catalog has by now; an app that is gone comes from the catalog.
    const runs = (there ?? (await deps.catalog.app(app)).manifest).version
    if (!otherVersion && beside === undefined && backup.appVersion !== runs)
      throw new WildError(
        'CONFLICT',
        `The backup was made with ${app} ${backup.appVersion}, and ${there ? `${runs} is here` : `the catalog has ${runs}`}. The app may not understand the data of another version. Restore beside first, or say that this is wanted.`,
        {
          field: 'other_version',
          backup: backup.appVersion,
          here: runs,
          hint: `wild-cli app restore ${app} --other-version`,
        },
      )
    if (only === 'all' && beside === undefined) return
    if (beside === app)
      throw new WildError(
        'INVALID_INPUT',
        `beside: choose another name than ${app}, which is where the app itself is.`,
        {
          field: 'beside',
        },
      )
    if (beside === undefined && !(await exists(`${deps.instances.paths(instance).app(app)}/manifest.yaml`)))
      throw new WildError('CONFLICT', `${app} is not there any more, so only all of the backup can be restored.`, {
        field: 'only',
        hint: `wild-cli app restore ${app}`,
      })
  }

  return {
    type: 'app.restore',
    title: ({ app, instance, beside }) =>
      beside ? `Restore the data of ${app} beside it, as ${beside}, in ${instance}` : `Restore ${app} of ${instance}`,
    input: appRestoreInput as never,
    async complete(input) {
      await requireDeployable(deps, input.instance, input.app)
      return { ...input, backup: (await chosen(input)).id, mark: input.mark ?? newMark() }
    },
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: async ({ instance, app, beside }) =>
      beside ? [`instances/${instance}/apps/${beside}`] : deployLocks(deps, instance, app),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    refuse,
    async steps(input) {
      const { instance, app, only, mark, beside } = input
      const data = createAppDataWorld(deps, instance, await deps.catalog.app(app))
      const backup = await chosen(input)
      const parts = (kind: 'database' | 'volume') => backup.parts.filter((part) => part.kind === kind)
      const w: RestoreWorld = {
        ...data,
        vault: await deps.targets.ofInstance(instance),
        backup,
        only,
        mark: mark!,
        databaseParts: only === 'volumes' ? [] : parts('database'),
        volumeParts: only === 'database' ? [] : parts('volume'),
      }
      if (beside !== undefined) return restoreBeside(w, beside)
      const changing = [restoreAside(w), changeOver(w), removeReplaced(w)]
      if (only !== 'all') return changing
      return [putFilesBack(w), ...(await deployFirst(w)), ...changing]
    },
  }

  /** The app as the backup's settings say, unless this very restore was further than that already. */
  async function deployFirst(w: RestoreWorld): Promise<StepItem[]> {
    const further = (step: Step): Step => ({
      ...step,
      done: async (ctx) => (await reached(w, ctx, 'aside')) || ((await step.done?.(ctx)) ?? false),
      needs: async (ctx) => {
        if (!(await reached(w, ctx, 'aside'))) await step.needs?.(ctx)
      },
    })
    const mapped = (item: StepItem): StepItem =>
      'steps' in item ? { ...item, steps: item.steps.map(mapped) } : further(item)
    const steps = await deployItems(deps, { instance: w.instance, app: w.manifest.name })
    return [{ name: 'deploy', title: `Deploying ${w.manifest.title}`, weight: 4, steps: steps.map(mapped) }]
  }
}
