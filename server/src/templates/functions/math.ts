import { FunctionFailure } from '../errors.ts'
import { parseFloat64, parseInteger, truncateFloat, wrapInt64 } from '../numbers.ts'
import type { CallScope, Value } from '../values.ts'
import { toFloat, toInteger } from './conv-values.ts'
import { type FunctionModule, fixed, scoped, variadic } from './declare.ts'

function isInt(value: Value): boolean {
  return typeof value === 'bigint' || (typeof value === 'string' && typeof parseInteger(value) === 'bigint')
}

function isFloat(value: Value): boolean {
  if (typeof value === 'string') return !isInt(value) && parseFloat64(value) !== undefined
  return typeof value === 'number'
}

/** Adds what was expected to the failure of a conversion. */
function expecting<T>(what: string, convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    throw error instanceof FunctionFailure ? new FunctionFailure(`${what}: ${error.message}`) : error
  }
}

const float = (value: Value) => expecting('expected a number', () => toFloat(value))
const integer = (value: Value) => expecting('expected a number', () => toInteger(value))

/** Folds numbers as floats when one of them is a float, as integers otherwise. */
function fold(
  values: Value[],
  what: string,
  floats: (a: number, b: number) => number,
  integers: (a: bigint, b: bigint) => bigint,
): Value {
  if (values.some(isFloat))
    return values.map((value) => expecting(what, () => toFloat(value))).reduce((a, b) => floats(a, b))
  return values.map((value) => expecting(what, () => toInteger(value))).reduce((a, b) => wrapInt64(integers(a, b)))
}

function divide(a: Value, b: Value): number {
  const [dividend, divisor] = [float(a), float(b)]
  if (divisor === 0) throw new FunctionFailure('error: division by 0')
  return dividend / divisor
}

function remainder(a: Value, b: Value): bigint {
  const [dividend, divisor] = [integer(a), integer(b)]
  if (divisor === 0n) throw new FunctionFailure('runtime error: integer divide by zero')
  return dividend % divisor
}

function power(a: Value, b: Value): Value {
  const result = float(a) ** float(b)
  return isFloat(a) ? result : truncateFloat(result)
}

function absolute(value: Value): Value {
  const size = Math.abs(float(value))
  return isInt(value) ? truncateFloat(size) : size
}

/** Rounds halves away from zero. */
function round(value: number): number {
  const size = Math.abs(value)
  const rounded = size - Math.floor(size) >= 0.5 ? Math.ceil(size) : Math.floor(size)
  return value < 0 ? -rounded : rounded
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** start, end and step of (end), (start, end) or (start, end, step); both ends belong to the sequence. */
function sequence(args: Value[], scope: CallScope): bigint[] {
  const numbers = args.map(integer)
  if (numbers.length === 0 || numbers.length > 3) {
    throw new FunctionFailure(`expected 1, 2, or 3 arguments, got ${numbers.length}`)
  }
  const [start, end, givenStep] = numbers.length === 1 ? [1n, numbers[0] as bigint, 1n] : [...numbers, 1n]
  const size = (givenStep as bigint) < 0n ? -(givenStep as bigint) : (givenStep as bigint)
  if (size === 0n) return []
  const up = (end as bigint) >= (start as bigint)
  const length = (up ? (end as bigint) - (start as bigint) : (start as bigint) - (end as bigint)) / size + 1n
  scope.spend(Number(length))
  return Array.from({ length: Number(length) }, (_, index) => (start as bigint) + (up ? size : -size) * BigInt(index))
}

const rounded = (change: (value: number) => number) =>
  fixed(['any'], (value) => change(expecting('n must be a number', () => toFloat(value))))

/** Arithmetic on integers and floats, and on texts that hold them. */
export const math: FunctionModule = {
  name: 'math',
  functions: {
    IsInt: fixed(['any'], isInt),
    IsFloat: fixed(['any'], isFloat),
    IsNum: fixed(['any'], (value) => isInt(value) || isFloat(value)),
    Abs: fixed(['any'], absolute),
    Add: variadic([], 'any', (...values) =>
      fold(
        [0n, ...values],
        'expected number inputs',
        (a, b) => a + b,
        (a, b) => a + b,
      ),
    ),
    Mul: variadic([], 'any', (...values) =>
      fold(
        [1n, ...values],
        'expected number inputs',
        (a, b) => a * b,
        (a, b) => a * b,
      ),
    ),
    Sub: fixed(['any', 'any'], (a, b) =>
      fold(
        [a, b],
        'expected a number',
        (x, y) => x - y,
        (x, y) => x - y,
      ),
    ),
    Div: fixed(['any', 'any'], divide),
    Rem: fixed(['any', 'any'], remainder),
    Pow: fixed(['any', 'any'], power),
    Seq: scoped([], 'any', sequence),
    Max: variadic(['any'], 'any', (...values) => fold(values, 'expected a number', Math.max, larger)),
    Min: variadic(['any'], 'any', (...values) => fold(values, 'expected a number', Math.min, smaller)),
    Ceil: rounded(Math.ceil),
    Floor: rounded(Math.floor),
    Round: rounded(round),
  },
  aliases: { add: 'Add', sub: 'Sub', mul: 'Mul', div: 'Div', rem: 'Rem', pow: 'Pow', seq: 'Seq' },
}
