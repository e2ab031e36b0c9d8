import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import {
  makeDirectory,
  readFileIfThere,
  syncFolder,
  temporaryName,
  writeFileAtomic,
} from '../../../../platform/atomic-file.ts'
import { notFound } from '../../../../platform/errors.ts'
import { type EtcdSnapshot, isAutomatic, type SnapshotNote, snapshotNote } from './model.ts'

const pageBytes = 512
const sumBytes = 32
const suffix = '.db'

/** A snapshot is whole pages and a SHA-256 of them. */
const hasSnapshotSize = (size: number): boolean => size % pageBytes === sumBytes

async function noteOf(file: string): Promise<Partial<SnapshotNote>> {
  try {
    return snapshotNote.parse(JSON.parse((await readFileIfThere(`${file}.json`)) ?? '{}'))
  } catch {
    return {}
  }
}

async function describe(folder: string, name: string): Promise<EtcdSnapshot> {
  const file = join(folder, `${name}${suffix}`)
  const { size, mtime } = await stat(file)
  const note = await noteOf(file)
  return {
    ...note,
    name,
    file,
    size,
    takenAt: mtime.toISOString(),
    automatic: isAutomatic(name),
    whole: note.sha256 ? size > 0 : hasSnapshotSize(size),
  }
}

/** The snapshots in a folder, newest first; none when there is no folder. */
export async function listSnapshots(folder: string): Promise<EtcdSnapshot[]> {
  const files = await readdir(folder).catch(() => [])
  const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length))
  const all = await Promise.all(names.map((name) => describe(folder, name)))
  return all.sort((one, other) => other.takenAt.localeCompare(one.takenAt) || other.name.localeCompare(one.name))
}

/** One snapshot. Throws NOT_FOUND. */
export async function findSnapshot(folder: string, name: string): Promise<EtcdSnapshot> {
  const found = (await listSnapshots(folder)).find((one) => one.name === name)
  if (found) return found
  throw notFound('snapshot', name, 'wild-cli cluster etcd-snapshot list')
}

/** SHA-256 of a file, up to a length in bytes. */
async function sumOf(file: string, length?: number): Promise<Buffer> {
  const hash = createHash('sha256')
  const end = length === undefined ? undefined : length - 1
  for await (const chunk of createReadStream(file, { end })) hash.update(chunk as Buffer)
  return hash.digest()
}

/** SHA-256 of a whole file, in hex. */
export const sha256Of = async (file: string): Promise<string> => (await sumOf(file)).toString('hex')

/** True when the SHA-256 at the end of the file is that of the rest; of a copy, when it is the one noted. Reads the whole file. */
export async function isIntact({
  file,
  size,
  sha256,
}: Pick<EtcdSnapshot, 'file' | 'size' | 'sha256'>): Promise<boolean> {
  if (sha256) return (await sha256Of(file)) === sha256
  if (!hasSnapshotSize(size)) return false
  const hash = await sumOf(file, size - sumBytes)
  const handle = await open(file, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(sumBytes), 0, sumBytes, size - sumBytes)
    return hash.equals(buffer)
  } finally {
    await handle.close()
  }
}

/**
 * Keeps a snapshot that `save` writes: under another name first, in a folder and with a mode that only we may read, and
 * moved into place when it is complete. `takenAt` (ms) when it is not of this moment.
 */
export async function keepSnapshot(
  folder: string,
  name: string,
  save: (draft: string) => Promise<SnapshotNote | undefined>,
  takenAt?: number,
): Promise<EtcdSnapshot> {
  await makeDirectory(folder, { secret: true })
  const file = join(folder, `${name}${suffix}`)
  const draft = temporaryName(file)
  try {
    const note = await save(draft)
    await chmod(draft, 0o600)
    if (takenAt !== undefined) await utimes(draft, takenAt / 1_000, takenAt / 1_000)
    if (note) await writeFileAtomic(`${file}.json`, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, file)
    await syncFolder(folder)
  } finally {
    for (const left of [draft, `${draft}.part`]) await rm(left, { force: true })
  }
  return describe(folder, name)
}

/** Removes a snapshot for good. */
export async function removeSnapshot({ file }: EtcdSnapshot): Promise<void> {
  await rm(file, { force: true })
  await rm(`${file}.json`, { force: true })
}
