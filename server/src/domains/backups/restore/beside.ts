import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { startHelper, stopHelper } from '../app/helper-pod.ts'
import { countScript } from '../app/volume-scripts.ts'
import { databaseName } from '../databases/engine.ts'
import type { BackupPart } from '../model.ts'
import { sizeText } from '../parts.ts'
import { proveContents, proveTables, readPart } from './prove.ts'
import { note, type RestoreWorld, reached } from './world.ts'

const unpackHere = 'exec tar -xpf - --numeric-owner'

/** The data in a namespace and databases of its own, to be looked at or taken from; the app itself is not touched. */
export function restoreBeside(of: RestoreWorld, namespace: string): Step[] {
  const w: RestoreWorld = { ...of, namespace }
  const besideName = (part: BackupPart) => databaseName(`${part.source}_${namespace.replaceAll('-', '_')}`)

  async function claims(ctx: StepContext): Promise<void> {
    const objects = w.volumeParts.map(({ source, claim }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: source!, namespace },
      spec: {
        accessModes: claim!.accessModes,
        ...(claim!.storageClass === undefined ? {} : { storageClassName: claim!.storageClass }),
        resources: { requests: { storage: claim!.size } },
      },
    }))
    await w.kubectl(ctx).apply(objects)
  }

  async function fillVolume(ctx: StepContext, part: BackupPart): Promise<void> {
    const helper = await startHelper(w, ctx, part.source!)
    await readPart(w.vault, ctx.run, w.backup.id, part, (from) => helper.run(unpackHere, [], { from }))
    const [files = 0, bytes = 0] = (await helper.run(countScript, ['.'])).trim().split(' ').map(Number)
    proveContents(part, files, bytes, ctx)
    await stopHelper(w, ctx, part.source!)
  }

  async function fillDatabase(ctx: StepContext, part: BackupPart): Promise<string> {
    const open = await w.open(ctx, { engine: part.engine!, server: part.server!, name: part.source! })
    const { programs, shell, port, pod, server, container } = open
    const name = besideName(part)
    await programs.drop(shell, port, name)
    await programs.create(shell, port, name, part.source)
    await readPart(w.vault, ctx.run, w.backup.id, part, (from) =>
      w.streams(ctx).exec({ pod, namespace: server, container, command: programs.load(name, port), from }),
    )
    proveTables(part, await programs.counts(shell, port, name), ctx)
    return name
  }

  return [
    {
      name: 'place',
      title: `Making room in ${namespace}`,
      async needs(ctx) {
        const [there] = await w.kubectl(ctx).get('namespace', { name: namespace })
        if (there && there.metadata.labels?.[besideLabel] !== of.manifest.name) throw taken(namespace)
      },
      done: (ctx) => reached(w, ctx, 'clean'),
      plan: () =>
        Promise.resolve([
          { kind: 'object' as const, text: `Namespace ${namespace} would be made` },
          ...w.volumeParts.map(({ source }) => ({
            kind: 'object' as const,
            text: `PersistentVolumeClaim ${namespace}/${source} would be made`,
          })),
        ]),
      async run(ctx) {
        const labels = { [besideLabel]: of.manifest.name }
        await w.kubectl(ctx).apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }])
        await claims(ctx)
      },
      async check(ctx) {
        const [there] = await w.kubectl(ctx).get('namespace', { name: namespace })
        if (!there) throw new NotYet(`the namespace ${namespace} is not there`)
      },
    },
    {
      name: 'fill',
      title: 'Restoring the data there, and proving it',
      weight: 6,
      timeoutMs: 2 * 24 * 3_600_000,
      done: (ctx) => reached(w, ctx, 'clean'),
      plan: () =>
        Promise.resolve(
          [...w.databaseParts, ...w.volumeParts].map((part) => ({
            kind: 'command' as const,
            text: `the ${part.kind} ${part.source} (${sizeText(part.bytes)}) would be restored there`,
          })),
        ),
      async run(ctx) {
        const databases: string[] = []
        for (const part of w.volumeParts) await fillVolume(ctx, part)
        for (const part of w.databaseParts) databases.push(`${part.server}/${await fillDatabase(ctx, part)}`)
        await note(w, ctx, 'clean')
        const volumes = w.volumeParts.map(({ source }) => `${namespace}/${source}`)
        ctx.result({ restored: w.backup.id, namespace, volumes, databases })
      },
      async undo(ctx) {
        for (const { source } of w.volumeParts) await stopHelper(w, ctx, source!)
      },
    },
  ]
}

const besideLabel = 'wild-central.io/restored-app'

function taken(namespace: string): Error {
  return new WildError(
    'ALREADY_EXISTS',
    `There is a namespace ${namespace} in the cluster already, and it was not made by a restore of this app. Choose another name.`,
    { field: 'beside', name: namespace },
  )
}
