import { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { invalid, notFound, WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import type { TakeIn } from '../../instances/index.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { unbundle } from '../bundle/read.ts'
import { findBackup } from '../keep/verify.ts'
import { type BackupManifest, backupId } from '../model.ts'
import { sizeText } from '../parts.ts'
import { readPart } from '../restore/prove.ts'
import { homePart } from '../run/home.ts'
import type { Vault } from '../vault/vault.ts'

const input = z.strictObject({
  /** The instance the backup is of; it may be deleted meanwhile. */
  instance: instanceName,
  backup: backupId,
  /** What it is to be called; default: as it was. */
  name: instanceName.optional(),
})
export type RestoreHomeInput = z.output<typeof input>

/** The vault of an instance that is there, or lies in the trash. Throws NOT_FOUND. */
export async function vaultOfAny(deps: Pick<BackupsWorld, 'instances' | 'targets'>, instance: string): Promise<Vault> {
  if (!(await exists(deps.instances.paths(instance).state))) {
    const kept = await deps.targets.ofDeleted(instance)
    if (kept) return kept
  }
  await deps.instances.require(instance)
  return deps.targets.ofInstance(instance)
}

/** `backup.restore`: makes an instance of a backup of its folder, under a name that is free. */
export function restoreHome(deps: BackupsWorld, takeIn: TakeIn): OperationDefinition<RestoreHomeInput> {
  const nameOf = ({ instance, name }: RestoreHomeInput) => name ?? instance

  async function found({ instance, backup }: RestoreHomeInput): Promise<{ vault: Vault; manifest: BackupManifest }> {
    const vault = await vaultOfAny(deps, instance)
    const manifest = await findBackup(vault, deps.reads, backup)
    if (manifest.kind === 'home' && manifest.instance === instance) return { vault, manifest }
    throw invalid(
      'backup',
      `${backup} is not a backup of the settings and keys of ${instance}, so no instance can be made of it.`,
    )
  }

  return {
    type: 'backup.restore',
    title: (given) => `Restore ${given.instance} from ${given.backup} as ${nameOf(given)}`,
    input: input as never,
    complete: async (given) => ({ ...given, name: nameOf(given) }),
    instance: nameOf,
    target: ({ backup }) => backup,
    locks: (given) => [`instances/${nameOf(given)}`, `backups/${given.backup}`],
    async refuse(given) {
      await found(given)
      const name = nameOf(given)
      if (!(await exists(deps.instances.paths(name).root))) return
      throw new WildError(
        'ALREADY_EXISTS',
        `There is an instance ${name}; a restore never overwrites one. Give another name, or delete it first: it stays in the trash.`,
        { field: 'name', name, hint: `wild-cli backup restore ${given.backup} --as ${name}-restored` },
      )
    },
    async steps(given) {
      const { vault, manifest } = await found(given)
      const part = manifest.parts.find(({ name }) => name === homePart)
      if (!part) throw notFound('part', homePart, `wild-cli backup show ${given.backup}`)
      const name = nameOf(given)
      return [
        {
          name: 'files',
          title: `Putting settings, secrets and keys of ${name} in place`,
          timeoutMs: 6 * 3_600_000,
          plan: () =>
            Promise.resolve([
              {
                kind: 'file' as const,
                text: `${deps.instances.paths(name).root} would be made of ${given.backup} (${sizeText(part.bytes)})`,
              },
            ]),
          async run(ctx) {
            await takeIn(name, (folder) =>
              readPart(
                vault,
                ctx.run,
                given.backup,
                part,
                (from) => unbundle(from, folder),
                (bytes) => ctx.progress(bytes / Math.max(1, part.bytes)),
              ),
            )
            ctx.result({ instance: name, backup: given.backup })
            ctx.say(`${name} is as it was when ${given.backup} was made`)
          },
        },
      ]
    },
  }
}
