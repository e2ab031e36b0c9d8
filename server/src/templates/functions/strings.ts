import { FunctionFailure } from '../errors.ts'
import { quote } from '../literals.ts'
import { type CallScope, compareStrings, isList, type Value } from '../values.ts'
import { toInteger, toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped, variadic } from './declare.ts'
import { camelCase, indent, kebabCase, slug, snakeCase, titleCase, truncate, wordWrap } from './text-shapes.ts'

/** Refuses a result before it is built. */
export function checkSize(bytes: number, scope: CallScope): void {
  if (bytes > scope.maxBytes) throw new FunctionFailure(`the output is larger than ${scope.maxBytes} bytes`)
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function trimCharacters(cutset: string, text: string, sides: 'both' | 'left' | 'right'): string {
  if (cutset === '') return text
  const set = `[${escapePattern(cutset)}]+`
  const left = sides === 'right' ? text : text.replace(new RegExp(`^${set}`, 'u'), '')
  if (sides === 'left') return left
  let end = left.length
  const characters = [...left]
  while (characters.length > 0 && cutset.includes(characters[characters.length - 1] as string)) {
    end -= (characters.pop() as string).length
  }
  return left.slice(0, end)
}

/** Go's strings.Split: an empty separator splits into characters. `limit` -1 means all. */
export function splitText(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (limit < 0 || parts.length <= limit) return parts
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

/** Replaces every occurrence, refusing results beyond the output limit before they are built. */
export function replaceEvery(text: string, from: string, to: string, scope: CallScope): string {
  const pieces = splitText(text, from, -1)
  checkSize(text.length + pieces.length * to.length, scope)
  if (from === '') return pieces.length === 0 ? to : to + pieces.join(to) + to
  return pieces.join(to)
}

function repeat(count: bigint, value: Value, scope: CallScope): string {
  if (count < 0n) throw new FunctionFailure(`negative count ${count}`)
  const text = toText(value)
  checkSize(Number(count) * text.length, scope)
  return text.repeat(Number(count))
}

function indentWith(args: Value[], scope: CallScope): string {
  const [first, second] = args
  const input = toText(args[args.length - 1] ?? null)
  let width = 1n
  let unit = ' '
  if (args.length === 0) throw new FunctionFailure('expected at least 1 argument')
  if (args.length === 2 && typeof first === 'string') unit = first
  else if (args.length === 2 && typeof first === 'bigint') width = first
  else if (args.length === 3 && typeof first === 'bigint' && typeof second === 'string') {
    width = first
    unit = second
  } else if (args.length === 2 || args.length === 3) throw new FunctionFailure('invalid arguments')
  checkSize(input.length + Number(width) * unit.length * input.split('\n').length, scope)
  return indent(Number(width), unit, input)
}

function abbreviate(args: Value[]): string {
  if (args.length < 2 || args.length > 3) {
    throw new FunctionFailure("abbrev requires a 'width' and 'input' argument")
  }
  const text = toText(args[args.length - 1] ?? null)
  const width = Number(toInteger(args[args.length - 2] ?? null))
  const offset = args.length === 3 ? Number(toInteger(args[0] ?? null)) : 0
  if (Buffer.byteLength(text) <= width) return text
  if (width < 4) throw new FunctionFailure('stringutils illegal argument: Minimum abbreviation width is 4')
  if (width < 7 && offset > 4) {
    throw new FunctionFailure('stringutils illegal argument: Minimum abbreviation width with offset is 7')
  }
  if (offset <= 4) return `${text.slice(0, width - 3)}...`
  if (offset + width - 3 < text.length) return `...${text.slice(offset, offset + width - 6)}...`
  return `...${text.slice(text.length - (width - 3))}`
}

function shellQuote(value: Value): string {
  const one = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`
  return isList(value) ? value.map((item) => one(toText(item))).join(' ') : one(toText(value))
}

function wrapWords(args: Value[]): string {
  if (args.length === 0 || args.length > 3) {
    throw new FunctionFailure(`expected 1, 2, or 3 args, got ${args.length}`)
  }
  const [first, second] = args
  const text = toText(args[args.length - 1] ?? null)
  if (args.length === 2 && typeof first === 'string') return wordWrap(text, 80, first)
  const width = args.length > 1 ? Number(toInteger(first ?? null)) : 80
  return wordWrap(text, width, args.length === 3 ? toText(second ?? null) : '\n')
}

function sortTexts(list: Value): Value {
  if (!isList(list)) throw new FunctionFailure('wrong type for value; expected []string')
  return list.map(toText).sort(compareStrings)
}

function skipLines(skip: bigint, text: string): string {
  if (skip < 0n) throw new FunctionFailure(`skip must be >= 0, got ${skip}`)
  return text.split('\n').slice(Number(skip)).join('\n')
}

const withText = (change: (text: string) => Value) => fixed(['any'], (value) => change(toText(value)))
const withOption = (change: (option: string, text: string) => Value) =>
  fixed(['string', 'any'], (option, value) => change(option, toText(value)))

/** Text functions. The subject comes last, so that they can stand in a pipeline. */
export const strings: FunctionModule = {
  name: 'strings',
  functions: {
    Abbrev: variadic([], 'any', (...args) => abbreviate(args)),
    ReplaceAll: scoped(['string', 'string', 'any'], undefined, ([from, to, value], scope) =>
      replaceEvery(toText(value ?? null), from as string, to as string, scope),
    ),
    Contains: withOption((part, text) => text.includes(part)),
    HasPrefix: withOption((prefix, text) => text.startsWith(prefix)),
    HasSuffix: withOption((suffix, text) => text.endsWith(suffix)),
    Repeat: scoped(['int', 'any'], undefined, ([count, value], scope) => repeat(count as bigint, value ?? null, scope)),
    SkipLines: fixed(['int', 'string'], skipLines),
    Split: withOption((separator, text) => splitText(text, separator, -1)),
    SplitN: fixed(['string', 'int', 'any'], (separator, limit, value) =>
      splitText(toText(value), separator, Number(limit)),
    ),
    Trim: withOption((cutset, text) => trimCharacters(cutset, text, 'both')),
    TrimLeft: withOption((cutset, text) => trimCharacters(cutset, text, 'left')),
    TrimRight: withOption((cutset, text) => trimCharacters(cutset, text, 'right')),
    TrimPrefix: withOption((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
    TrimSuffix: withOption((suffix, text) => (suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
    TrimSpace: withText((text) => text.trim()),
    Title: withText(titleCase),
    ToUpper: withText((text) => text.toUpperCase()),
    ToLower: withText((text) => text.toLowerCase()),
    Trunc: fixed(['int', 'any'], (length, value) => truncate(Number(length), toText(value))),
    Indent: scoped([], 'any', indentWith),
    Slug: withText(slug),
    Quote: withText((text) => quote(text)),
    Squote: withText((text) => `'${text.replaceAll("'", "''")}'`),
    ShellQuote: fixed(['any'], shellQuote),
    SnakeCase: withText(snakeCase),
    CamelCase: withText(camelCase),
    KebabCase: withText(kebabCase),
    WordWrap: variadic([], 'any', (...args) => wrapWords(args)),
    RuneCount: variadic([], 'any', (...args) => BigInt([...args.map(toText).join('')].length)),
    Sort: fixed(['any'], sortTexts),
  },
  aliases: {
    replaceAll: 'ReplaceAll',
    title: 'Title',
    toUpper: 'ToUpper',
    toLower: 'ToLower',
    trimSpace: 'TrimSpace',
    indent: 'Indent',
    quote: 'Quote',
    squote: 'Squote',
    shellQuote: 'ShellQuote',
  },
}

/** The short names that keep Go's order of arguments, the subject first. */
export const goOrderStrings: FunctionModule = {
  functions: {
    contains: fixed(['string', 'string'], (text, part) => text.includes(part)),
    hasPrefix: fixed(['string', 'string'], (text, prefix) => text.startsWith(prefix)),
    hasSuffix: fixed(['string', 'string'], (text, suffix) => text.endsWith(suffix)),
    split: fixed(['string', 'string'], (text, separator) => splitText(text, separator, -1)),
    splitN: fixed(['string', 'string', 'int'], (text, separator, limit) => splitText(text, separator, Number(limit))),
    trim: fixed(['string', 'string'], (text, cutset) => trimCharacters(cutset, text, 'both')),
  },
}
