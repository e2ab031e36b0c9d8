import { Document, isCollection, isMap, isPair, isScalar, type Pair, parseDocument, Scalar, type YAMLMap } from 'yaml'
import type { PathSegment } from './yaml-path.ts'

/** One change of a document; `value: undefined` deletes the key. */
export interface Change {
  path: PathSegment[]
  value: unknown
}

const parseOptions = { version: '1.2', merge: true } as const

interface Place {
  map: YAMLMap
  pair?: Pair
  /** Segments of the path that are not there yet; the first is the key to set in `map`. */
  rest: PathSegment[]
}

/**
 * One change made in the text itself, so that every line it does not concern stays as somebody wrote it, byte by byte.
 * Undefined where that is not simple (lists, anchors, an empty file…); the caller checks that the outcome says what it should.
 */
export function editText(text: string, { path, value }: Change): string | undefined {
  const { contents } = parseDocument(text, parseOptions)
  if (!isMap(contents) || contents.items.length === 0) return undefined
  const place = find(contents, path)
  if (!place || place.map.flow || place.rest.some((segment) => typeof segment === 'number')) return undefined
  const edited =
    value === undefined
      ? remove(text, place, path)
      : place.pair
        ? replace(text, place.pair, nested(place.rest, value))
        : insert(text, place, nested(place.rest, value))
  return edited !== undefined && text.includes('\r\n') ? edited.replace(/\r?\n/g, '\r\n') : edited
}

/** The innermost map on the way to a path. Undefined when the way leads through something else. */
function find(root: YAMLMap, path: PathSegment[]): Place | undefined {
  let map = root
  for (const [index, segment] of path.entries()) {
    const rest = path.slice(index)
    const pair = map.items.find(({ key }) => isScalar(key) && key.value === segment)
    if (!pair) return { map, rest }
    if (rest.length === 1) return { map, pair, rest }
    if (isEmpty(pair.value)) return { map, pair, rest }
    if (!isMap(pair.value)) return undefined
    map = pair.value
  }
  return undefined
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) ? node.value === null : isMap(node) && node.items.length === 0)
}

/** The value of the first segment that holds `value` at the end of the others. */
function nested([, ...below]: PathSegment[], value: unknown): unknown {
  return below.reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), value)
}

function remove(text: string, { map, pair, rest }: Place, path: PathSegment[]): string | undefined {
  if (!pair || rest.length > 1) return undefined
  // The last key of a section leaves an empty section, not nothing.
  if (map.items.length === 1)
    return path.length > 1 ? editText(text, { path: path.slice(0, -1), value: {} }) : undefined
  const from = lineStart(text, startOf(pair))
  if (text.slice(from, startOf(pair)).trim() !== '') return undefined
  return text.slice(0, from) + text.slice(lineEnd(text, endOf(pair)))
}

function replace(text: string, pair: Pair, value: unknown): string | undefined {
  const old = pair.value
  if (isScalar(old) && old.range && old.range[1] > old.range[0] && !old.anchor) {
    const written = inline(old, value)
    if (written !== undefined) return text.slice(0, old.range[0]) + written + text.slice(old.range[1])
  }
  const [from, to] = [startOf(pair), endOf(pair)]
  const indent = ' '.repeat(from - lineStart(text, from))
  const end = lineEnd(text, to)
  const [first, ...more] = block(pair.key, value, indent).trimStart().split('\n')
  // A note beside the old value stays beside the new one's first line; below it, it would be read as text.
  const note = isCollection(old) && !old.flow ? '' : text.slice(to, end).trimEnd()
  const lineBreak = text[end - 1] === '\n' ? '\n' : ''
  return text.slice(0, from) + [`${first}${note}`, ...more].join('\n') + lineBreak + text.slice(end)
}

function insert(text: string, { map, rest }: Place, value: unknown): string {
  const first = startOf(map.items[0]!)
  const at = lineEnd(text, endOf(map.items.at(-1)!))
  const before = text.slice(0, at)
  const lineBreak = before === '' || before.endsWith('\n') ? '' : '\n'
  const indent = ' '.repeat(first - lineStart(text, first))
  return `${before}${lineBreak}${block(rest[0], value, indent)}\n${text.slice(at)}`
}

/** A plain value on one line, quoted as the old one was; undefined when it takes more than that. */
function inline(old: Scalar, value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined
  const next = new Scalar(value)
  const quoted = old.type === Scalar.QUOTE_DOUBLE || old.type === Scalar.QUOTE_SINGLE
  if (typeof value === 'string' && quoted) next.type = old.type
  const written = new Document(next).toString({ lineWidth: 0 }).trimEnd()
  const wasInline = quoted || old.type === Scalar.PLAIN
  return wasInline && !written.includes('\n') ? written : undefined
}

/** `key: value` in block style, indented, without the last line break. */
function block(key: unknown, value: unknown, indent: string): string {
  const document = new Document({})
  document.set(isScalar(key) ? key.value : key, document.createNode(value))
  const lines = document.toString({ lineWidth: 0 }).replace(/\n$/, '').split('\n')
  return lines.map((line) => (line ? indent + line : line)).join('\n')
}

function startOf(pair: Pair): number {
  return (pair.key as Scalar).range![0]
}

/** Where a pair's own text ends: comments and blank lines after it belong to nobody or to the next one. */
function endOf({ key, value }: Pair): number {
  return endOfNode(value) ?? (key as Scalar).range![1]
}

function endOfNode(node: unknown): number | undefined {
  if (isCollection(node) && !node.flow && node.items.length) {
    const last = node.items.at(-1)
    return isPair(last) ? endOf(last) : endOfNode(last)
  }
  return (node as Scalar | null)?.range?.[1]
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Start of the line after the one that ends at or after `at`. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === '\n') return at
  const found = text.indexOf('\n', at)
  return found < 0 ? text.length : found + 1
}
