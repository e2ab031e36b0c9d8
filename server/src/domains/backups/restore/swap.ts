import type { Step, StepContext } from '../../../operations/define.ts'
import { startHelper, stopHelper } from '../app/helper-pod.ts'
import { appReady, startApp, stopApp } from '../app/standing-still.ts'
import { cleanScript, swapBackScript, swapScript } from '../app/volume-scripts.ts'
import type { BackupPart } from '../model.ts'
import { freshName, note, oldName, type RestoreWorld, reached } from './world.ts'

async function openPart(w: RestoreWorld, ctx: StepContext, { engine, server, source }: BackupPart) {
  return w.open(ctx, { engine: engine!, server: server!, name: source! })
}

async function swapDatabase(w: RestoreWorld, ctx: StepContext, part: BackupPart): Promise<void> {
  const { programs, shell, port } = await openPart(w, ctx, part)
  const there = await programs.list(shell, port)
  if (!there.includes(freshName(w, part))) return
  await programs.swap(shell, port, { live: part.source!, fresh: freshName(w, part), old: oldName(w, part) })
}

/** What was there before gets its name back; what was restored is set beside again. */
async function swapDatabaseBack(w: RestoreWorld, ctx: StepContext, part: BackupPart): Promise<void> {
  const { programs, shell, port } = await openPart(w, ctx, part)
  const there = await programs.list(shell, port)
  if (!there.includes(oldName(w, part))) return
  await programs.swap(shell, port, { live: part.source!, fresh: oldName(w, part), old: freshName(w, part) })
}

async function inVolumes(w: RestoreWorld, ctx: StepContext, script: string): Promise<void> {
  for (const { source } of w.volumeParts) {
    const helper = await startHelper(w, ctx, source!)
    await helper.run(script, [w.mark])
  }
}

async function stopHelpers(w: RestoreWorld, ctx: StepContext): Promise<void> {
  for (const { source } of w.volumeParts) await stopHelper(w, ctx, source!)
}

/**
 * Changes over to what was restored: the app stands still, databases and files are renamed, the app starts and must become
 * ready. When it does not, everything gets its old name back and the app goes on with what it had.
 */
export function changeOver(w: RestoreWorld): Step {
  const { title } = w.manifest
  return {
    name: 'swap',
    title: 'Changing over to the restored data',
    weight: 3,
    timeoutMs: 60 * 60_000,
    done: (ctx) => reached(w, ctx, 'swapped'),
    plan: () =>
      Promise.resolve([
        { kind: 'command' as const, text: `${title} would be stopped, get the restored data, and be started again` },
        { kind: 'note' as const, text: `when ${title} does not become ready, its present data is put back` },
      ]),
    async run(ctx) {
      ctx.say(`Stopping ${title}`)
      await stopApp(w, ctx)
      ctx.say('Changing over')
      for (const part of w.databaseParts) await swapDatabase(w, ctx, part)
      await inVolumes(w, ctx, swapScript)
      await stopHelpers(w, ctx)
      ctx.say(`Starting ${title} with the restored data`)
      await startApp(w, ctx)
      await appReady(w, ctx)
      await note(w, ctx, 'swapped')
    },
    async undo(ctx) {
      await stopApp(w, ctx)
      for (const part of w.databaseParts) await swapDatabaseBack(w, ctx, part)
      await inVolumes(w, ctx, swapBackScript)
      await stopHelpers(w, ctx)
      await startApp(w, ctx)
      ctx.say(`${title} goes on with the data it had; what was restored lies beside it, marked ${w.mark}`)
    },
  }
}

/** What was replaced is removed only now. A failure here harms nobody: it is told, with what is left. */
export function removeReplaced(w: RestoreWorld): Step {
  return {
    name: 'clean',
    title: 'Removing the data that was replaced',
    done: (ctx) => reached(w, ctx, 'clean'),
    async run(ctx) {
      for (const part of w.databaseParts) {
        const { programs, shell, port } = await openPart(w, ctx, part)
        await programs.drop(shell, port, oldName(w, part))
      }
      await inVolumes(w, ctx, cleanScript)
      await stopHelpers(w, ctx)
      await note(w, ctx, 'clean')
      ctx.result({ restored: w.backup.id })
    },
  }
}
