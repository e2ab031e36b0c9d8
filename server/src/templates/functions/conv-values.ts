import { FunctionFailure } from '../errors.ts'
import { quote } from '../literals.ts'
import { parseFloat64, parseInteger, truncateFloat } from '../numbers.ts'
import { textOf } from '../print.ts'
import { isList, type Value } from '../values.ts'

/** A value as text, the way gomplate's functions take their subject: nil is "nil". */
export function toText(value: Value): string {
  return value === null ? 'nil' : textOf(value)
}

function numberFromText(written: string, target: 'int64' | 'float64'): bigint | number {
  const text = written.replaceAll(',', '')
  const integer = parseInteger(text)
  if (typeof integer === 'bigint') return integer
  const float = parseFloat64(text)
  const overflows = float !== undefined && !Number.isFinite(float) && /\d/.test(text)
  if (float === undefined || overflows) {
    const problem = `strconv.ParseFloat: parsing ${quote(text)}: ${overflows ? 'value out of range' : 'invalid syntax'}`
    throw new FunctionFailure(`could not convert ${quote(text)} to ${target}: ${problem}`)
  }
  return float
}

/** A value as an integer: texts are read, floats cut, true is 1. Throws FunctionFailure for what is no number. */
export function toInteger(value: Value): bigint {
  const number = typeof value === 'string' ? numberFromText(value, 'int64') : value
  if (typeof number === 'bigint') return number
  if (typeof number === 'number') return truncateFloat(number)
  if (typeof number === 'boolean') return number ? 1n : 0n
  throw new FunctionFailure(`could not convert ${textOf(value)} to int64`)
}

/** A value as a float. Throws FunctionFailure for what is no number. */
export function toFloat(value: Value): number {
  const number = typeof value === 'string' ? numberFromText(value, 'float64') : value
  if (typeof number === 'bigint' || typeof number === 'number') return Number(number)
  if (typeof number === 'boolean') return number ? 1 : 0
  throw new FunctionFailure(`could not convert ${textOf(value)} to float64`)
}

/** True for true, non-zero numbers equal to 1 and the texts 1, t, true and yes in any case. */
export function toBoolean(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) === 1
  return typeof value === 'string' && /^(1|t|true|yes)$/i.test(value)
}

/** The elements of a list. Throws FunctionFailure for anything else. */
export function toList(value: Value): Value[] {
  if (isList(value)) return value
  throw new FunctionFailure(`expected an array or slice, but got a ${value === null ? '<nil>' : textOf(value)}`)
}
