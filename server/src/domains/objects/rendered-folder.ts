import { createHash } from 'node:crypto'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
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

/** Per path the hashes of what we wrote; two while a write is under way, so that a crash makes no edit by hand of it. */
type Note = Record<string, string[]>

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function readNote(path: string): Promise<Note> {
  try {
    const note = JSON.parse((await readFileIfThere(path)) ?? '{}') as Record<string, string | string[]>
    return Object.fromEntries(Object.entries(note).map(([file, hashes]) => [file, [hashes].flat()]))
  } catch (error) {
    // Notes that cannot be understood make every file an edit by hand: nothing is overwritten.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

async function saveNote(path: string, note: Note): Promise<void> {
  const text = `${JSON.stringify(note, null, 2)}\n`
  if ((await readFileIfThere(path)) !== text) await writeFileAtomic(path, text)
}

/** Files below a folder, as relative paths in name order; none when there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/**
 * Renders every template below `source`; errors name files as `label/…`. Throws INVALID_INPUT naming file, line and the
 * setting that is missing, CONFIG_INVALID for a template that is broken itself.
 */
export async function renderFolder(
  source: string,
  context: Context,
  skip: (path: string) => boolean,
  label = '',
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of await filesBelow(source)) {
    if (skip(path)) continue
    files.set(path, renderFile(join(label, path), await readFile(join(source, path), 'utf8'), context))
  }
  return files
}

/** Renders one text. Throws as `renderFolder` does. */
export function renderFile(file: string, text: string, context: Context): string {
  try {
    return render(text, context, { name: file })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw cannotRender(file, error)
  }
}

function cannotRender(file: string, { code, message, line, column }: TemplateError): WildError {
  const where = { file, line, column }
  const key = /<\.([\w.]+)>: (?:map has no entry|nil data; no entry|nil pointer)/.exec(message)?.[1]
  if (key)
    return new WildError('INVALID_INPUT', `${file} line ${line} needs the setting ${key}, which is not there yet.`, {
      field: key,
      ...where,
      reason: message,
      hint: `wild-cli config set ${key} VALUE`,
    })
  return code === 'TEMPLATE_EXEC'
    ? new WildError('INVALID_INPUT', `${file} line ${line} cannot be filled in: ${message}.`, {
        field: 'config',
        ...where,
      })
    : new WildError('CONFIG_INVALID', `The template ${file} is broken in line ${line}: ${message}.`, where)
}

/** What writing would do: nothing is changed. */
export async function compareRendered({ folder, note, files }: RenderPlan): Promise<RenderReport> {
  const last = await readNote(note)
  const report: RenderReport = { written: [], kept: [], removed: [] }
  for (const [path, text] of files) {
    const current = await readFileIfThere(join(folder, path))
    if (current === text) continue
    if (current !== undefined && !last[path]?.includes(sha256(current))) report.kept.push(path)
    else report.written.push(path)
  }
  for (const [path, hashes] of Object.entries(last)) {
    if (files.has(path)) continue
    const current = await readFileIfThere(join(folder, path))
    if (current !== undefined && hashes.includes(sha256(current))) report.removed.push(path)
  }
  return report
}

/** Writes what differs, keeps what was edited by hand, removes what is no longer part of the entry. Repeatable after a crash. */
export async function writeRendered(plan: RenderPlan): Promise<RenderReport> {
  const { folder, note, files } = plan
  const report = await compareRendered(plan)
  const last = await readNote(note)
  const next: Note = {}
  for (const [path, text] of files) {
    const hashes = report.kept.includes(path) ? last[path] : [sha256(text)]
    if (hashes) next[path] = hashes
  }
  const both: Note = { ...next }
  for (const path of [...report.written, ...report.removed])
    both[path] = [...new Set([...(last[path] ?? []), ...(next[path] ?? [])])]
  await saveNote(note, both)
  for (const path of report.written) await writeFileAtomic(join(folder, path), files.get(path)!)
  for (const path of report.removed) await unlink(join(folder, path))
  await saveNote(note, next)
  return report
}
