import type { StepContext } from '../../../operations/define.ts'
import type { AppDataWorld } from '../app/world.ts'
import type { BackupManifest, BackupPart, RestorePart } from '../model.ts'
import type { Vault } from '../vault/vault.ts'

/** One restore: what is put back from where. */
export interface RestoreWorld extends AppDataWorld {
  vault: Vault
  backup: BackupManifest
  only: RestorePart
  /** Marks everything this restore makes, so that nothing else is ever taken for it. */
  mark: string
  databaseParts: BackupPart[]
  volumeParts: BackupPart[]
}

/** How far a restore is, kept at the namespace: it says so after whatever happens to the daemon. */
export const phases = ['aside', 'swapped', 'clean'] as const
export type Phase = (typeof phases)[number]
const annotation = 'wild-central.io/restore'

/** True when this very restore has come at least that far. */
export async function reached(w: RestoreWorld, ctx: StepContext, phase: Phase): Promise<boolean> {
  const [namespace] = await w.kubectl(ctx).get('namespace', { name: w.namespace })
  const [mark, found] = (namespace?.metadata.annotations?.[annotation] ?? '').split(' ')
  return mark === w.mark && phases.indexOf(found as Phase) >= phases.indexOf(phase)
}

/** Notes how far it is. */
export async function note(w: RestoreWorld, ctx: StepContext, phase: Phase): Promise<void> {
  await w.streams(ctx).patch('namespace', w.namespace, undefined, {
    metadata: { annotations: { [annotation]: `${w.mark} ${phase}` } },
  })
}

/** Names of a database while it is restored. */
export const freshName = (w: RestoreWorld, part: BackupPart): string => `${part.source}_new_${w.mark}`
export const oldName = (w: RestoreWorld, part: BackupPart): string => `${part.source}_old_${w.mark}`
