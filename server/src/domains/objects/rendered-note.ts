import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'

/**
 * Per path the hashes of what we wrote, the newest last; two while a write is under way, so that a crash makes no edit by
 * hand of it. `merged:<path>` is the hash of a text in which an edit and a new version were brought together.
 */
export type Note = Record<string, string[]>

export const mergedKey = (path: string) => `merged:${path}`

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The note about a folder; what cannot be understood makes every file an edit by hand: nothing is overwritten. */
export async function readNote(path: string): Promise<Note> {
  try {
    const note = JSON.parse((await readFileIfThere(path)) ?? '{}') as Record<string, string | string[]>
    return Object.fromEntries(Object.entries(note).map(([file, hashes]) => [file, [hashes].flat()]))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

export async function saveNote(path: string, note: Note): Promise<void> {
  const text = `${JSON.stringify(note, null, 2)}\n`
  if ((await readFileIfThere(path)) !== text) await writeFileAtomic(path, text)
}

/** Where the texts we wrote are kept by their hash: what an edit by hand started from. */
export const basesOf = (note: string) => note.replace(/\.json$/, '.bases')

/** What we last wrote to a file, as far as it is kept. */
export async function baseText(note: string, hashes: string[] = []): Promise<string | undefined> {
  for (const hash of [...hashes].reverse()) {
    const text = await readFileIfThere(join(basesOf(note), hash))
    if (text !== undefined) return text
  }
  return undefined
}

/** Keeps texts by their hash, before anything is written. */
export async function keepBases(note: string, texts: string[]): Promise<void> {
  if (texts.length === 0) return
  await mkdir(basesOf(note), { recursive: true })
  const there = new Set(await readdir(basesOf(note)))
  for (const text of texts) if (!there.has(sha256(text))) await writeFileAtomic(join(basesOf(note), sha256(text)), text)
}

/** Removes the texts no file goes back to. */
export async function pruneBases(noteFile: string, note: Note): Promise<void> {
  const used = new Set(Object.values(note).flat())
  for (const name of await readdir(basesOf(noteFile)).catch(() => []))
    if (!used.has(name)) await rm(join(basesOf(noteFile), name), { force: true })
}
