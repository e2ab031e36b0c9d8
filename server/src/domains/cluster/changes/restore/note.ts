import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writeFileAtomic } from '../../../../platform/atomic-file.ts'
import type { InstancePaths } from '../../../../platform/paths.ts'

/** How far a restore is, beside the snapshots: what was wiped for it must not be wiped again. */
const note = z.object({
  /** Tells one restore of a snapshot from the next one. */
  restore: z.string(),
  snapshot: z.string(),
  /** etcd was started with the snapshot. */
  recovered: z.boolean(),
  finished: z.boolean(),
  /** Control planes that did not answer when it began. */
  leftOut: z.array(z.string()).optional(),
})
export type RestoreNote = z.infer<typeof note>

const fileOf = (places: InstancePaths): string => join(places.etcdSnapshots, 'restore.json')

/** The last restore; undefined when there was none. */
export async function readRestoreNote(places: InstancePaths): Promise<RestoreNote | undefined> {
  try {
    return note.parse(JSON.parse((await readFileIfThere(fileOf(places))) ?? ''))
  } catch {
    return undefined
  }
}

/** Writes down how far the restore is. */
export async function writeRestoreNote(places: InstancePaths, state: RestoreNote): Promise<void> {
  await writeFileAtomic(fileOf(places), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
}

/** Forgets the last restore. */
export async function removeRestoreNote(places: InstancePaths): Promise<void> {
  await rm(fileOf(places), { force: true })
}
