/**
 * The protobuf wire format by hand, so that what the lab's machines send is read by somebody else than who wrote it:
 * nothing here is shared with the lab.
 */

/** What a field holds; a list for a repeated one. */
export type Kind = 'string' | 'bytes' | 'bool' | 'int' | 'uint64' | Shape | readonly [Kind]
/** Fields of a message by name: number and kind. */
export interface Shape {
  readonly [field: string]: readonly [number, Kind]
}
// biome-ignore lint/suspicious/noExplicitAny: messages are described at run time
export type Fields = Record<string, any>

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest > 0n ? low | 0x80 : low)
  } while (rest > 0n)
  return Buffer.from(bytes)
}

const tag = (number: number, type: number): Buffer => varint(BigInt((number << 3) | type))
const chunk = (number: number, content: Buffer): Buffer =>
  Buffer.concat([tag(number, BYTES), varint(BigInt(content.length)), content])

function encodeField(number: number, kind: Kind, value: unknown): Buffer {
  if (Array.isArray(kind)) return Buffer.concat((value as unknown[]).map((one) => encodeField(number, kind[0], one)))
  if (kind === 'string') return chunk(number, Buffer.from(String(value)))
  if (kind === 'bytes') return chunk(number, Buffer.from(value as Uint8Array))
  if (typeof kind === 'string')
    return Buffer.concat([tag(number, VARINT), varint(BigInt(value as number | bigint | boolean))])
  return chunk(number, encode(kind as Shape, value as Fields))
}

/** A message as bytes; fields that are not given are left out. */
export function encode(shape: Shape, fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([name, value]) => {
      const [number, kind] = shape[name]!
      return encodeField(number, kind, value)
    }),
  )
}

function emptyOf(kind: Kind): unknown {
  if (Array.isArray(kind)) return []
  const empty: Record<string, unknown> = { string: '', bytes: Buffer.alloc(0), bool: false, int: 0, uint64: 0n }
  return typeof kind === 'string' ? empty[kind] : undefined
}

/** Reads a message; fields that were not sent have the default of their kind. Throws for bytes that are none. */
export function decode(shape: Shape, bytes: Buffer): Fields {
  const byNumber = new Map(Object.entries(shape).map(([name, [number, kind]]) => [number, { name, kind }]))
  const fields: Fields = Object.fromEntries(Object.entries(shape).map(([name, [, kind]]) => [name, emptyOf(kind)]))
  let at = 0
  const readVarint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('a message ends in the middle of a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
  }
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('a message ends in the middle of a field')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const key = Number(readVarint())
    const type = key & 7
    const known = byNumber.get(key >>> 3)
    const value =
      type === VARINT
        ? readVarint()
        : take(type === BYTES ? Number(readVarint()) : type === FIXED64 ? 8 : type === FIXED32 ? 4 : Number.NaN)
    if (known) place(fields, known.name, known.kind, value)
  }
  return fields
}

function place(fields: Fields, name: string, kind: Kind, value: bigint | Buffer): void {
  if (Array.isArray(kind)) fields[name].push(read(kind[0], value))
  else fields[name] = read(kind, value)
}

function read(kind: Kind, value: bigint | Buffer): unknown {
  if (typeof value === 'bigint') {
    if (kind === 'bool') return value !== 0n
    if (kind === 'int') return Number(BigInt.asIntN(64, value))
    if (kind === 'uint64') return value
    throw new Error(`a number where ${JSON.stringify(kind)} belongs`)
  }
  if (kind === 'string') return new TextDecoder('utf-8', { fatal: true }).decode(value)
  if (kind === 'bytes') return Buffer.from(value)
  if (typeof kind === 'string') throw new Error(`bytes where ${kind} belongs`)
  return decode(kind as Shape, value)
}
