import { config } from '../../strings/config.ts'

/** What a form needs of a declared key. */
export interface FormKey {
  path: string
  kind: string
  help: string
  question: string | null
  required: boolean
  isSet: boolean
  value: unknown
  suggestion: unknown
  default: string | null
}

/** Pure: the keys that people set, below headings, in the order they are declared in. */
export function groupsOf(keys: readonly FormKey[]): { title: string; keys: FormKey[] }[] {
  const groups = new Map<string, FormKey[]>()
  for (const key of keys) {
    if (key.kind === 'section' || key.path.includes('*')) continue
    const title = titleOf(key.path)
    groups.set(title, [...(groups.get(title) ?? []), key])
  }
  // What only old scripts read comes last.
  const old = config.groups.owner
  return [...groups]
    .sort(([a], [b]) => Number(a === old) - Number(b === old))
    .map(([title, own]) => ({ title, keys: own }))
}

/** The heading of the longest part of a path that has one; else the part itself. */
function titleOf(path: string): string {
  const parts = path.split('.')
  for (let length = parts.length - 1; length > 0; length--) {
    const title = config.groups[parts.slice(0, length).join('.')]
    if (title) return title
  }
  return parts[0] ?? path
}

/** Pure: what was typed, as config.yaml shall hold it: numbers and switches as such, all else as text. */
export function typedValue(kind: string, typed: string): unknown {
  const text = typed.trim()
  if (kind === 'true or false' && (text === 'true' || text === 'false')) return text === 'true'
  const isNumber = (kind === 'port' || kind === 'whole number') && /^\d{1,15}$/.test(text)
  return isNumber ? Number(text) : text
}
