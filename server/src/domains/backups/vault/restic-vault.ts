import { rm, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { makeDirectory, readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { createRestic, type Restic, type ResticRepository, type ResticSnapshot } from '../../../tools/restic.ts'
import { type BackupManifest, backupId, backupManifest, backupTime, manifestPart, type StoredBackup } from '../model.ts'
import { damaged } from './sealed.ts'
import type { Vault } from './vault.ts'

/** Every snapshot of ours has it; others in the same repository are left alone. */
const ownTag = 'wild-central'

interface Options {
  repository(): Promise<ResticRepository>
  /** Repository as shown to people. */
  place: string
  /** Host name snapshots get: the instance, or `device`. */
  host: string
  /** Folder for manifests that were read once; they never change. */
  cache: string
  /** File that says that this repository was there once. */
  known: string
}

const tagged = (tags: string[], name: string) => tags.find((tag) => tag.startsWith(`${name}:`))?.slice(name.length + 1)

/** Backups in a restic repository: a snapshot for each stream, tagged with the backup it belongs to. */
export function createResticVault({ repository, place, host, cache, known }: Options): Vault {
  const restic = async (run: RunTool): Promise<Restic> => createRestic(run, await repository())

  async function snapshots(run: RunTool): Promise<Map<string, Map<string, ResticSnapshot>>> {
    const adapter = await restic(run)
    const backups = new Map<string, Map<string, ResticSnapshot>>()
    if ((await adapter.state()) === 'absent') {
      await refuseLost()
      return backups
    }
    for (const snapshot of await adapter.snapshots(ownTag)) {
      const id = tagged(snapshot.tags, 'backup')
      const part = tagged(snapshot.tags, 'part')
      if (!id || !part || !backupId.safeParse(id).success) continue
      const own = backups.get(id) ?? new Map<string, ResticSnapshot>()
      backups.set(id, own.set(part, snapshot))
    }
    return backups
  }

  /** A repository that was there and is not there any more is a disk that is not mounted, not a reason to begin anew. */
  async function refuseLost(): Promise<void> {
    if ((await readFileIfThere(known)) === undefined) return
    throw new WildError(
      'CONFLICT',
      `The repository ${place} is not there any more. Is its disk mounted, or its server on? To begin a new one there, remove ${known}.`,
      { repository: place },
    )
  }

  async function manifestOf(run: RunTool, snapshot: ResticSnapshot): Promise<BackupManifest | undefined> {
    const kept = join(cache, `${snapshot.id}.json`)
    let text = await readFileIfThere(kept)
    if (text === undefined) {
      const chunks: Buffer[] = []
      const into = new PassThrough()
      const reading = (async () => {
        for await (const chunk of into) chunks.push(chunk as Buffer)
      })()
      await Promise.all([(await restic(run)).dump(snapshot.id, manifestPart, into), reading])
      text = Buffer.concat(chunks).toString('utf8')
      await writeFileAtomic(kept, text, { mode: 0o600 })
    }
    try {
      return backupManifest.safeParse(JSON.parse(text)).data
    } catch {
      return undefined
    }
  }

  async function save(run: RunTool, id: string, part: string, source: Readable): Promise<void> {
    const tags = [ownTag, `backup:${id}`, `part:${part}`]
    await (await restic(run)).save(source, { file: part, host, tags })
  }

  return {
    kind: 'restic',
    place,
    async prepare(run) {
      const adapter = await restic(run)
      if ((await adapter.state()) === 'absent') {
        await refuseLost()
        await refuseNoParent(place)
        await adapter.init()
      }
      await makeDirectory(join(known, '..'), { secret: true })
      await writeFileAtomic(known, `${place}\n`, { mode: 0o600 })
    },
    async list(run) {
      const found: StoredBackup[] = []
      for (const [id, parts] of await snapshots(run)) {
        const last = parts.get(manifestPart)
        const manifest = last && (await manifestOf(run, last))
        const names = [...parts.keys()].filter((part) => part !== manifestPart)
        found.push({ id, parts: names, ...(manifest?.id === id ? { manifest } : {}) })
      }
      return found.sort((one, other) => backupTime(other.id) - backupTime(one.id))
    },
    put: save,
    finish: (run, manifest) =>
      save(run, manifest.id, manifestPart, Readable.from([Buffer.from(`${JSON.stringify(manifest)}\n`)])),
    async get(run, id, part, into) {
      const snapshot = (await snapshots(run)).get(id)?.get(part)
      if (!snapshot) {
        const failure = damaged(`${part} is missing`)
        into.destroy(failure)
        throw failure
      }
      await (await restic(run)).dump(snapshot.id, part, into)
    },
    async remove(run, ids) {
      const all = await snapshots(run)
      const gone = ids.flatMap((id) => [...(all.get(id)?.entries() ?? [])])
      // The manifests first: what is left when this is interrupted does not count as a backup.
      const own = gone.filter(([part]) => part === manifestPart)
      const rest = gone.filter(([part]) => part !== manifestPart)
      await (await restic(run)).forget([...own, ...rest].map(([, { id }]) => id))
      for (const [, { id }] of own) await rm(join(cache, `${id}.json`), { force: true })
    },
    async check(run) {
      await (await restic(run)).check()
    },
  }
}

/** A folder that is made where a disk should be mounted would fill the disk of the device. */
async function refuseNoParent(repository: string): Promise<void> {
  if (!isAbsolute(repository)) return
  const parent = join(repository, '..')
  const there = await stat(parent).then(
    (info) => info.isDirectory(),
    () => false,
  )
  if (!there)
    throw new WildError(
      'CONFLICT',
      `There is no folder ${parent} for the repository ${repository}. Mount the disk it is on, or make the folder.`,
      { repository, field: 'cloud.backup.root' },
    )
}
