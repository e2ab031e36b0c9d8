import { createReadStream, createWriteStream } from 'node:fs'
import { open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import {
  makeDirectory,
  readFileIfThere,
  syncFolder,
  temporaryName,
  writeFileAtomic,
} from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { backupId, backupManifest, backupTime, manifestPart, type StoredBackup } from '../model.ts'
import { damaged, newSealKey, type SealKey, sealing, unsealing } from './sealed.ts'
import type { Vault } from './vault.ts'

const suffix = '.sealed'
/** Below this nothing is begun: the daemon itself needs room to write. */
const leastFree = 64 * 1024 * 1024

/** Backups as encrypted files in a folder of this device, one folder each: `<id>/<part>.sealed` and `manifest.json`. */
export function createArchiveVault(folder: string, passphrase: () => Promise<string>): Vault {
  let made: { passphrase: string; key: Promise<SealKey> } | undefined

  /** Dear to make, so made once for a passphrase, which is asked for each time: it may have been changed meanwhile. */
  async function key(): Promise<SealKey> {
    const wanted = await passphrase()
    if (made?.passphrase !== wanted) made = { passphrase: wanted, key: newSealKey(wanted) }
    return made.key
  }

  async function place(id: string): Promise<string> {
    if (!backupId.safeParse(id).success)
      throw new WildError('NOT_FOUND', `There is no backup named "${id}".`, { name: id })
    return join(folder, id)
  }

  async function read(id: string): Promise<StoredBackup> {
    const names: string[] = await readdir(join(folder, id)).catch(() => [])
    const parts = names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length))
    const text = names.includes(manifestPart) ? await readFileIfThere(join(folder, id, manifestPart)) : undefined
    const manifest = text === undefined ? undefined : backupManifest.safeParse(parseJson(text)).data
    return { id, parts, ...(manifest?.id === id ? { manifest } : {}) }
  }

  return {
    kind: 'archive',
    place: folder,
    async prepare() {
      await makeDirectory(folder, { secret: true })
      const { bavail, bsize } = await statfs(folder)
      if (bavail * bsize < leastFree)
        throw new WildError(
          'DISK_FULL',
          `The disk of this device is full: there is no room for a backup in ${folder}.`,
          {
            path: folder,
            hint: 'wild-cli backup list',
          },
        )
      await key()
    },
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const ids = names.filter((name) => backupId.safeParse(name).success)
      const found = await Promise.all(ids.map(read))
      return found.sort((one, other) => backupTime(other.id) - backupTime(one.id))
    },
    async put(_run, id, part, source: Readable) {
      const own = await place(id)
      await makeDirectory(own, { secret: true })
      const sealKey = await key()
      const file = join(own, `${part}${suffix}`)
      const draft = temporaryName(file)
      try {
        await pipeline(
          source,
          createGzip({ level: 1 }),
          sealing(sealKey),
          createWriteStream(draft, { flags: 'wx', mode: 0o600 }),
        )
        await sync(draft)
        await rename(draft, file)
        await syncFolder(own)
      } catch (error) {
        await unlink(draft).catch(() => undefined)
        throw error
      }
    },
    async finish(_run, manifest) {
      const text = `${JSON.stringify(manifest, null, 2)}\n`
      await writeFileAtomic(join(await place(manifest.id), manifestPart), text, { mode: 0o600 })
    },
    async get(_run, id, part, into) {
      const file = join(await place(id), `${part}${suffix}`)
      try {
        await stat(file)
        await pipeline(createReadStream(file), unsealing(await passphrase()), createGunzip(), into)
      } catch (error) {
        const failure = readFailure(error, part)
        into.destroy(failure)
        throw failure
      }
    },
    async remove(_run, ids) {
      for (const id of ids) {
        const own = await place(id)
        // Without its manifest it does not count any more, whatever is left of it.
        await rm(join(own, manifestPart), { force: true })
        await rm(own, { recursive: true, force: true })
      }
    },
    async check() {},
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function readFailure(error: unknown, part: string): Error {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return damaged(`${part} is missing`)
  if (code?.startsWith('Z_')) return damaged('it cannot be unpacked')
  return error as Error
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
