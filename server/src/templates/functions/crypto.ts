import { createHash, pbkdf2Sync } from 'node:crypto'
import { FunctionFailure, MissingFunction } from '../errors.ts'
import type { CallScope, Value } from '../values.ts'
import { toBytes } from './base64.ts'
import { bcrypt } from './bcrypt.ts'
import { toInteger, toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped } from './declare.ts'

/** Rounds of a password hash that count as one step of the rendering. */
const roundsPerStep = 10

/** Beyond this cost the program made for it should hash. */
const highestCost = 14

const hash = (algorithm: string) =>
  fixed(['any'], (value) => createHash(algorithm).update(toBytes(value)).digest('hex'))

const hashNames: Record<string, string> = {
  'SHA-1': 'sha1',
  SHA1: 'sha1',
  'SHA-224': 'sha224',
  SHA224: 'sha224',
  'SHA-256': 'sha256',
  SHA256: 'sha256',
  'SHA-384': 'sha384',
  SHA384: 'sha384',
  'SHA-512': 'sha512',
  SHA512: 'sha512',
}

function derive(password: Value, salt: Value, rounds: bigint, length: bigint, name: string, scope: CallScope): string {
  const algorithm = Object.hasOwn(hashNames, name.toUpperCase()) ? hashNames[name.toUpperCase()] : undefined
  if (!algorithm) throw new FunctionFailure(`no such hash ${name}`)
  if (rounds < 1n || length < 1n || length > 1_000_000n)
    throw new FunctionFailure('pbkdf2: invalid iterations or length')
  scope.spend((Number(rounds) * Math.ceil(Number(length) / 20)) / roundsPerStep)
  return pbkdf2Sync(toBytes(password), toBytes(salt), Number(rounds), Number(length), algorithm).toString('hex')
}

function pbkdf2(args: Value[], scope: CallScope): string {
  const [password = null, salt = null, rounds = null, length = null, name = 'SHA-1'] = args
  return derive(password, salt, toInteger(rounds), toInteger(length), toText(name), scope)
}

/** (text) or (cost, text). */
function hashPassword(args: Value[], scope: CallScope): string {
  if (args.length < 1 || args.length > 2) {
    throw new FunctionFailure(`wrong number of args: want 1 or 2, got ${args.length}`)
  }
  const given = args.length === 2 ? toInteger(args[0] ?? null) : 10n
  const password = toBytes(args[args.length - 1] ?? null)
  if (given > 31n) throw new FunctionFailure(`crypto/bcrypt: cost ${given} is outside allowed inclusive range 4..31`)
  if (password.length > 72) throw new FunctionFailure('bcrypt: password length exceeds 72 bytes')
  const cost = given < 4n ? 10 : Number(given)
  if (cost > highestCost) throw new MissingFunction('crypto.Bcrypt')
  scope.spend(2 ** cost * 50)
  return bcrypt(password, cost)
}

/** Digests and password hashes. Keys and encryption are left to gomplate. */
export const crypto: FunctionModule = {
  name: 'crypto',
  functions: {
    SHA1: hash('sha1'),
    SHA224: hash('sha224'),
    SHA256: hash('sha256'),
    SHA384: hash('sha384'),
    SHA512: hash('sha512'),
    SHA512_224: hash('sha512-224'),
    SHA512_256: hash('sha512-256'),
    PBKDF2: scoped(['any', 'any', 'any', 'any'], 'string', pbkdf2),
    WPAPSK: scoped(['any', 'any'], undefined, ([ssid = null, password = null], scope) =>
      derive(password, ssid, 4096n, 32n, 'SHA-1', scope),
    ),
    Bcrypt: scoped([], 'any', hashPassword),
  },
}
