import { FunctionFailure } from '../errors.ts'
import { textOf } from '../print.ts'
import { compareStrings, type GoMap, isList, isMap, isObject, kindName, type Value } from '../values.ts'
import { toList } from './conv-values.ts'

/** True when two values are the same all the way down, types included. */
export function deepEqual(a: Value, b: Value): boolean {
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index] ?? null))
  if (isMap(a) && isMap(b)) {
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && deepEqual(item, b.get(key) ?? null))
  }
  if (isObject(a) && isObject(b)) return a.goType === b.goType && a.toString() === b.toString()
  return a === b
}

/** True when a map has the key, or a list the element. */
export function has(collection: Value, key: Value): boolean {
  if (isMap(collection)) return typeof key === 'string' && collection.has(key)
  return isList(collection) && collection.some((item) => deepEqual(item, key))
}

/** The value under a path of keys and indexes. Throws FunctionFailure where one is missing. */
export function strictIndex(collection: Value, keys: Value[]): Value {
  return keys.reduce((item, key) => {
    if (isMap(item)) {
      if (typeof key === 'string' && item.has(key)) return item.get(key) ?? null
      throw new FunctionFailure(`map has no key ${textOf(key)}`)
    }
    if (isList(item)) {
      if (typeof key === 'bigint' && key >= 0n && key < BigInt(item.length)) return item[Number(key)] ?? null
      throw new FunctionFailure(`index out of range: ${textOf(key)}`)
    }
    if (item === null) throw new FunctionFailure('index of untyped nil')
    throw new FunctionFailure(`can't index item of type ${kindName(item)}`)
  }, collection)
}

/** Lists within lists laid out flat, down to `depth` levels (-1: all). */
export function flatten(list: Value, depth: number): Value[] {
  const items = toList(list)
  if (depth === 0) return items
  return items.flatMap((item) => (isList(item) ? flatten(item, depth - 1) : [item]))
}

/** Two maps as one; where both have a key, the first wins, and maps are merged in turn. */
export function merge(first: GoMap, second: GoMap): GoMap {
  const result: GoMap = new Map(second)
  for (const [key, value] of first) {
    const other = result.get(key) ?? null
    result.set(key, isMap(value) && isMap(other) ? merge(value, other) : value)
  }
  return result
}

function compare(a: Value, b: Value, key: string): number {
  if (isMap(a) && isMap(b)) return a.has(key) && b.has(key) ? compare(a.get(key) ?? null, b.get(key) ?? null, '') : 0
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'bigint' || typeof a === 'number') return Number(a) - Number(b)
  return 0
}

/** A sorted copy; maps are sorted by the value under `key`. Lists of mixed kinds stay as they are. */
export function sort(list: Value, key: string): Value[] {
  if (list === null) return []
  const items = [...toList(list)]
  const kinds = new Set(items.map(kindName))
  return kinds.size > 1 ? items : items.sort((a, b) => compare(a, b, key))
}
