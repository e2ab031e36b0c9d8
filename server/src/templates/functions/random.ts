import { randomBytes, randomInt } from 'node:crypto'
import { FunctionFailure } from '../errors.ts'
import type { Ranges, RegexNode } from '../regex/nodes.ts'
import { inRanges } from '../regex/nodes.ts'
import { parseRegex } from '../regex/parse.ts'
import type { CallScope, Value } from '../values.ts'
import { toFloat, toInteger, toList, toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped, variadic } from './declare.ts'
import { checkSize } from './strings.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const printable = codesBetween(32, 126)

function codesBetween(low: number, high: number): string[] {
  if (high < low || high - low > 100_000) {
    throw new FunctionFailure(`No codepoints in range \\u{${low.toString(16)}}-\\u{${high.toString(16)}}.`)
  }
  return Array.from({ length: high - low + 1 }, (_, index) => String.fromCodePoint(low + index))
}

/** A text of `count` characters drawn from `alphabet` with a cryptographic generator. */
function draw(count: Value, alphabet: readonly string[], scope: CallScope): string {
  const length = toInteger(count)
  if (length < 1n) throw new FunctionFailure('count must be greater than 0')
  checkSize(Number(length), scope)
  scope.spend(Number(length))
  return Array.from({ length: Number(length) }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** The printable ASCII characters a set such as `[a-f0-9]` or a choice of such sets allows. */
function alphabetOf(pattern: string): string[] {
  const allowed = (node: RegexNode, code: number): boolean => {
    if (node.type === 'set') return inRanges(node.ranges as Ranges, code) !== node.negated
    if (node.type === 'choice') return node.options.some((option) => allowed(option, code))
    if (node.type === 'group' || node.type === 'repeat') return allowed(node.body, code)
    return node.type === 'sequence' && node.parts.some((part) => allowed(part, code))
  }
  const { root } = parseRegex(pattern || '[a-zA-Z0-9_.-]')
  const found = printable.filter((character) => allowed(root, character.charCodeAt(0)))
  if (found.length === 0) throw new FunctionFailure(`no printable codepoints matched regular expression ${pattern}`)
  return found
}

/** One end of a range: a single character, or the number of one. */
function codePoint(value: Value): number {
  if (typeof value === 'string' && [...value].length === 1) return value.codePointAt(0) ?? 0
  return Number(toInteger(value))
}

function randomString(args: Value[], scope: CallScope): string {
  const [count = null, first = null, second] = args
  if (args.length > 2 && second !== undefined) {
    return draw(count, codesBetween(codePoint(first), codePoint(second)), scope)
  }
  return draw(count, alphabetOf(args.length > 1 ? toText(first) : ''), scope)
}

function randomNumber(args: Value[]): bigint {
  const [low, high] =
    args.length > 1 ? [toInteger(args[0] ?? null), toInteger(args[1] ?? null)] : [0n, toInteger(args[0] ?? 100n)]
  if (high < low) throw new FunctionFailure(`min must not be greater than max (was ${low}, ${high})`)
  const size = high - low + 1n
  return low + ((randomBytes(16).readBigUInt64LE() * 2n ** 64n + randomBytes(16).readBigUInt64LE()) % size)
}

function randomFloat(args: Value[]): number {
  const [low, high] =
    args.length > 1 ? [toFloat(args[0] ?? null), toFloat(args[1] ?? null)] : [0, toFloat(args[0] ?? 1)]
  return low + (randomBytes(6).readUIntBE(0, 6) / 2 ** 48) * (high - low)
}

function randomItem(list: Value): Value {
  const items = toList(list)
  if (items.length === 0) throw new FunctionFailure('expected a non-empty array or slice')
  return items[randomInt(items.length)] ?? null
}

/** Random values, different at every rendering. */
export const random: FunctionModule = {
  name: 'random',
  functions: {
    ASCII: scoped(['any'], undefined, ([count], scope) => draw(count ?? null, printable, scope)),
    Alpha: scoped(['any'], undefined, ([count], scope) => draw(count ?? null, [...letters], scope)),
    AlphaNum: scoped(['any'], undefined, ([count], scope) => draw(count ?? null, [...letters, ...'0123456789'], scope)),
    String: scoped(['any'], 'any', randomString),
    Item: fixed(['any'], randomItem),
    Number: variadic([], 'any', (...args) => randomNumber(args)),
    Float: variadic([], 'any', (...args) => randomFloat(args)),
  },
}
