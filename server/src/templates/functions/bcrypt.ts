import { randomBytes } from 'node:crypto'
import { Blowfish } from './blowfish.ts'

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const secret = Buffer.from('OrpheanBeholderScryDoubt')

/** Base64 with bcrypt's own alphabet and no padding. */
function encode(bytes: Buffer): string {
  const usual = bytes.toString('base64').replaceAll('=', '')
  return [...usual].map((character) => alphabet[standard.indexOf(character)]).join('')
}

/** A bcrypt hash ($2a$) of at most 72 bytes; 2^cost rounds. The salt is random unless given (16 bytes). */
export function bcrypt(password: Buffer, cost: number, salt: Buffer = randomBytes(16)): string {
  const cipher = new Blowfish()
  const key = Buffer.concat([password, Buffer.from([0])])
  cipher.expand(key, salt)
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.expand(key)
    cipher.expand(salt)
  }
  const output = Buffer.from(secret)
  for (let at = 0; at < output.length; at += 8) {
    let block: [number, number] = [output.readUInt32BE(at), output.readUInt32BE(at + 4)]
    for (let i = 0; i < 64; i++) block = cipher.encrypt(...block)
    output.writeUInt32BE(block[0], at)
    output.writeUInt32BE(block[1], at + 4)
  }
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(output.subarray(0, 23))}`
}
