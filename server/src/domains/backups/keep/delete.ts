import type { OperationDefinition } from '../../../operations/define.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import { type OneBackupInput, oneBackupInput, type StoredBackup } from '../model.ts'
import { type KeepDeps, vaultOf } from './verify.ts'

/** What a backup is of; backups of the same thing follow one another. */
export function subjectOf(id: string): string {
  return id.replace(/-\d{8}t\d{6}z-[a-z0-9]{4}$/, '')
}

/** True for the only whole backup there is of something. */
function isLastGood(all: StoredBackup[], id: string): boolean {
  const good = all.filter((one) => one.manifest !== undefined && subjectOf(one.id) === subjectOf(id))
  return good.length === 1 && good[0]!.id === id
}

/** `backup.delete`: removes one backup. The last good one of something only goes by force. */
export function deleteBackup(deps: KeepDeps): OperationDefinition<OneBackupInput> {
  return {
    type: 'backup.delete',
    title: ({ backup }) => `Delete ${backup}`,
    input: oneBackupInput as never,
    instance: ({ instance }) => instance,
    target: ({ backup }) => backup,
    locks: ({ backup }) => [`backups/${backup}`],
    secrets: async ({ instance }) => (instance === undefined ? [] : deps.secrets.allValues(instance)),
    async refuse({ instance, backup, force }) {
      const all = await (await vaultOf(deps, instance)).list(deps.reads)
      if (!all.some(({ id }) => id === backup)) throw notFound('backup', backup, 'wild-cli backup list')
      if (!force && isLastGood(all, backup))
        throw new WildError(
          'CONFLICT',
          `${backup} is the last good backup there is. Make another one first, or force it.`,
          {
            field: 'force',
            hint: `wild-cli backup delete ${backup} --force`,
          },
        )
    },
    async steps({ instance, backup }) {
      const vault = await vaultOf(deps, instance)
      return [
        {
          name: 'delete',
          title: `Removing it from ${vault.place}`,
          timeoutMs: 24 * 3_600_000,
          done: async (ctx) => !(await vault.list(ctx.run)).some(({ id }) => id === backup),
          plan: () =>
            Promise.resolve([{ kind: 'command' as const, text: `${backup} would be removed from ${vault.place}` }]),
          async run(ctx) {
            await vault.remove(ctx.run, [backup])
            deps.changed()
          },
        },
      ]
    },
  }
}
