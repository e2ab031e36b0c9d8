import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { asWildError } from '../../platform/errors.ts'
import { parseYaml } from '../../platform/yaml-file.ts'
import { formatYamlPath, type PathSegment, valueAt } from '../../platform/yaml-path.ts'
import { declared, isKnown, isSection, requiredKeys } from './keys.ts'
import { kinds } from './kinds.ts'

export const severities = ['error', 'warning'] as const

/** Something in config.yaml that is wrong (error) or worth a look (warning). */
export interface ConfigProblem {
  severity: (typeof severities)[number]
  message: string
  /** The key; absent when the text is not YAML at all. */
  path?: string
  /** From 1; absent when the key is not there. */
  line?: number
  column?: number
}

const options = { uniqueKeys: true, strict: true, version: '1.2', merge: true } as const

/** All problems of a config.yaml in the order of its lines; keys still to be set come last. Never throws. */
export function problemsOf(text: string): ConfigProblem[] {
  const lines = new LineCounter()
  let document: Document
  try {
    document = parseDocument(text, { ...options, lineCounter: lines })
    parseYaml(text, 'config.yaml', 'INVALID_INPUT')
  } catch (error) {
    return syntaxProblems(text, error)
  }
  const found: ConfigProblem[] = []
  const tree = document.toJS({ maxAliasCount: 100 }) ?? {}
  if (isMap(document.contents)) walk(document.contents, [])
  for (const key of requiredKeys)
    if ([undefined, null, ''].includes(valueAt(tree, key.split('.')) as never))
      found.push({
        severity: 'warning',
        path: key,
        message: 'It is not set yet; a cluster cannot be built without it.',
      })
  return found

  function walk(node: Node, at: PathSegment[]): void {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      if (!isScalar(key) || key.value === '<<') continue
      const path = [...at, typeof key.value === 'string' ? key.value : String(key.value)]
      const place = lines.linePos(key.range?.[0] ?? 0)
      const say = (severity: ConfigProblem['severity'], message: string) =>
        found.push({ severity, message, path: formatYamlPath(path), line: place.line, column: place.col })
      if (!isKnown(path)) {
        say('warning', 'This key is not known; nothing of Wild Central reads it.')
        continue
      }
      const plain = valueAt(tree, path)
      const known = declared(path)
      const empty = plain === null || plain === undefined || plain === ''
      const checked = known && !empty ? kinds[known.kind].safeParse(plain) : undefined
      if (checked && !checked.success) say('error', wording(checked.error.issues[0]!.message))
      else if (!known && !empty && !isTree(plain) && isSection(path))
        say('error', 'This is a section that holds settings, not a value.')
      else if (isMap(value)) walk(value, path)
    }
  }
}

/** The library's own words for a wrong type say less than ours. */
function wording(message: string): string {
  return message.startsWith('Invalid input') ? 'This must be text; put it in quotes.' : message
}

function syntaxProblems(text: string, error: unknown): ConfigProblem[] {
  const { message, details } = asWildError(error)
  const first: ConfigProblem = {
    severity: 'error',
    message,
    line: number(details.line),
    column: number(details.column),
  }
  try {
    const lines = new LineCounter()
    const errors = parseDocument(text, { ...options, lineCounter: lines }).errors.slice(0, 100)
    if (errors.length < 2) return [first]
    return errors.map(({ message: why, pos }) => {
      const { line, col } = lines.linePos(pos[0])
      return {
        severity: 'error',
        message: `${why.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}.`,
        line,
        column: col,
      }
    })
  } catch {
    return [first]
  }
}

function isTree(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
