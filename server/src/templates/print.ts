import { formatFloat } from './numbers.ts'
import { isList, isMap, sortedKeys, type Value } from './values.ts'

/** A value as %v prints it: nil is <nil>, maps are sorted by key. */
export function textOf(value: Value): string {
  if (value === null) return '<nil>'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value)
  if (isList(value)) return `[${value.map(textOf).join(' ')}]`
  if (isMap(value))
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${textOf(value.get(key) ?? null)}`)
      .join(' ')}]`
  return String(value)
}

/** A value as an action prints it: like %v, except that nil is <no value>. */
export function displayed(value: Value): string {
  return value === null ? '<no value>' : textOf(value)
}

/** Go's Sprint: a space stands between two operands when neither is a string. */
export function sprint(values: Value[]): string {
  let out = ''
  values.forEach((value, index) => {
    const spaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string'
    out += spaced ? ` ${textOf(value)}` : textOf(value)
  })
  return out
}

/** Go's Sprintln: spaces between all operands and a newline at the end. */
export function sprintln(values: Value[]): string {
  return `${values.map(textOf).join(' ')}\n`
}
