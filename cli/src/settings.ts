import { usageError } from './errors.ts'

/** Collects an option that may be given more than once, such as `--set key=value`. */
export function repeatable(given: string, before: string[] = []): string[] {
  return [...before, given]
}

/** `a.b=1` settings as the nested object `{ a: { b: 1 } }`; undefined when there are none. */
export async function nestSettings(settings: string[] | undefined): Promise<Record<string, unknown> | undefined> {
  if (!settings) return undefined
  const root: Record<string, unknown> = {}
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at < 1) throw usageError(`--set wants KEY=VALUE, got: ${setting}`)
    place(root, setting.slice(0, at).split('.'), await parseValue(setting.slice(at + 1)))
  }
  return root
}

/**
 * A value as YAML reads it: `5` is a number, `true` a boolean, `[a, b]` a list; whatever is not
 * a scalar or a bracketed collection stays the text that was given.
 */
export async function parseValue(text: string): Promise<unknown> {
  const bracketed = /^\s*[[{]/.test(text) && !text.includes('{{')
  const { parse } = await import('yaml')
  try {
    const value: unknown = parse(text, { logLevel: 'silent' })
    if (text.trim() === '' || (value === null && !/^(null|~)$/i.test(text.trim()))) return text
    return typeof value === 'object' && value !== null && !bracketed ? text : value
  } catch {
    return text
  }
}

function place(root: Record<string, unknown>, path: string[], value: unknown): void {
  if (path.some((key) => key === '' || key === '__proto__'))
    throw usageError(`--set wants KEY=VALUE with a key like cloud.domain, got: ${path.join('.')}`)
  const last = path.pop()!
  let level = root
  for (const key of path) {
    const below = level[key]
    if (below !== undefined && (typeof below !== 'object' || below === null)) {
      throw usageError(`--set gives ${key} both a value and keys below it.`)
    }
    level[key] = below ?? {}
    level = level[key] as Record<string, unknown>
  }
  level[last] = value
}
