import { FunctionFailure } from './errors.ts'

const simpleEscapes: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
}

/** One escape sequence: the character or byte it stands for and the offset after it. */
interface Escape {
  code: number
  isByte: boolean
  next: number
}

function readDigits(text: string, start: number, length: number, radix: 8 | 16): number {
  const digits = text.slice(start, start + length)
  const valid = radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/
  if (digits.length !== length || !valid.test(digits)) throw new FunctionFailure('invalid syntax')
  return Number.parseInt(digits, radix)
}

/** Reads the escape whose backslash is at `at`. Only the quote in use may be escaped. */
function readEscape(text: string, at: number, quote: string): Escape {
  const letter = text[at + 1] ?? ''
  if (letter === 'x') return { code: readDigits(text, at + 2, 2, 16), isByte: true, next: at + 4 }
  if (letter === 'u' || letter === 'U') {
    const length = letter === 'u' ? 4 : 8
    const code = readDigits(text, at + 2, length, 16)
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new FunctionFailure('invalid syntax')
    return { code, isByte: false, next: at + 2 + length }
  }
  if (letter >= '0' && letter <= '7') {
    const code = readDigits(text, at + 1, 3, 8)
    if (code > 255) throw new FunctionFailure('invalid syntax')
    return { code, isByte: true, next: at + 4 }
  }
  const code = simpleEscapes[letter]
  if (code === undefined || ((letter === "'" || letter === '"') && letter !== quote)) {
    throw new FunctionFailure('invalid syntax')
  }
  return { code, isByte: false, next: at + 2 }
}

/** The text a quoted or raw Go string literal stands for. Throws FunctionFailure `invalid syntax`. */
export function unquote(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '')
  const body = literal.slice(1, -1)
  if (!body.includes('\\')) return body
  const chunks: Buffer[] = []
  for (let i = 0; i < body.length; ) {
    if (body[i] !== '\\') {
      const end = body.indexOf('\\', i)
      const stop = end < 0 ? body.length : end
      chunks.push(Buffer.from(body.slice(i, stop)))
      i = stop
      continue
    }
    const sequence = readEscape(body, i, '"')
    chunks.push(sequence.isByte ? Buffer.from([sequence.code]) : Buffer.from(String.fromCodePoint(sequence.code)))
    i = sequence.next
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The code point of a Go character constant such as 'a' or '\n'. Throws FunctionFailure. */
export function unquoteCharacter(literal: string): number {
  const malformed = new FunctionFailure(`malformed character constant: ${literal}`)
  if (literal[1] === "'") throw new FunctionFailure('invalid syntax')
  if (literal[1] === '\\') {
    const sequence = readEscape(literal, 1, "'")
    if (literal.slice(sequence.next) !== "'") throw malformed
    return sequence.code
  }
  const code = literal.codePointAt(1) ?? 0
  if (literal.slice(1 + String.fromCodePoint(code).length) !== "'") throw malformed
  return code
}

const shortEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

/** True when Go counts the character as printable: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)
}

/** A text as a Go string literal in the given quotes (%q); `ascii` escapes everything else (%+q). */
export function quote(text: string, mark: '"' | "'" = '"', ascii = false): string {
  let out = mark as string
  for (const character of text) {
    if (character === mark) out += `\\${mark}`
    else if (shortEscapes[character]) out += shortEscapes[character]
    else if (isPrintable(character) && !(ascii && character > '~')) out += character
    else out += escapeUnprintable(character.codePointAt(0) ?? 0)
  }
  return out + mark
}

function escapeUnprintable(code: number): string {
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
