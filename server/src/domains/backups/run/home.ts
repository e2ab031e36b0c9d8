import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { StepItem } from '../../../operations/define.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { bundle, filesOf } from '../bundle/write.ts'
import { finishBackup, openTarget } from '../finish.ts'
import type { BackupReason } from '../model.ts'
import { isFinished, type Making, madeParts, storePart } from '../parts.ts'

export const homePart = 'home.bundle'

/** The folder of an instance: settings, secrets, keys of machines and cluster, apps, history. Caches of tools are left out. */
export async function homeSteps(
  deps: BackupsWorld,
  { instance, backup, reason }: { instance: string; backup: string; reason: BackupReason },
): Promise<StepItem[]> {
  const making: Making = { id: backup, vault: await deps.targets.ofInstance(instance), notes: deps.notes }
  const { root } = deps.instances.paths(instance)
  return [
    openTarget(making),
    {
      name: 'files',
      title: `Copying settings, secrets and keys of ${instance}`,
      timeoutMs: 6 * 3_600_000,
      done: async (ctx) =>
        (await isFinished(making, ctx)) || (await madeParts(making, ctx)).some(({ name }) => name === homePart),
      plan: () => Promise.resolve([{ kind: 'note' as const, text: `the folder of ${instance} would be stored` }]),
      async run(ctx) {
        const options = {
          take: (path: string) => path !== '.wildcloud/home',
          leftOut: (path: string) => ctx.warn(`${path} is neither a file nor a folder and is not part of the backup.`),
        }
        await storePart(making, ctx, { name: homePart, kind: 'files', source: instance }, (into) =>
          pipeline(Readable.from(bundle(filesOf(root, options))), into),
        )
      },
    },
    finishBackup(making, { kind: 'home', instance, reason, quiet: false }, deps.changed),
  ]
}
