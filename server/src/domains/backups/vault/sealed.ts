import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto'
import { WildError } from '../../../platform/errors.ts'
import { archiveKeys, usablePassphrase } from '../../instances/index.ts'

/**
 * Streams encrypted with a passphrase, of any length in little memory. Layout: `WILDSEAL`, version (1 byte), salt (16),
 * passphrase check (16), nonce prefix (7); then pieces of 64 KiB (the last is shorter, or empty), each with its tag (16).
 * AES-256-GCM; the nonce of a piece is the prefix, its number (4 bytes) and whether it is the last, so that pieces cannot
 * be reordered, repeated or left out, nor the end be cut off. The header is authenticated with every piece.
 */
const magic = Buffer.from('WILDSEAL', 'latin1')
const version = 1
const saltLength = 16
const checkLength = 16
const prefixLength = 7
const tagLength = 16
const headerLength = magic.length + 1 + saltLength + checkLength + prefixLength
const pieceLength = 64 * 1024

type Source = AsyncIterable<Buffer>

/** The key of a passphrase for one salt; dear to make, so made once for several streams. */
export interface SealKey {
  key: Buffer
  check: Buffer
  salt: Buffer
}

/** A key for new streams. Throws INVALID_INPUT for a passphrase that is too short. */
export async function newSealKey(passphrase: string): Promise<SealKey> {
  const salt = randomBytes(saltLength)
  return { salt, ...(await archiveKeys(usablePassphrase(passphrase), salt)) }
}

const recent = new Map<string, SealKey>()

async function keyFor(passphrase: string, salt: Buffer): Promise<SealKey> {
  const name = `${salt.toString('hex')} ${passphrase}`
  const known = recent.get(name)
  if (known) return known
  const made = { salt, ...(await archiveKeys(usablePassphrase(passphrase), salt)) }
  if (recent.size >= 8) recent.delete(recent.keys().next().value!)
  recent.set(name, made)
  return made
}

function nonce(prefix: Buffer, number: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  prefix.copy(bytes)
  bytes.writeUInt32BE(number, prefixLength)
  bytes[11] = last ? 1 : 0
  return bytes
}

/** Cuts a stream into pieces of one length; the last one is shorter and may be empty. */
async function* pieces(source: Source, length: number): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    held.push(chunk)
    size += chunk.length
    // One byte more is waited for: only then is a full piece known not to be the last.
    while (size > length) {
      const all = held.length === 1 ? held[0]! : Buffer.concat(held)
      yield { bytes: all.subarray(0, length), last: false }
      held = [all.subarray(length)]
      size -= length
    }
  }
  yield { bytes: Buffer.concat(held), last: true }
}

/** Encrypts. */
export function sealing({ key, check, salt }: SealKey): (source: Source) => AsyncGenerator<Buffer> {
  return async function* seal(source) {
    const prefix = randomBytes(prefixLength)
    const header = Buffer.concat([magic, Buffer.from([version]), salt, check, prefix])
    yield header
    let number = 0
    for await (const { bytes, last } of pieces(source, pieceLength)) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(prefix, number++, last), { authTagLength: tagLength })
      cipher.setAAD(header)
      yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    }
  }
}

/** True when bytes begin like a sealed stream. */
export function isSealed(start: Buffer): boolean {
  return start.subarray(0, magic.length).equals(magic)
}

/** Splits the first bytes off a stream. */
export async function head(source: Source, length: number): Promise<{ start: Buffer; rest: Source }> {
  const iterator = source[Symbol.asyncIterator]()
  const held: Buffer[] = []
  let size = 0
  while (size < length) {
    const { value, done } = await iterator.next()
    if (done) break
    held.push(value)
    size += value.length
  }
  const all = Buffer.concat(held)
  async function* rest(): AsyncGenerator<Buffer> {
    try {
      if (all.length > length) yield all.subarray(length)
      for (;;) {
        const { value, done } = await iterator.next()
        if (done) return
        yield value
      }
    } finally {
      await iterator.return?.()
    }
  }
  return { start: all.subarray(0, length), rest: rest() }
}

/** Decrypts. Throws CONFLICT: with field `passphrase` when it does not fit, else when the stream is not what was written. */
export function unsealing(passphrase: string): (source: Source) => AsyncGenerator<Buffer> {
  return async function* unseal(source) {
    const { start: header, rest } = await head(source, headerLength)
    if (!isSealed(header)) throw damaged('it begins with something else')
    if (header[magic.length] !== version)
      throw damaged(`it is of version ${header[magic.length]}, and this daemon reads version ${version}`)
    if (header.length < headerLength) throw damaged('it is cut short')
    const at = magic.length + 1
    const salt = header.subarray(at, at + saltLength)
    const check = header.subarray(at + saltLength, at + saltLength + checkLength)
    const found = await keyFor(passphrase, salt)
    if (!timingSafeEqual(found.check, check))
      throw new WildError('CONFLICT', 'The passphrase does not fit this backup. Use the one it was made with.', {
        field: 'passphrase',
      })
    const prefix = header.subarray(headerLength - prefixLength)
    let number = 0
    for await (const { bytes, last } of pieces(rest, pieceLength + tagLength)) {
      if (bytes.length < tagLength) throw damaged('it is cut short')
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce(prefix, number++, last), {
        authTagLength: tagLength,
      })
      decipher.setAAD(header).setAuthTag(bytes.subarray(bytes.length - tagLength))
      let plain: Buffer
      try {
        plain = Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - tagLength)), decipher.final()])
      } catch {
        throw damaged(last ? 'its end is missing or changed' : 'its bytes are not those that were written')
      }
      if (plain.length > 0) yield plain
    }
  }
}

/** The refusal of a backup that is not what was written. */
export function damaged(why: string): WildError {
  return new WildError('CONFLICT', `The backup is damaged: ${why}. Use another one; nothing was changed.`, {
    damaged: true,
  })
}
