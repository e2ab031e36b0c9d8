import { FunctionFailure } from '../errors.ts'
import { formatValue, sprintf } from '../format.ts'
import { isPrintable } from '../literals.ts'
import { displayed, sprint, sprintln } from '../print.ts'
import { compareStrings, isList, isMap, isObject, isTrue, typeName, type Value } from '../values.ts'
import { type FunctionModule, fixed, variadic } from './declare.ts'

type BasicKind = 'bool' | 'int' | 'float' | 'string' | undefined

function basicKind(value: Value): BasicKind {
  return ({ boolean: 'bool', bigint: 'int', number: 'float', string: 'string' } as Record<string, BasicKind>)[
    typeof value
  ]
}

const stringVerb = { verb: 's', plus: false, minus: false, sharp: false, space: false, zero: false, goSyntax: false }

function equalOne(left: Value, right: Value): boolean {
  if (basicKind(left) !== basicKind(right)) {
    if (left !== null && right !== null) throw new FunctionFailure('incompatible types for comparison')
    return false
  }
  if (basicKind(left)) return left === right
  if (left === null || right === null) return left === right
  if (isList(right) || isMap(right)) {
    throw new FunctionFailure(`non-comparable type ${formatValue(right, stringVerb)}: ${typeName(right)}`)
  }
  return left === right || (isObject(left) && isObject(right) && left.toString() === right.toString())
}

/** Go's eq: true when the first value equals any of the others. Throws FunctionFailure when kinds differ. */
export function equalsAny(left: Value, others: Value[]): boolean {
  if (others.length === 0) throw new FunctionFailure('missing argument for comparison')
  return others.some((other) => equalOne(left, other))
}

/** Go's lt. Throws FunctionFailure for kinds that have no order or do not match. */
export function lessThan(left: Value, right: Value): boolean {
  const kind = basicKind(left)
  if (!kind || !basicKind(right)) throw new FunctionFailure('invalid type for comparison')
  if (kind !== basicKind(right)) throw new FunctionFailure('incompatible types for comparison')
  if (kind === 'bool') throw new FunctionFailure('invalid type for comparison')
  if (kind === 'string') return compareStrings(left as string, right as string) < 0
  return (left as number) < (right as number)
}

function lessOrEqual(left: Value, right: Value): boolean {
  return lessThan(left, right) || equalsAny(left, [right])
}

/** The length in bytes, elements or entries. Throws FunctionFailure for what has none. */
export function lengthOf(value: Value): bigint {
  if (value === null) throw new FunctionFailure('len of nil pointer')
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (isList(value)) return BigInt(value.length)
  if (isMap(value)) return BigInt(value.size)
  throw new FunctionFailure(`len of type ${typeName(value)}`)
}

function indexOne(item: Value, key: Value): Value {
  if (item === null) throw new FunctionFailure('index of nil pointer')
  if (isMap(item)) {
    if (key === null) throw new FunctionFailure('value is nil; should be of type string')
    if (typeof key !== 'string') throw new FunctionFailure(`value has type ${typeName(key)}; should be string`)
    return item.get(key) ?? null
  }
  if (!isList(item) && typeof item !== 'string') throw new FunctionFailure(`can't index item of type ${typeName(item)}`)
  if (key === null) throw new FunctionFailure('cannot index slice/array with nil')
  if (typeof key !== 'bigint') throw new FunctionFailure(`cannot index slice/array with type ${typeName(key)}`)
  const sequence: Value[] | Buffer = typeof item === 'string' ? Buffer.from(item) : item
  // Go lets the index one past the end through to the next layer, which words it differently.
  if (key === BigInt(sequence.length)) {
    throw new FunctionFailure(`reflect: ${typeof item === 'string' ? 'string' : 'slice'} index out of range`)
  }
  if (key < 0n || key > BigInt(sequence.length)) throw new FunctionFailure(`index out of range: ${key}`)
  const found = sequence[Number(key)] as Value
  return typeof item === 'string' ? BigInt(found as number) : found
}

function indexAll(item: Value, keys: Value[]): Value {
  if (item === null) throw new FunctionFailure('index of untyped nil')
  return keys.reduce(indexOne, item)
}

/** The text the escapers work on: one nil is <no value>, as an action would print it. */
function escapable(values: Value[]): string {
  if (values.length === 1) return displayed(values[0] ?? null)
  return sprint(values.map((value) => (value === null ? '<no value>' : value)))
}

const htmlEscapes: Record<string, string> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
}

function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (character) => htmlEscapes[character] as string)
}

function escapeScript(text: string): string {
  return [...text].map(escapeScriptCharacter).join('')
}

function escapeScriptCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (/[\\'"]/.test(character)) return `\\${character}`
  if (/[<>&=]/.test(character) || code < 32) return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (code < 128 || isPrintable(character)) return character
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Escapes a text for a URL query as Go does: a space becomes +. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** The functions text/template itself has, except `slice`, which gomplate replaces; `and`, `or` and `call` only exist
 * here by name, the evaluator handles them because they do not evaluate all their arguments. */
export const builtin: FunctionModule = {
  functions: {
    and: variadic(['any'], 'any', (first) => first),
    or: variadic(['any'], 'any', (first) => first),
    call: variadic(['any'], 'any', (first) => first),
    not: fixed(['any'], (value) => !isTrue(value)),
    eq: variadic(['any'], 'any', (left, ...others) => equalsAny(left, others)),
    ne: fixed(['any', 'any'], (left, right) => !equalsAny(left, [right])),
    lt: fixed(['any', 'any'], lessThan),
    le: fixed(['any', 'any'], lessOrEqual),
    gt: fixed(['any', 'any'], (left, right) => !lessOrEqual(left, right)),
    ge: fixed(['any', 'any'], (left, right) => !lessThan(left, right)),
    len: fixed(['any'], lengthOf),
    index: variadic(['any'], 'any', (item, ...keys) => indexAll(item, keys)),
    print: variadic([], 'any', (...values) => sprint(values)),
    println: variadic([], 'any', (...values) => sprintln(values)),
    printf: variadic(['string'], 'any', (format, ...values) => sprintf(format, values)),
    html: variadic([], 'any', (...values) => escapeHtml(escapable(values))),
    js: variadic([], 'any', (...values) => escapeScript(escapable(values))),
    urlquery: variadic([], 'any', (...values) => escapeQuery(escapable(values))),
  },
}
