import type { Step } from '../../operations/define.ts'
import type { BackupManifest } from './model.ts'
import { isFinished, type Making, madeParts } from './parts.ts'

/** Makes sure that the target is there and opens. */
export function openTarget({ vault, id }: Making): Step {
  return {
    name: 'target',
    title: 'Opening the backup target',
    timeoutMs: 10 * 60_000,
    async done(ctx) {
      // One that was begun is proof that it opens; a new one is only known to open once it was asked.
      return (await vault.list(ctx.run)).some((one) => one.id === id && one.parts.length > 0)
    },
    plan: () => Promise.resolve([{ kind: 'note' as const, text: `stored in ${vault.place}` }]),
    async run(ctx) {
      await vault.prepare(ctx.run)
      ctx.say(`Backups go to ${vault.place}`)
    },
  }
}

/** Writes down what a backup is made of: from then on it counts. */
export function finishBackup(
  making: Making,
  about: Omit<BackupManifest, 'format' | 'version' | 'id' | 'createdAt' | 'parts'>,
  changed: () => void,
): Step {
  return {
    name: 'finish',
    title: 'Writing down what was backed up',
    async done(ctx) {
      const finished = await isFinished(making, ctx)
      if (finished) ctx.result({ backup: making.id, target: making.vault.place })
      return finished
    },
    async run(ctx) {
      const parts = await madeParts(making, ctx)
      const createdAt = new Date(ctx.clock.now()).toISOString()
      const manifest: BackupManifest = {
        format: 'wild-central-backup',
        version: 1,
        id: making.id,
        createdAt,
        parts,
        ...about,
      }
      await making.vault.finish(ctx.run, manifest)
      await making.notes.forget(making.id)
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
      ctx.result({ backup: making.id, target: making.vault.place, bytes })
      changed()
    },
  }
}
