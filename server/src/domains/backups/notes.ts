import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import type { BackupPart } from './model.ts'

/** What is known of the parts of backups that are being made, so that one broken off goes on instead of beginning anew. */
export interface PartNotes {
  of(id: string): Promise<BackupPart[]>
  add(id: string, part: BackupPart): Promise<void>
  forget(id: string): Promise<void>
}

const most = 200

/** Notes in a folder, one file for each backup in the making; the oldest are dropped. */
export function createPartNotes(folder: string): PartNotes {
  const file = (id: string) => join(folder, `${id}.json`)
  async function of(id: string): Promise<BackupPart[]> {
    try {
      return JSON.parse((await readFileIfThere(file(id))) ?? '[]') as BackupPart[]
    } catch {
      return []
    }
  }
  return {
    of,
    async add(id, part) {
      const others = (await of(id)).filter(({ name }) => name !== part.name)
      await writeFileAtomic(file(id), JSON.stringify([...others, part]), { mode: 0o600 })
    },
    async forget(id) {
      await rm(file(id), { force: true })
      const left = (await readdir(folder).catch(() => [])).sort()
      for (const name of left.slice(0, Math.max(0, left.length - most))) await rm(join(folder, name), { force: true })
    },
  }
}
