/** A declared key as far as completion needs it. */
export interface KnownKey {
  path: string
  kind: string
  help: string
  isSet: boolean
  suggestion?: unknown
  default?: string | null
}

/** What can be written at a place: keys, or values of one key. `from` is where it begins in the line. */
export interface Offer {
  from: number
  options: { label: string; insert: string; about: string; detail: string }[]
}

/** `"a key": ` or `key: `, with what stands before and after it. */
const entry = /^(\s*)(?:"([^"]*)"|'([^']*)'|([^\s:#"'][^:#]*?))\s*:(?=\s|$)/

/** Pure: the keys a line stands below, outermost first, told by how far lines are indented. `at` counts from 0. */
export function parentsOf(lines: readonly string[], at: number, indent: number): string[] {
  const parents: string[] = []
  let within = indent
  for (let index = at - 1; index >= 0 && within > 0; index--) {
    const [, space = '', ...names] = entry.exec(lines[index]!) ?? []
    const name = names.find((each) => each !== undefined)
    if (name === undefined || space.length >= within) continue
    parents.unshift(name)
    within = space.length
  }
  return parents
}

/** Pure: what may be written in a line up to a column, both counted from 0; undefined where nothing is known. */
export function offerAt(
  lines: readonly string[],
  at: number,
  column: number,
  keys: readonly KnownKey[],
): Offer | undefined {
  const line = (lines[at] ?? '').slice(0, column)
  if (line.includes('#')) return undefined
  const found = entry.exec(line)
  if (found && /\s$|\S/.test(line.slice(found[0].length))) return valuesFor(lines, at, line, found, keys)
  const [, space = '', typed = ''] = /^(\s*)([\w-]*)$/.exec(line) ?? []
  if (space.length + typed.length !== line.length) return undefined
  const parents = parentsOf(lines, at, space.length)
  if (space.length > 0 && parents.length === 0) return undefined
  return { from: space.length, options: namesBelow(parents, keys) }
}

/** Whether a declared path begins with these names; `*` stands for any. */
function beginsWith(parts: readonly string[], names: readonly string[]): boolean {
  return names.every((name, index) => parts[index] === name || parts[index] === '*')
}

function namesBelow(parents: readonly string[], keys: readonly KnownKey[]): Offer['options'] {
  const options = new Map<string, Offer['options'][number]>()
  for (const key of keys) {
    const parts = key.path.split('.')
    const name = parts[parents.length]
    if (!name || name === '*' || !beginsWith(parts, parents)) continue
    const leaf = parts.length === parents.length + 1 && key.kind !== 'section'
    if (options.has(name)) continue
    options.set(name, {
      label: name,
      insert: leaf ? `${name}: ` : `${name}:\n${'  '.repeat(parents.length + 1)}`,
      detail: leaf ? key.kind : '…',
      about: parts.length === parents.length + 1 ? key.help : '',
    })
  }
  return [...options.values()]
}

function valuesFor(
  lines: readonly string[],
  at: number,
  line: string,
  found: RegExpExecArray,
  keys: readonly KnownKey[],
): Offer | undefined {
  const name = found.slice(2).find((each) => each !== undefined) ?? ''
  const names = [...parentsOf(lines, at, found[1]!.length), name]
  const key = keys.find(({ path }) => {
    const parts = path.split('.')
    return parts.length === names.length && beginsWith(parts, names)
  })
  const values = key ? valuesOf(key) : []
  if (!key || !values.length) return undefined
  const rest = line.slice(found[0].length)
  const from = found[0].length + (rest.length - rest.trimStart().length)
  return { from, options: values.map((value) => ({ label: value, insert: value, detail: key.kind, about: key.help })) }
}

/** Values that make sense for a key: both of a switch, what fits this network, the default. */
function valuesOf({ kind, suggestion, default: preset }: KnownKey): string[] {
  const offered = kind === 'true or false' ? ['true', 'false'] : []
  if (suggestion !== undefined && suggestion !== null) offered.unshift(String(suggestion))
  // A default that is made of other values is no value itself.
  if (preset && !preset.includes('<')) offered.push(preset)
  return [...new Set(offered)]
}
