import {
  type Alias,
  isAlias,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml'
import { FunctionFailure } from './errors.ts'
import { GoTime } from './go-time.ts'
import { parseFloat64, parseInteger } from './numbers.ts'
import type { GoMap, Value } from './values.ts'

/** How deep YAML collections may nest, and how many nodes aliases may multiply them to. */
const mostDepth = 1000
const mostNodes = 1_000_000

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d*))?[ \t]*(Z|[+-]\d{1,2}(?::?\d{2})?)?)?$/

/**
 * Reads YAML as gomplate does: the first document; integers and floats kept apart; dates become times; keys become
 * strings; yes and no stay strings; an empty text is an empty map. Throws FunctionFailure for text that is not YAML.
 */
export function readYaml(text: string): Value {
  // The failsafe schema leaves plain scalars as text, so that Go's rules decide what they are.
  const documents = parseAllDocuments(text, { version: '1.2', schema: 'failsafe', merge: false, logLevel: 'silent' })
  const document = Array.isArray(documents) ? documents[0] : undefined
  if (!document) return new Map()
  const problem = document.errors[0]
  if (problem) throw new FunctionFailure(`yaml: ${problem.message.split('\n')[0]}`)
  if (document.contents === null) return new Map()
  // Finding an anchor walks the document, so every alias is looked up once.
  const anchors = new Map<Node, Node | undefined>()
  const reader = new Reader((alias) => {
    if (!anchors.has(alias)) anchors.set(alias, alias.resolve(document))
    return anchors.get(alias)
  })
  return reader.value(document.contents, 0) ?? new Map()
}

class Reader {
  private nodes = 0
  private readonly resolve: (alias: Alias) => Node | undefined

  constructor(resolve: (alias: Alias) => Node | undefined) {
    this.resolve = resolve
  }

  value(node: unknown, depth: number): Value {
    if (++this.nodes > mostNodes) throw new FunctionFailure('yaml: document contains excessive aliasing')
    if (depth > mostDepth) throw new FunctionFailure('yaml: exceeded max depth')
    if (isAlias(node)) return this.value(this.resolve(node), depth + 1)
    if (isYamlMap(node)) return this.map(node, depth)
    if (isSeq(node)) return node.items.map((item) => this.value(item, depth + 1))
    if (isScalar(node)) return scalarValue(String(node.value ?? ''), node.type === 'PLAIN', node.tag)
    return null
  }

  private map(node: YAMLMap, depth: number): GoMap {
    const result: GoMap = new Map()
    const merged: Value[] = []
    for (const { key, value } of node.items) {
      const keyValue = this.value(key, depth + 1)
      if (keyValue === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(this.value(value, depth + 1))
      else result.set(keyText(keyValue, key), this.value(value, depth + 1))
    }
    for (const source of merged.flat()) {
      if (!(source instanceof Map))
        throw new FunctionFailure('yaml: map merge requires map or sequence of maps as the value')
      for (const [key, value] of source) if (!result.has(key)) result.set(key, value)
    }
    return result
  }
}

/** Keys that are no strings are kept as they were written. */
function keyText(value: Value, node: unknown): string {
  if (typeof value === 'string') return value
  return isScalar(node) ? String(node.value ?? 'null') : String(value)
}

function scalarValue(text: string, isPlain: boolean, tag: string | undefined): Value {
  if (tag === 'tag:yaml.org,2002:str' || tag === '!!str') return text
  if (tag === 'tag:yaml.org,2002:float') return parseFloat64(text) ?? text
  return isPlain ? plainScalar(text) : text
}

/** What a plain scalar means: Go's YAML 1.1-and-1.2 mixture, in which yes and no stay strings. */
export function plainScalar(text: string): Value {
  if (text === '' || text === '~' || /^(null|Null|NULL)$/.test(text)) return null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^\+?\.(inf|Inf|INF)$/.test(text)) return Number.POSITIVE_INFINITY
  if (/^-\.(inf|Inf|INF)$/.test(text)) return Number.NEGATIVE_INFINITY
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN
  if (!/^[-+.0-9]/.test(text)) return text
  return numberOrTime(text)
}

function numberOrTime(text: string): Value {
  const time = timestamp.exec(text)
  if (time) return timeValue(time) ?? text
  const plain = text.replaceAll('_', '')
  const integer = parseInteger(plain)
  if (typeof integer === 'bigint') return integer
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return parseFloat64(plain) ?? text
  return text
}

function timeValue(parts: RegExpExecArray): Value | undefined {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0))
  const nanoseconds = Number((parts[7] ?? '').padEnd(9, '0').slice(0, 9))
  const offset = zoneOffset(parts[8])
  return GoTime.fromParts({
    year,
    month,
    day,
    hour,
    minute,
    second,
    nanoseconds,
    offset,
    zone: offset === 0 ? 'UTC' : '',
  })
}

function zoneOffset(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60)
}
