import { invalid } from './errors.ts'

export type PathSegment = string | number

const forbidden = new Set(['__proto__', 'prototype', 'constructor'])
const deepest = 32

/**
 * Reads a path in the syntax of the old scripts: `a.b[0].c`, segments with dots quoted: `nodes."192.168.1.91".disk`.
 * A leading dot is tolerated. Throws INVALID_INPUT (field `path`) that says where it stops making sense.
 */
export function parseYamlPath(text: string, field = 'path'): PathSegment[] {
  const segments: PathSegment[] = []
  let rest = text.startsWith('.') ? text.slice(1) : text
  let first = true
  const fail = (why: string) =>
    invalid(
      field,
      `${field}: "${text}" is not a path: ${why} (write it like cluster.nodes."10.0.0.1".disk or list[0].name).`,
    )
  while (rest !== '' || first) {
    const match = first
      ? /^(?:"((?:[^"\\]|\\.)*)"|([^.[\]"\s]+))/.exec(rest)
      : /^(?:\.(?:"((?:[^"\\]|\\.)*)"|([^.[\]"\s]+))|\[(\d{1,6})\])/.exec(rest)
    if (!match) throw fail(rest === '' ? 'it is empty' : `it stops making sense at "${rest.slice(0, 20)}"`)
    const [whole, quoted, plain, index] = match
    if (index !== undefined) segments.push(Number(index))
    else segments.push(quoted !== undefined ? quoted.replace(/\\(.)/g, '$1') : plain!)
    const last = segments.at(-1)
    if (typeof last === 'string' && (last === '' || forbidden.has(last) || last.includes('\0')))
      throw fail(`"${last}" is not allowed as a key`)
    if (segments.length > deepest) throw fail(`more than ${deepest} levels`)
    rest = rest.slice(whole.length)
    first = false
  }
  return segments
}

/** The path as text again; segments that need quotes get them. */
export function formatYamlPath(segments: readonly PathSegment[]): string {
  return segments
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`
      const text = /^[^.[\]"\s]+$/.test(segment) ? segment : `"${segment.replace(/["\\]/g, '\\$&')}"`
      return index === 0 ? text : `.${text}`
    })
    .join('')
}

/** The value at a path of a plain tree, or undefined when any part is missing. */
export function valueAt(tree: unknown, segments: readonly PathSegment[]): unknown {
  let value = tree
  for (const segment of segments) {
    if (value === null || typeof value !== 'object') return undefined
    if (Array.isArray(value) !== (typeof segment === 'number')) return undefined
    if (!Object.hasOwn(value, segment)) return undefined
    value = (value as Record<PathSegment, unknown>)[segment]
  }
  return value
}
