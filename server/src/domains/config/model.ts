import { invalid } from '../../platform/errors.ts'
import { parse } from '../../platform/names.ts'
import type { PathSegment } from '../../platform/yaml-path.ts'
import { formatYamlPath } from '../../platform/yaml-path.ts'
import { configKeys } from './keys.ts'
import { kinds } from './kinds.ts'

/** One key to set, or to delete. */
export interface ConfigChange {
  path: string
  /** undefined deletes the key. */
  value: unknown
}

const plainKeys = configKeys.filter(({ path }) => !path.includes('*'))

/** Refuses a value that a declared key at or below the path cannot hold. Throws INVALID_INPUT naming the key. */
export function checkKnown(path: PathSegment[], value: unknown): void {
  const at = formatYamlPath(path)
  for (const { path: key, kind } of plainKeys) {
    if (at !== '' && key !== at && !key.startsWith(`${at}.`)) continue
    const rest = at === '' ? key : key.slice(at.length + 1)
    const found = rest === '' ? value : below(at, rest, value)
    // An empty value says "not set yet" (a file may hold it), unless it is just being set.
    if (found === undefined || (rest !== '' && (found === null || found === ''))) continue
    parse<unknown>(kinds[kind], found, key)
  }
}

function below(at: string, rest: string, tree: unknown): unknown {
  let value = tree
  let place = at
  for (const segment of rest.split('.')) {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'object' || Array.isArray(value))
      throw invalid(place || 'config', `${place || 'config'}: this is a section that holds settings, not a value.`)
    value = Object.hasOwn(value, segment) ? (value as Record<string, unknown>)[segment] : undefined
    place = place === '' ? segment : `${place}.${segment}`
  }
  return value
}
