import type { OperationDefinition } from '../../../operations/define.ts'
import { notFound } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { type BackupManifest, type OneBackupInput, oneBackupInput } from '../model.ts'
import { drain, readPart } from '../restore/prove.ts'
import type { Targets } from '../targets.ts'
import type { Vault } from '../vault/vault.ts'

export interface KeepDeps {
  targets: Targets
  reads: RunTool
  instances: { require(instance: string): Promise<void> }
  secrets: { allValues(instance: string): Promise<string[]> }
  changed(): void
}

/** The vault a backup of an instance, or of the device, is in. */
export async function vaultOf({ targets, instances }: KeepDeps, instance: string | undefined): Promise<Vault> {
  if (instance === undefined) return targets.ofDevice()
  await instances.require(instance)
  return targets.ofInstance(instance)
}

/** A finished backup. Throws NOT_FOUND. */
export async function findBackup(vault: Vault, run: RunTool, id: string): Promise<BackupManifest> {
  const found = (await vault.list(run)).find((one) => one.id === id)?.manifest
  if (found) return found
  throw notFound('whole backup', id, 'wild-cli backup list')
}

/** `backup.verify`: reads every byte back and compares it with what was noted when it was stored. */
export function verifyBackup(deps: KeepDeps): OperationDefinition<OneBackupInput> {
  return {
    type: 'backup.verify',
    title: ({ backup }) => `Verify ${backup}`,
    input: oneBackupInput as never,
    instance: ({ instance }) => instance,
    target: ({ backup }) => backup,
    locks: ({ backup }) => [`backups/${backup}`],
    secrets: async ({ instance }) => (instance === undefined ? [] : deps.secrets.allValues(instance)),
    async refuse({ instance, backup }) {
      await findBackup(await vaultOf(deps, instance), deps.reads, backup)
    },
    async steps({ instance, backup }, ctx) {
      const vault = await vaultOf(deps, instance)
      const { parts } = await findBackup(vault, ctx.run, backup)
      return [
        {
          name: 'target',
          title: 'Checking the target itself',
          timeoutMs: 24 * 3_600_000,
          run: (each) => vault.check(each.run),
        },
        ...parts.map((part) => ({
          name: part.name.replaceAll(/[^a-z0-9]+/g, '-'),
          title: `Reading ${part.source ?? part.name} back`,
          timeoutMs: 24 * 3_600_000,
          async run(each: typeof ctx) {
            await readPart(vault, each.run, backup, part, drain, (bytes) =>
              each.progress(bytes / Math.max(1, part.bytes)),
            )
            each.say(`${part.name}: whole`)
            each.result({ [part.name]: 'whole' })
          },
        })),
      ]
    },
  }
}
