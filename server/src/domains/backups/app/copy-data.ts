import type { Step, StepContext } from '../../../operations/define.ts'
import type { BackupPart } from '../model.ts'
import { isFinished, type Making, madeParts, storePart } from '../parts.ts'
import { startHelper, stopHelper } from './helper-pod.ts'
import { appReady, standsStill, startApp, stopApp } from './standing-still.ts'
import { countScript, packScript } from './volume-scripts.ts'
import type { AppDatabase, AppDataWorld } from './world.ts'

export const databasePart = ({ engine, name }: AppDatabase): string => `database-${engine}-${name.toLowerCase()}.dump`
export const volumePart = (claim: string): string => `volume-${claim}.tar`

/**
 * Databases and volumes of an app. One step, because an app that was stopped for it must be started again however it ends:
 * that is its `undo`. After a crash the workloads themselves say that they were stopped, and running this again starts them.
 */
export function copyData(w: AppDataWorld, making: Making): Step {
  const { manifest } = w
  const volumes = manifest.backup?.volumes ?? []
  const quiesce = manifest.backup?.quiesce === true

  async function allMade(ctx: StepContext): Promise<boolean> {
    const names = new Set((await madeParts(making, ctx)).map(({ name }) => name))
    const wanted = [...(await w.databases()).map(databasePart), ...volumes.map(volumePart)]
    return wanted.every((name) => names.has(name))
  }

  async function dump(ctx: StepContext, database: AppDatabase): Promise<void> {
    const open = await w.open(ctx, database)
    const { engine, server, name } = database
    const counted = quiesce ? { tables: await open.programs.counts(open.shell, open.port, name) } : {}
    const about: Omit<BackupPart, 'bytes' | 'sha256'> = {
      name: databasePart(database),
      kind: 'database',
      source: name,
      engine,
      server,
      ...counted,
    }
    ctx.say(`Dumping the database ${name}`)
    await storePart(making, ctx, about, (into) =>
      w.streams(ctx).exec({
        pod: open.pod,
        namespace: server,
        container: open.container,
        command: open.programs.dump(name, open.port),
        into,
      }),
    )
  }

  async function pack(ctx: StepContext, claim: string): Promise<void> {
    ctx.say(`Copying the volume ${claim}`)
    const helper = await startHelper(w, ctx, claim)
    const [files = 0, bytes = 0] = (await helper.run(countScript, ['.'])).trim().split(' ').map(Number)
    const [object] = await w.kubectl(ctx).get('persistentvolumeclaim', { name: claim, namespace: w.namespace })
    const about: Omit<BackupPart, 'bytes' | 'sha256'> = {
      name: volumePart(claim),
      kind: 'volume',
      source: claim,
      claim: {
        size: object?.spec.resources?.requests?.storage ?? '1Gi',
        storageClass: object?.spec.storageClassName,
        accessModes: object?.spec.accessModes ?? ['ReadWriteOnce'],
      },
      ...(quiesce ? { contents: { files, bytes } } : {}),
    }
    await storePart(making, ctx, about, (into) => helper.run(packScript, [], { into }))
    await stopHelper(w, ctx, claim)
  }

  return {
    name: 'data',
    title: `Copying the data of ${manifest.title}`,
    weight: 6,
    timeoutMs: 2 * 24 * 3_600_000,
    async done(ctx) {
      if (volumes.length === 0 && (await w.databases()).length === 0) return `${manifest.title} keeps no data`
      if (await isFinished(making, ctx)) return true
      return (await allMade(ctx)) && !(await standsStill(w, ctx))
    },
    async plan() {
      const stop = quiesce ? [{ kind: 'command' as const, text: `${manifest.title} would be stopped meanwhile` }] : []
      const databases = (await w.databases()).map(
        ({ name, server }) => `the database ${name} of ${server} would be dumped`,
      )
      const copied = volumes.map((claim) => `the volume ${claim} would be copied`)
      return [...stop, ...[...databases, ...copied].map((text) => ({ kind: 'command' as const, text }))]
    },
    async run(ctx) {
      if (!(await allMade(ctx))) {
        if (quiesce) {
          ctx.say(`Stopping ${manifest.title} while its data is copied`)
          await stopApp(w, ctx)
        }
        for (const database of await w.databases()) await dump(ctx, database)
        for (const claim of volumes) await pack(ctx, claim)
      }
      if (!(await standsStill(w, ctx))) return
      ctx.say(`Starting ${manifest.title} again`)
      await startApp(w, ctx)
      await appReady(w, ctx)
    },
    async undo(ctx) {
      // Starting it again comes first: whatever else is left over harms nobody.
      await startApp(w, ctx)
      for (const claim of volumes) await stopHelper(w, ctx, claim)
    },
  }
}
