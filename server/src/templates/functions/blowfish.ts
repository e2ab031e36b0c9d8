/**
 * The Blowfish cipher as bcrypt uses it. Its starting tables are the digits of pi, which are computed here rather than
 * listed: 18 round keys and four boxes of 256 words, 32 bits each, from the fractional part of pi.
 */
const rounds = 16
const keyWords = rounds + 2
const boxWords = 256
const tableWords = keyWords + 4 * boxWords

/** arctan(1/x) in fixed point. */
function arctanInverse(x: bigint, one: bigint): bigint {
  const square = x * x
  let term = one / x
  let sum = term
  for (let divisor = 3n, sign = -1n; term !== 0n; divisor += 2n, sign = -sign) {
    term /= square
    sum += (sign * term) / divisor
  }
  return sum
}

/** Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239), with some digits to spare. */
function piWords(): Uint32Array {
  const spare = 64n
  const bits = BigInt(tableWords * 32)
  const one = 1n << (bits + spare)
  const pi = 16n * arctanInverse(5n, one) - 4n * arctanInverse(239n, one)
  const fraction = (pi - 3n * one) >> spare
  const digits = fraction.toString(16).padStart(tableWords * 8, '0')
  return Uint32Array.from({ length: tableWords }, (_, index) =>
    Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16),
  )
}

let startingTables: Uint32Array | undefined

/** A cipher whose key schedule is made expensive by running it over and over. */
export class Blowfish {
  private readonly tables: Uint32Array
  private left = 0
  private right = 0

  constructor() {
    startingTables ??= piWords()
    this.tables = startingTables.slice()
  }

  /** Mixes a key, and a salt when there is one, into the tables. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const keyReader = new WordReader(key)
    for (let i = 0; i < keyWords; i++) this.tables[i] = (this.tables[i] as number) ^ keyReader.next()
    const saltReader = salt ? new WordReader(salt) : undefined
    this.left = 0
    this.right = 0
    for (let i = 0; i < tableWords; i += 2) {
      if (saltReader) {
        this.left ^= saltReader.next()
        this.right ^= saltReader.next()
      }
      this.encryptBlock()
      this.tables[i] = this.left
      this.tables[i + 1] = this.right
    }
  }

  /** Encrypts two words. */
  encrypt(left: number, right: number): [number, number] {
    this.left = left
    this.right = right
    this.encryptBlock()
    return [this.left >>> 0, this.right >>> 0]
  }

  private encryptBlock(): void {
    const words = this.tables
    let left = this.left ^ (words[0] as number)
    let right = this.right
    for (let round = 1; round <= rounds; round += 2) {
      right ^= this.mix(left) ^ (words[round] as number)
      left ^= this.mix(right) ^ (words[round + 1] as number)
    }
    this.left = right ^ (words[rounds + 1] as number)
    this.right = left
  }

  private mix(word: number): number {
    const words = this.tables
    const first =
      (words[keyWords + (word >>> 24)] as number) + (words[keyWords + 256 + ((word >>> 16) & 255)] as number)
    const third = words[keyWords + 512 + ((word >>> 8) & 255)] as number
    return ((first ^ third) + (words[keyWords + 768 + (word & 255)] as number)) | 0
  }
}

/** Reads bytes as 32-bit words, starting over at the end. */
class WordReader {
  private readonly bytes: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  next(): number {
    let word = 0
    for (let i = 0; i < 4; i++) {
      word = (word << 8) | (this.bytes[this.at] as number)
      this.at = (this.at + 1) % this.bytes.length
    }
    return word
  }
}
