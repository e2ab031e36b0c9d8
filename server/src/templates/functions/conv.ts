import { FunctionFailure } from '../errors.ts'
import { isList, isTrue, type Value } from '../values.ts'
import { toBoolean, toFloat, toInteger, toText } from './conv-values.ts'
import { type FunctionModule, fixed, variadic } from './declare.ts'
import { parseUrl } from './url.ts'

function join(list: Value, separator: string): string {
  if (!isList(list)) throw new FunctionFailure('input to Join must be an array')
  return list.map(toText).join(separator)
}

function parseRadix(value: Value, base: bigint): bigint {
  const text = toText(value)
  const radix = Number(base)
  const digits = /^[+-]?([0-9a-z]+)$/i.exec(text)?.[1] ?? ''
  if (radix < 2 || radix > 36 || digits === '' || digits.length > 66) throw invalid('ParseInt', text)
  let result = 0n
  for (const digit of digits) {
    const amount = Number.parseInt(digit, 36)
    if (amount >= radix) throw invalid('ParseInt', text)
    result = result * BigInt(radix) + BigInt(amount)
  }
  return text.startsWith('-') ? -result : result
}

function invalid(name: string, text: string): FunctionFailure {
  return new FunctionFailure(`strconv.${name}: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function atoi(value: Value): bigint {
  const text = toText(value)
  if (text.length > 66 || !/^[+-]?\d+$/.test(text)) throw invalid('Atoi', text)
  return BigInt(text.replace('+', ''))
}

/** Conversions between types; `default` and `join` are the ones templates use most. */
export const conv: FunctionModule = {
  name: 'conv',
  functions: {
    Bool: fixed(['any'], (value) => /^(1|t|true)$/i.test(toText(value))),
    ToBool: fixed(['any'], toBoolean),
    ToBools: variadic([], 'any', (...values) => values.map(toBoolean)),
    Join: fixed(['any', 'string'], join),
    ParseInt: fixed(['any', 'int', 'int'], (value, base) =>
      base === 0n ? toInteger(toText(value)) : parseRadix(value, base),
    ),
    ParseUint: fixed(['any', 'int', 'int'], (value, base) =>
      base === 0n ? toInteger(toText(value)) : parseRadix(value, base),
    ),
    ParseFloat: fixed(['any', 'int'], (value) => toFloat(toText(value))),
    Atoi: fixed(['any'], atoi),
    URL: fixed(['any'], (value) => parseUrl(toText(value))),
    ToInt: fixed(['any'], toInteger),
    ToInts: variadic([], 'any', (...values) => values.map(toInteger)),
    ToInt64: fixed(['any'], toInteger),
    ToInt64s: variadic([], 'any', (...values) => values.map(toInteger)),
    ToFloat64: fixed(['any'], toFloat),
    ToFloat64s: variadic([], 'any', (...values) => values.map(toFloat)),
    ToString: fixed(['any'], toText),
    ToStrings: variadic([], 'any', (...values) => values.map(toText)),
    Default: fixed(['any', 'any'], (fallback, value) => (isTrue(value) ? value : fallback)),
  },
  aliases: { urlParse: 'URL', bool: 'Bool', join: 'Join', default: 'Default' },
}
