import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { invalid } from '../../../platform/errors.ts'

/** The largest sealed file, in bytes: everything is held in memory, and travels as base64 in a JSON body. */
export const largestArchive = 32 * 1024 * 1024
/** Characters a passphrase has at least. The file may lie anywhere, so that guessing must not pay. */
export const shortestPassphrase = 10
const longestPassphrase = 1_000

const magic = Buffer.from('WILDARCH', 'latin1')
const version = 1
const lengths = { salt: 16, nonce: 12, check: 16, size: 6, tag: 16 }
const places = { salt: 9, nonce: 25, check: 37, size: 53 }
const headerLength = 59

/**
 * Work of version 1. The figures belong to the version and are never read from the file: a file must not be able to ask
 * for gigabytes. p = 3 with 32 MB of memory is as dear to guess as p = 1 with 128 MB, which a small computer may not have.
 */
const work = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }
const derive = promisify<string, Buffer, number, typeof work, Buffer>(scrypt)

/** The passphrase as it is used: the same letters typed on different systems are the same. Throws INVALID_INPUT. */
export function usablePassphrase(passphrase: string): string {
  const text = passphrase.normalize('NFC')
  const count = [...text].length
  if (count < shortestPassphrase)
    throw invalid('passphrase', `passphrase: at least ${shortestPassphrase} characters, please.`)
  if (count > longestPassphrase) throw invalid('passphrase', `passphrase: at most ${longestPassphrase} characters.`)
  return text
}

/** Key of the cipher (32 bytes) for a usable passphrase, and a value that tells a wrong passphrase from a damaged file. */
export async function archiveKeys(passphrase: string, salt: Buffer): Promise<{ key: Buffer; check: Buffer }> {
  const bytes = await derive(passphrase, salt, 32 + lengths.check, work)
  return { key: bytes.subarray(0, 32), check: bytes.subarray(32) }
}

/**
 * Encrypts with AES-256-GCM under a key from scrypt. Layout: `WILDARCH`, version (1 byte), salt (16), nonce (12),
 * passphrase check (16), size of what follows without the tag (6, big-endian), the encrypted bytes, tag (16). All before
 * the encrypted bytes is authenticated too. Throws INVALID_INPUT for a bad passphrase.
 */
export async function seal(plain: Buffer, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(lengths.salt)
  const nonce = randomBytes(lengths.nonce)
  const { key, check } = await archiveKeys(usablePassphrase(passphrase), salt)
  const size = Buffer.alloc(lengths.size)
  size.writeUIntBE(plain.length, 0, lengths.size)
  const header = Buffer.concat([magic, Buffer.from([version]), salt, nonce, check, size])
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: lengths.tag }).setAAD(header)
  return Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Bytes a sealed file has beside what it holds. */
export const sealOverhead = headerLength + lengths.tag

/**
 * What `seal` sealed. Throws INVALID_INPUT: field `passphrase` when it does not fit, field `archive` when the file is
 * something else, of another version, cut short, too long, or changed in any byte.
 */
export async function unseal(file: Buffer, passphrase: string): Promise<Buffer> {
  const phrase = usablePassphrase(passphrase)
  if (file.length > largestArchive)
    throw invalid('archive', `The file is larger than ${megabytes(largestArchive)}, the most an export has.`)
  if (!file.subarray(0, magic.length).equals(magic.subarray(0, file.length)) || file.length === 0)
    throw invalid('archive', 'This is not an exported instance: the file begins with something else.')
  if (file.length > magic.length && file[magic.length] !== version)
    throw invalid(
      'archive',
      `This export is of version ${file[magic.length]}; this daemon reads version ${version}. Use the Wild Central that wrote it, or a newer one.`,
      { version: file[magic.length] },
    )
  if (file.length < headerLength + lengths.tag) throw cutShort()
  const part = (at: number, length: number) => file.subarray(at, at + length)
  const salt = part(places.salt, lengths.salt)
  const nonce = part(places.nonce, lengths.nonce)
  const check = part(places.check, lengths.check)
  const size = file.readUIntBE(places.size, lengths.size)
  const sealed = file.length - headerLength - lengths.tag
  if (sealed < size) throw cutShort()
  if (sealed > size) throw damaged('it goes on after its end')
  const found = await archiveKeys(phrase, salt)
  if (!timingSafeEqual(found.check, check))
    throw invalid('passphrase', 'The passphrase does not fit this file (or the first bytes of the file are damaged).')
  const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: lengths.tag })
    .setAAD(file.subarray(0, headerLength))
    .setAuthTag(file.subarray(headerLength + size))
  try {
    return Buffer.concat([decipher.update(file.subarray(headerLength, headerLength + size)), decipher.final()])
  } catch {
    throw damaged('its bytes are not those that were written')
  }
}

/** A refusal of a file that is not what was written. */
export function damaged(why: string): Error {
  return invalid('archive', `The file is damaged: ${why}. Take another copy of it. Nothing was imported.`)
}

function cutShort(): Error {
  return invalid('archive', 'The file is cut short. Copy or download it again. Nothing was imported.')
}

/** Bytes as people say them, in whole megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
