import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { startHelper, stopHelper } from '../app/helper-pod.ts'
import { cleanScript, countScript, roomScript, unpackScript } from '../app/volume-scripts.ts'
import type { OpenDatabase } from '../app/world.ts'
import type { BackupPart } from '../model.ts'
import { sizeText } from '../parts.ts'
import { proveContents, proveTables, readPart } from './prove.ts'
import { freshName, note, oldName, type RestoreWorld, reached } from './world.ts'

const openPart = (w: RestoreWorld, ctx: StepContext, { engine, server, source }: BackupPart): Promise<OpenDatabase> =>
  w.open(ctx, { engine: engine!, server: server!, name: source! })

/** Reads a dump into a new database beside the one in use, and counts what came. */
async function loadAside(w: RestoreWorld, ctx: StepContext, part: BackupPart): Promise<void> {
  const open = await openPart(w, ctx, part)
  const { programs, shell, port, pod, server, container } = open
  const fresh = freshName(w, part)
  const there = await programs.list(shell, port)
  // Once it is swapped there is no new one to be made.
  if (there.includes(oldName(w, part))) return
  for (const name of [part.source!].filter((one) => there.includes(one))) {
    const why = await programs.unswappable(shell, port, name)
    if (why) throw notInPlace(part, why)
  }
  ctx.say(`Restoring the database ${part.source} beside the present one`)
  // What an earlier restore left beside is only a copy.
  const leftOver = new RegExp(`^${part.source}_new_[a-z0-9]{6}$`)
  for (const name of there.filter((one) => leftOver.test(one))) await programs.drop(shell, port, name)
  await programs.create(shell, port, fresh, part.source)
  await readPart(w.vault, ctx.run, w.backup.id, part, (from) =>
    w.streams(ctx).exec({ pod, namespace: server, container, command: programs.load(fresh, port), from }),
  )
  const why = await programs.unswappable(shell, port, fresh)
  if (why) throw notInPlace(part, why)
  proveTables(part, await programs.counts(shell, port, fresh), ctx)
}

function notInPlace(part: BackupPart, why: string): WildError {
  return new WildError(
    'CONFLICT',
    `The database ${part.source} cannot be restored in place: ${why}. Restore it beside (--beside NAME) and move over by hand what you need.`,
    { part: part.name },
  )
}

/** Unpacks a volume beside the data that is in it, and counts what came. */
async function unpackAside(w: RestoreWorld, ctx: StepContext, part: BackupPart): Promise<void> {
  const claim = part.source!
  const helper = await startHelper(w, ctx, claim)
  const free = Number(await helper.run(roomScript)) * 1024
  const wanted = part.contents?.bytes ?? part.bytes
  if (free < wanted)
    throw new WildError(
      'DISK_FULL',
      `The volume ${claim} has ${sizeText(free)} of room left, and restoring beside the present data takes ${sizeText(wanted)}. Enlarge it, or restore beside (--beside NAME).`,
      { claim, free, wanted },
    )
  ctx.say(`Restoring the volume ${claim} beside its present data`)
  await readPart(w.vault, ctx.run, w.backup.id, part, (from) => helper.run(unpackScript, [w.mark], { from }))
  const [files = 0, bytes = 0] = (await helper.run(countScript, [`./.wild-new-${w.mark}`]))
    .trim()
    .split(' ')
    .map(Number)
  proveContents(part, files, bytes, ctx)
}

/** Everything is restored beside the present data and proven, while the app goes on running. */
export function restoreAside(w: RestoreWorld): Step {
  return {
    name: 'aside',
    title: 'Restoring beside the present data, and proving it',
    weight: 6,
    timeoutMs: 2 * 24 * 3_600_000,
    done: (ctx) => reached(w, ctx, 'aside'),
    plan: () =>
      Promise.resolve(
        [...w.databaseParts, ...w.volumeParts].map((part) => ({
          kind: 'command' as const,
          text: `the ${part.kind} ${part.source} (${sizeText(part.bytes)}) would be restored beside the present one, and counted`,
        })),
      ),
    async run(ctx) {
      for (const part of w.databaseParts) await loadAside(w, ctx, part)
      for (const part of w.volumeParts) await unpackAside(w, ctx, part)
      await note(w, ctx, 'aside')
    },
    async undo(ctx) {
      await removeAside(w, ctx)
    },
  }
}

/** Removes what was restored beside; the present data is not touched. Every part is tried, the first failure is told. */
async function removeAside(w: RestoreWorld, ctx: StepContext): Promise<void> {
  const work = [
    ...w.databaseParts.map((part) => async () => {
      const { programs, shell, port } = await openPart(w, ctx, part)
      await programs.drop(shell, port, freshName(w, part))
    }),
    ...w.volumeParts.map((part) => async () => {
      const helper = await startHelper(w, ctx, part.source!)
      await helper.run(cleanScript, [w.mark])
      await stopHelper(w, ctx, part.source!)
    }),
  ]
  const ended = await Promise.allSettled(work.map((one) => one()))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
