import { isPrintable, quote } from './literals.ts'
import { formatFloat, nonFinite, shortestDigits } from './numbers.ts'

/** The flags, width and precision of one printf directive. */
export interface Directive {
  verb: string
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** %#v: the value as Go source. */
  goSyntax: boolean
  width?: number
  precision?: number
}

/** Pads a text to the width of a directive, with zeros where that is asked for and allowed. */
export function pad(text: string, directive: Directive, zeros = directive.zero): string {
  const missing = (directive.width ?? 0) - [...text].length
  if (missing <= 0) return text
  if (directive.minus) return text + ' '.repeat(missing)
  return (zeros ? '0' : ' ').repeat(missing) + text
}

/** Pads a number: zeros go between its sign and its digits. */
function padNumber(sign: string, digits: string, directive: Directive, zeros: boolean): string {
  if (!zeros || directive.minus || directive.width === undefined) return pad(sign + digits, directive, false)
  return sign + digits.padStart(directive.width - sign.length, '0')
}

function signOf(negative: boolean, directive: Directive): string {
  if (negative) return '-'
  if (directive.plus) return '+'
  return directive.space ? ' ' : ''
}

const radixes: Record<string, { radix: number; prefix: string }> = {
  v: { radix: 10, prefix: '' },
  d: { radix: 10, prefix: '' },
  b: { radix: 2, prefix: '0b' },
  o: { radix: 8, prefix: '0' },
  O: { radix: 8, prefix: '0o' },
  x: { radix: 16, prefix: '0x' },
  X: { radix: 16, prefix: '0X' },
}

/** An integer under %d, %x, %c and the like; undefined when the verb does not fit integers. */
export function formatInteger(value: bigint, directive: Directive): string | undefined {
  const { verb, width = 0 } = directive
  if (verb === 'c' || verb === 'q' || verb === 'U') return formatCodePoint(value, directive)
  const base = radixes[verb]
  if (!base) return undefined
  const sign = signOf(value < 0n, directive)
  let digits = (value < 0n ? -value : value).toString(base.radix)
  if (verb === 'X') digits = digits.toUpperCase()
  // Zeros asked for by a width count digits alone, so a prefix makes the result longer.
  const zeros = directive.zero && !directive.minus ? width - sign.length : 0
  if (directive.precision === 0 && value === 0n) return pad('', directive, false)
  digits = digits.padStart(directive.precision ?? zeros, '0')
  const prefix = directive.sharp || verb === 'O' ? base.prefix : ''
  return pad(sign + prefix + digits, directive, false)
}

function formatCodePoint(value: bigint, directive: Directive): string {
  const valid = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn)
  const character = String.fromCodePoint(valid ? Number(value) : 0xfffd)
  if (directive.verb === 'c') return pad(character, directive)
  if (directive.verb === 'q') return pad(quote(character, "'", directive.plus), directive)
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase()
  const name = `U+${digits.padStart(Math.max(4, directive.precision ?? 0), '0')}`
  return pad(directive.sharp && valid && isPrintable(character) ? `${name} '${character}'` : name, directive, false)
}

/** A float under %v, %g, %f, %e; undefined when the verb does not fit floats. */
export function formatFloatWith(value: number, directive: Directive): string | undefined {
  if (!/^[vgGeEfF]$/.test(directive.verb)) return undefined
  if (!Number.isFinite(value)) {
    const name = nonFinite(value).replace('+', '')
    const sign = name.startsWith('-') ? '' : signOf(false, directive)
    return pad(sign + (name === 'Inf' && !sign ? '+Inf' : name), directive, false)
  }
  const digits = floatDigits(Math.abs(value), directive)
  const negative = value < 0 || Object.is(value, -0)
  const cased = /[GE]/.test(directive.verb) ? digits.toUpperCase() : digits
  return padNumber(signOf(negative, directive), cased, directive, directive.zero)
}

function floatDigits(value: number, { verb, precision, sharp }: Directive): string {
  switch (verb.toLowerCase()) {
    case 'f':
      return fixed(value, precision ?? 6)
    case 'e':
      return exponential(value, precision ?? 6)
  }
  if (precision === undefined) return formatFloat(value)
  return general(value, Math.max(precision, 1), sharp)
}

function general(value: number, precision: number, keepZeros: boolean): string {
  const rounded = exponential(value, precision - 1)
  const exponent = Number(rounded.slice(rounded.indexOf('e') + 1))
  const fullText = exponent < -4 || exponent >= precision ? rounded : fixed(value, precision - 1 - exponent)
  if (keepZeros) return fullText
  const [digits = '', tail] = fullText.split('e')
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return tail === undefined ? short : `${short}e${tail}`
}

/** The value times 10^decimals, rounded half to even on the exact binary value. */
function scaled(value: number, decimals: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const biased = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  const exponent = (biased === 0 ? 1 : biased) - 1075
  let numerator = mantissa * (exponent > 0 ? 1n << BigInt(exponent) : 1n)
  let denominator = exponent < 0 ? 1n << BigInt(-exponent) : 1n
  if (decimals >= 0) numerator *= 10n ** BigInt(decimals)
  else denominator *= 10n ** BigInt(-decimals)
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const roundUp = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return roundUp ? quotient + 1n : quotient
}

/** More decimals than the smallest float has; whatever follows is zeros. */
const mostDecimals = 1100

function fixed(value: number, decimals: number): string {
  const exact = Math.min(decimals, mostDecimals)
  const digits = scaled(value, exact)
    .toString()
    .padStart(exact + 1, '0')
  if (decimals === 0) return digits
  return `${digits.slice(0, -exact)}.${digits.slice(-exact)}${'0'.repeat(decimals - exact)}`
}

function exponential(value: number, allDecimals: number): string {
  const decimals = Math.min(allDecimals, mostDecimals)
  let exponent = value === 0 ? 0 : shortestDigits(value).point - 1
  const digitsAt = () =>
    scaled(value, decimals - exponent)
      .toString()
      .padStart(decimals + 1, '0')
  let digits = digitsAt()
  // The shortest form may have rounded up to the next power of ten.
  if (value !== 0 && digits.startsWith('0')) {
    exponent--
    digits = digitsAt()
  }
  if (digits.length > decimals + 1) {
    exponent++
    digits = digits.slice(0, -1)
  }
  const fraction = decimals > 0 ? `.${digits.slice(1)}${'0'.repeat(allDecimals - decimals)}` : ''
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`
}
