import { usageError } from '../errors.ts'

/**
 * A path below `/api/v1` with every inserted name percent-encoded, so that no name can change the route.
 * Throws a usage error for an empty name and for `.` and `..`, which addresses swallow in any encoding.
 */
export function route(parts: TemplateStringsArray, ...names: string[]): string {
  const unusable = names.find((name) => name === '' || name === '.' || name === '..')
  if (unusable !== undefined) throw usageError(unusable === '' ? 'The name is empty.' : `"${unusable}" is not a name.`)
  return parts.reduce((path, part, i) => path + encodeURIComponent(names[i - 1]!) + part)
}
