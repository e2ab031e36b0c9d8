const int64Min = -(2n ** 63n)
const int64Max = 2n ** 63n - 1n

const prefixed = /^(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])+|0|[1-9](?:_?[0-9])*)$/

/** Why a text is no integer: Go tells a bad form from a number that does not fit. */
export type NumberProblem = 'invalid syntax' | 'value out of range'

/** Reads an integer as Go's ParseInt with base 0 does: prefixes 0x, 0o, 0b and 0, underscores between digits. */
export function parseInteger(text: string): bigint | NumberProblem {
  const [, sign, digits] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (digits === undefined || !prefixed.test(digits)) return 'invalid syntax'
  const plain = digits.replaceAll('_', '').toLowerCase()
  // 64 binary digits are the most an integer has; more zeros than that in front are not worth reading.
  if (plain.length > 66) return 'value out of range'
  const magnitude = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain)
  const value = sign === '-' ? -magnitude : magnitude
  return value < int64Min || value > int64Max ? 'value out of range' : value
}

const decimalFloat = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d+)?$/

/** Reads a float as Go's ParseFloat does; undefined when the text is none. `underscores` allows 1_000.5. */
export function parseFloat64(text: string, underscores = false): number | undefined {
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (named) {
    if (named[2]?.toLowerCase() === 'nan') return Number.NaN
    return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  if (/^[+-]?0x/i.test(text)) return parseHexFloat(text.replaceAll('_', ''))
  if (!decimalFloat.test(text) || (!underscores && text.includes('_'))) return undefined
  return Number(text.replaceAll('_', ''))
}

function parseHexFloat(text: string): number | undefined {
  const match = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i.exec(text)
  if (!match || !(match[2] || match[3])) return undefined
  const digits = `${match[2]}${match[3]}`
  const magnitude = Number.parseInt(digits, 16) * 2 ** (Number(match[4]) - 4 * (match[3]?.length ?? 0))
  return match[1] === '-' ? -magnitude : magnitude
}

/** Wraps an integer to 64 bits, as Go's arithmetic does. */
export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

/** A float cut to an integer, as Go converts it; what does not fit becomes the smallest int64. */
export function truncateFloat(value: number): bigint {
  if (!Number.isFinite(value)) return int64Min
  const whole = BigInt(Math.trunc(value))
  return whole < int64Min || whole > int64Max ? int64Min : whole
}

/** The shortest decimal digits that read back as the same float, and the exponent of the first: 0.d1d2… × 10^point. */
export function shortestDigits(value: number): { digits: string; point: number } {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

/** Go's name for a float that is no number. */
export function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}

/** A float in Go's exponent form with the shortest digits: 1.5e+06, 1e-05. */
export function exponentForm(value: number): string {
  const { digits, point } = shortestDigits(value)
  const exponent = value === 0 ? 0 : point - 1
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const exponentDigits = String(Math.abs(exponent)).padStart(2, '0')
  return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${exponentDigits}`
}

/** A float in plain form with the shortest digits, at any size. */
export function plainForm(value: number): string {
  const { digits, point } = shortestDigits(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (value === 0) return `${sign}0`
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** A float as %v prints it: shortest digits, exponent form below 1e-04 and from 1e+`threshold` on. */
export function formatFloat(value: number, threshold = 6): string {
  if (!Number.isFinite(value)) return nonFinite(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const exponent = shortestDigits(value).point - 1
  return exponent < -4 || exponent >= threshold ? exponentForm(value) : plainForm(value)
}
