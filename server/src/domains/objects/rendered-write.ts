import { unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { mergeTexts } from './rendered-merge.ts'
import { baseText, keepBases, mergedKey, type Note, pruneBases, readNote, saveNote, sha256 } from './rendered-note.ts'

/** Files of one catalog entry, rendered into an instance, where a person may edit them. */
export interface RenderPlan {
  folder: string
  /** Where it is noted what we last wrote, to tell edits by hand. */
  note: string
  /** Text per path relative to the folder. */
  files: Map<string, string>
  /** Where an edit by hand and the new text change the same lines, the new text wins; the edited file is put aside here. */
  putAside?: string
}

export interface RenderReport {
  written: string[]
  /** Edited by hand: kept as they are. */
  kept: string[]
  removed: string[]
  /** Of those written: edited by hand, with what is new brought in. */
  merged: string[]
  /** Of those kept: what is new changes the same lines. */
  conflicts: string[]
}

export interface Comparison extends RenderReport {
  /** What would be written, by path. */
  texts: Map<string, string>
  /** Edited by hand, and to be replaced all the same. */
  replaced: string[]
}

type Fate =
  | { is: 'same' }
  | { is: 'kept'; conflict: boolean }
  | { is: 'written'; text: string; how?: 'merged' | 'replaced' }

/** What becomes of one file. */
async function fateOf(plan: RenderPlan, last: Note, path: string, text: string): Promise<Fate> {
  const current = await readFileIfThere(join(plan.folder, path))
  if (current === text) return { is: 'same' }
  const ours = last[path]
  if (current === undefined || ours?.includes(sha256(current))) return { is: 'written', text }
  const base = await baseText(plan.note, ours)
  if (base === undefined || base === text || last[mergedKey(path)]?.includes(sha256(current)))
    return { is: 'kept', conflict: false }
  const merged = mergeTexts(current, base, text)
  if (merged === current) return { is: 'kept', conflict: false }
  if (merged !== undefined) return { is: 'written', text: merged, how: 'merged' }
  return plan.putAside ? { is: 'written', text, how: 'replaced' } : { is: 'kept', conflict: true }
}

/** What writing would do: nothing is changed. */
export async function compareRendered(plan: RenderPlan): Promise<Comparison> {
  const last = await readNote(plan.note)
  const report: Comparison = {
    written: [],
    kept: [],
    removed: [],
    merged: [],
    conflicts: [],
    texts: new Map(),
    replaced: [],
  }
  for (const [path, text] of plan.files) {
    const fate = await fateOf(plan, last, path, text)
    if (fate.is === 'kept') {
      report.kept.push(path)
      if (fate.conflict) report.conflicts.push(path)
    } else if (fate.is === 'written') {
      report.written.push(path)
      report.texts.set(path, fate.text)
      if (fate.how) report[fate.how].push(path)
    }
  }
  for (const [path, hashes] of Object.entries(last)) {
    if (plan.files.has(path) || path.startsWith(mergedKey(''))) continue
    const current = await readFileIfThere(join(plan.folder, path))
    if (current !== undefined && hashes.includes(sha256(current))) report.removed.push(path)
  }
  return report
}

/**
 * Writes what differs, keeps what was edited by hand (what is new is brought in where that can be done), removes what is no
 * longer part of the entry. Repeatable after a crash.
 */
export async function writeRendered(plan: RenderPlan): Promise<RenderReport> {
  const { folder, note, files } = plan
  const { texts, replaced, ...report } = await compareRendered(plan)
  const last = await readNote(note)
  await keepBases(note, [...files.values()])
  const next: Note = {}
  for (const [path, text] of files) {
    const waits = report.kept.includes(path) && (report.conflicts.includes(path) || !last[path]?.includes(sha256(text)))
    const hashes = waits ? last[path] : [sha256(text)]
    if (hashes) next[path] = hashes
  }
  const both: Note = { ...next }
  for (const path of [...report.written, ...report.removed])
    both[path] = [...new Set([...(last[path] ?? []), ...(next[path] ?? [])])]
  for (const path of report.merged) {
    // Until it is written an edit goes back to what we wrote before.
    both[path] = last[path]!
    both[mergedKey(path)] = [sha256(texts.get(path)!)]
  }
  await saveNote(note, both)
  for (const path of replaced) await putAside(plan, path)
  for (const [path, text] of texts) await writeFileAtomic(join(folder, path), text)
  for (const path of report.removed) await unlink(join(folder, path))
  await saveNote(note, next)
  await pruneBases(note, next)
  return report
}

async function putAside({ folder, putAside: aside }: RenderPlan, path: string): Promise<void> {
  const current = await readFileIfThere(join(folder, path))
  if (current === undefined || !aside) return
  const name = `${basename(path)}.${sha256(current).slice(0, 8)}`
  await writeFileAtomic(join(aside, dirname(path), name), current)
}
