import { randomBytes, randomUUID } from 'node:crypto'
import { FunctionFailure } from '../errors.ts'
import { toText } from './conv-values.ts'
import { type FunctionModule, fixed } from './declare.ts'

const shape = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i

/** The usual form of a UUID. Throws FunctionFailure when the text is none. */
function parse(text: string): string {
  const match = shape.exec(text)
  if (!match) throw new FunctionFailure(`invalid UUID length: ${text.length}`)
  return match.slice(1).join('-').toLowerCase()
}

/** A version 1 UUID of the current time, with a random node. */
function versionOne(): string {
  const ticks = (BigInt(Date.now()) * 10_000n + 0x01b21dd213814000n).toString(16).padStart(15, '0')
  const node = randomBytes(8)
  node[0] = ((node[0] ?? 0) & 0x3f) | 0x80
  node[2] = (node[2] ?? 0) | 1
  const tail = node.toString('hex')
  return `${ticks.slice(-8)}-${ticks.slice(-12, -8)}-1${ticks.slice(0, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

/** Universally unique identifiers. */
export const uuid: FunctionModule = {
  name: 'uuid',
  functions: {
    V1: fixed([], versionOne),
    V4: fixed([], () => randomUUID()),
    Nil: fixed([], () => '00000000-0000-0000-0000-000000000000'),
    IsValid: fixed(['any'], (value) => shape.test(toText(value))),
    Parse: fixed(['any'], (value) => parse(toText(value))),
  },
}
