import { createHash } from 'node:crypto'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import { type Context, render, TemplateError } from '../../templates/index.ts'

/** Files of one catalog entry, rendered into an instance, where a person may edit them. */
export interface RenderPlan {
  folder: string
  /** Where it is noted what we last wrote, to tell edits by hand. */
  note: string
  /** Text per path relative to the folder. */
  files: Map<string, string>
}

export interface RenderReport {
  written: string[]
  /** Edited by hand: kept as they are. */
  kept: string[]
  removed: string[]
}

type Note = Record<string, string>

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function readNote(path: string): Promise<Note> {
  try {
    return JSON.parse((await readFileIfThere(path)) ?? '{}') as Note
  } catch {
    return {}
  }
}

/** Files below a folder, as relative paths in name order; none when there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** Renders every template below `source`. Throws INVALID_INPUT naming file, line and what is missing. */
export async function renderFolder(
  source: string,
  context: Context,
  skip: (path: string) => boolean,
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of await filesBelow(source)) {
    if (skip(path)) continue
    files.set(path, renderFile(path, await readFile(join(source, path), 'utf8'), context))
  }
  return files
}

function renderFile(path: string, text: string, context: Context): string {
  try {
    return render(text, context, { name: path })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new WildError(
      'INVALID_INPUT',
      `The template ${path} cannot be rendered (line ${error.line}): ${error.message}. Set what is missing with: wild-cli config set`,
      {
        field: 'config',
        file: path,
        line: error.line,
        column: error.column,
      },
    )
  }
}

/** What writing would do: nothing is changed. */
export async function compareRendered({ folder, note, files }: RenderPlan): Promise<RenderReport> {
  const last = await readNote(note)
  const report: RenderReport = { written: [], kept: [], removed: [] }
  for (const [path, text] of files) {
    const current = await readFileIfThere(join(folder, path))
    if (current === text) continue
    if (current !== undefined && last[path] !== sha256(current)) report.kept.push(path)
    else report.written.push(path)
  }
  for (const [path, hash] of Object.entries(last)) {
    if (files.has(path)) continue
    const current = await readFileIfThere(join(folder, path))
    if (current !== undefined && sha256(current) === hash) report.removed.push(path)
  }
  return report
}

/** Writes what differs, keeps what was edited by hand, removes what is no longer part of the entry. */
export async function writeRendered(plan: RenderPlan): Promise<RenderReport> {
  const report = await compareRendered(plan)
  for (const path of report.written) await writeFileAtomic(join(plan.folder, path), plan.files.get(path)!)
  for (const path of report.removed) await unlink(join(plan.folder, path))
  const last = await readNote(plan.note)
  const kept = Object.fromEntries(report.kept.flatMap((path) => (last[path] ? [[path, last[path]]] : [])))
  const known = [...plan.files]
    .filter(([path]) => !report.kept.includes(path))
    .map(([path, text]) => [path, sha256(text)] as const)
  const text = `${JSON.stringify({ ...Object.fromEntries(known), ...kept }, null, 2)}\n`
  if ((await readFileIfThere(plan.note)) !== text) await writeFileAtomic(plan.note, text)
  return report
}
