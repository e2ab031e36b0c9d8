import { z } from 'zod'
import type { OperationDefinition, StepGroup, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { appBackupSteps } from '../app/operation.ts'
import { backupReasons, newBackupId } from '../model.ts'
import { runParts } from '../settings.ts'
import { clusterSteps } from './cluster.ts'
import { deviceSteps } from './device.ts'
import { homeSteps } from './home.ts'

export const runInput = z.strictObject({
  /** Absent: only the device. */
  instance: instanceName.optional(),
  only: z.array(z.enum(runParts)).min(1, 'Name at least one part.').default(['home', 'apps', 'cluster']),
  reason: z.enum(backupReasons).default('manual'),
  /** Time and mark of all backups of this run. Filled in when it starts, so that running it again goes on with them. */
  stamp: z
    .string()
    .regex(/^\d{8}t\d{6}z-[a-z0-9]{4}$/)
    .optional(),
})
export type RunInput = z.output<typeof runInput>

/** Apps with a folder in an instance. */
export async function addedApps(deps: BackupsWorld, instance: string): Promise<string[]> {
  const names: string[] = []
  for (const { manifest } of await deps.catalog.apps())
    if (await exists(`${deps.instances.paths(instance).app(manifest.name)}/manifest.yaml`)) names.push(manifest.name)
  return names
}

/** `backup.run`: settings and keys, all apps and the cluster of an instance, or the device; each a backup of its own. */
export function runBackups(deps: BackupsWorld): OperationDefinition<RunInput> {
  async function hasCluster(instance: string): Promise<boolean> {
    return exists(deps.instances.paths(instance).kubeconfig)
  }

  async function apps(instance: string, stamp: string, reason: RunInput['reason']): Promise<StepGroup[]> {
    if (!(await hasCluster(instance))) return []
    const groups: StepGroup[] = []
    for (const app of await addedApps(deps, instance))
      groups.push({
        name: app,
        title: `Backing up ${app}`,
        weight: 4,
        // One app that does not stand still must not keep the others from being backed up; it is told as a warning.
        optional: true,
        steps: await appBackupSteps(deps, { instance, app, backup: `app-${instance}-${app}-${stamp}`, reason }),
      })
    return groups
  }

  return {
    type: 'backup.run',
    title: ({ instance, only }) => `Back up ${only.join(', ')}${instance === undefined ? '' : ` of ${instance}`}`,
    input: runInput as never,
    complete: async (input) => ({
      ...input,
      stamp: input.stamp ?? newBackupId('home', ['x'], deps.clock.now()).slice('home-x-'.length),
    }),
    instance: ({ instance }) => instance,
    locks: async ({ instance, only }) => [
      `backups/run/${instance ?? 'device'}`,
      ...(instance !== undefined && only.includes('apps')
        ? (await addedApps(deps, instance)).map((app) => `instances/${instance}/apps/${app}`)
        : []),
    ],
    secrets: async ({ instance }) => (instance === undefined ? [] : deps.secrets.allValues(instance)),
    async refuse({ instance, only }) {
      if (only.includes('device')) {
        await deps.settings.passphrase()
        await deps.targets.ofDevice()
      }
      if (instance !== undefined) {
        await deps.instances.require(instance)
        await deps.targets.ofInstance(instance)
      } else if (only.some((part) => part !== 'device'))
        throw new WildError(
          'INVALID_INPUT',
          'instance: name the instance; without one only the device can be backed up.',
          {
            field: 'instance',
          },
        )
    },
    async steps({ instance, only, reason, stamp }) {
      const id = (kind: string) => `${kind}-${instance ?? 'central'}-${stamp}`
      const groups: StepItem[] = []
      const add = (name: string, title: string, steps: StepItem[]) => {
        if (steps.length > 0) groups.push({ name, title, steps })
      }
      if (instance !== undefined) {
        if (only.includes('home'))
          add('home', 'Settings and keys', await homeSteps(deps, { instance, backup: id('home'), reason }))
        if (only.includes('apps')) groups.push(...(await apps(instance, stamp!, reason)))
        if (only.includes('cluster'))
          add('cluster', 'The cluster', await clusterSteps(deps, { instance, backup: id('cluster'), reason }))
      }
      if (only.includes('device'))
        add('device', 'This device', await deviceSteps(deps, { backup: `device-central-${stamp}`, reason }))
      if (groups.length === 0)
        throw new WildError(
          'CONFLICT',
          `There is nothing to back up of ${instance} yet: it has no cluster and no apps.`,
          {
            hint: 'wild-cli backup run --only home',
          },
        )
      return groups
    },
  }
}
