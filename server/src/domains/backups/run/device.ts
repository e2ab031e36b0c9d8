import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Step, StepItem } from '../../../operations/define.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { type BundleEntry, bundle, fileEntry, filesOf } from '../bundle/write.ts'
import { finishBackup, openTarget } from '../finish.ts'
import type { BackupReason } from '../model.ts'
import { isFinished, type Making, madeParts, storePart } from '../parts.ts'
import { clusterCopies, instancesWithEtcd } from './device-etcd.ts'

export const devicePart = 'device.bundle'
const database = 'wild-central.db'

/** What the daemon makes again by itself, what belongs to one running daemon, and the backups themselves. */
const leftOut = new Set([
  'cache',
  'run',
  'lab',
  'backups',
  database,
  `${database}-wal`,
  `${database}-shm`,
  `${database}-journal`,
])

function taken(path: string): boolean {
  const [first = '', second] = path.split('/')
  if (first === 'logs') return second === undefined || second.startsWith('audit.log')
  // HOME of tools of each instance: caches that they make again.
  if (/^instances\/[^/]+\/\.wildcloud\/home$/.test(path)) return false
  return !leftOut.has(first)
}

/**
 * The whole data directory while the daemon runs: files as they are, each old or new, a copy of the database made by
 * SQLite itself, and what etcd of each cluster holds, so that one file brings the clusters back too.
 */
export async function deviceSteps(
  deps: BackupsWorld,
  { backup, reason }: { backup: string; reason: BackupReason },
): Promise<StepItem[]> {
  const making: Making = { id: backup, vault: await deps.targets.ofDevice(), notes: deps.notes }
  const copy = join(deps.paths.cache, 'backups', `${backup}.db`)
  const clusters = clusterCopies(deps, backup)
  async function clear(): Promise<void> {
    await rm(copy, { force: true })
    await clusters.clear()
  }

  async function* entries(warn: (path: string) => void): AsyncGenerator<BundleEntry> {
    yield* filesOf(deps.paths.data, { take: taken, leftOut: warn })
    const stored = await fileEntry(copy, database)
    if (stored) yield { ...stored, mode: 0o600 }
    yield* clusters.entries()
  }

  const files: Step = {
    name: 'files',
    title: 'Copying the data directory',
    timeoutMs: 6 * 3_600_000,
    done: async (ctx) =>
      (await isFinished(making, ctx)) || (await madeParts(making, ctx)).some(({ name }) => name === devicePart),
    async plan() {
      const names = await instancesWithEtcd(deps)
      const etcd = names.length > 0 ? `, with what etcd of ${names.join(', ')} holds` : ''
      return [{ kind: 'note', text: `${deps.paths.data} would be stored, without caches and backups${etcd}` }]
    },
    async run(ctx) {
      await mkdir(join(deps.paths.cache, 'backups'), { recursive: true, mode: 0o700 })
      await clear()
      try {
        await clusters.take(ctx)
        await deps.db.$client.backup(copy)
        const warn = (path: string) => ctx.warn(`${path} is neither a file nor a folder and is not part of the backup.`)
        await storePart(making, ctx, { name: devicePart, kind: 'files', source: 'device' }, (into) =>
          pipeline(Readable.from(bundle(entries(warn))), into),
        )
      } finally {
        await clear()
      }
    },
    undo: clear,
  }
  return [openTarget(making), files, finishBackup(making, { kind: 'device', reason, quiet: false }, deps.changed)]
}
