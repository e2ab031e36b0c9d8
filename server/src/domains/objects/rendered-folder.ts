import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { WildError } from '../../platform/errors.ts'
import { type Context, render, TemplateError } from '../../templates/index.ts'

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
