import { FunctionFailure } from '../errors.ts'
import type { Value } from '../values.ts'
import { toText } from './conv-values.ts'
import { type FunctionModule, fixed } from './declare.ts'

/** The bytes of a value: nil has none. */
export function toBytes(value: Value): Buffer {
  return Buffer.from(value === null ? '' : toText(value))
}

/** The offset of the first byte Go's strict decoder refuses, or undefined when the text is sound. */
function corruptAt(text: string, alphabet: RegExp): number | undefined {
  let inGroup = 0
  let groupStart = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '\n' || character === '\r') continue
    if (inGroup === 0) groupStart = at
    if (alphabet.test(character)) {
      inGroup = (inGroup + 1) % 4
      continue
    }
    if (character !== '=' || inGroup < 2) return at
    const tail = text.slice(at).replace(/[\r\n]/g, '')
    const wanted = '='.repeat(4 - inGroup)
    if (tail === wanted) return undefined
    return tail.startsWith(wanted) ? at + wanted.length : text.length
  }
  return inGroup === 0 ? undefined : groupStart
}

function decode(text: string): string {
  if (corruptAt(text, /[A-Za-z0-9+/]/) === undefined) return Buffer.from(text, 'base64').toString()
  const offset = corruptAt(text, /[A-Za-z0-9_-]/)
  if (offset !== undefined) throw new FunctionFailure(`illegal base64 data at input byte ${offset}`)
  return Buffer.from(text, 'base64url').toString()
}

/** Base64; decoding also takes the URL alphabet, but not text without padding. */
export const base64: FunctionModule = {
  name: 'base64',
  functions: {
    Encode: fixed(['any'], (value) => toBytes(value).toString('base64')),
    Decode: fixed(['any'], (value) => decode(toText(value))),
    DecodeBytes: fixed(['any'], (value) => decode(toText(value))),
  },
}
