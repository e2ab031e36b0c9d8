import { FunctionFailure } from '../errors.ts'
import { textOf } from '../print.ts'
import { type CallScope, type GoMap, isList, isMap, sortedKeys, typeName, type Value } from '../values.ts'
import { deepEqual, flatten, has, merge, sort, strictIndex } from './coll-values.ts'
import { toInteger, toList, toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped, variadic } from './declare.ts'
import { jq, jsonPath } from './query-path.ts'

function dict(pairs: Value[]): GoMap {
  const result: GoMap = new Map()
  for (let i = 0; i < pairs.length; i += 2) {
    result.set(toText(pairs[i] ?? null), i + 1 < pairs.length ? (pairs[i + 1] ?? null) : '')
  }
  return result
}

function needOne(maps: GoMap[]): GoMap[] {
  if (maps.length === 0) throw new FunctionFailure('need at least one argument')
  return maps
}

/** The keys and the map of `pick` and `omit`: the map comes last, a single list of keys is allowed. */
function keysAndMap(args: Value[]): { keys: Set<string>; map: GoMap } {
  if (args.length <= 1) throw new FunctionFailure(`wrong number of args: wanted 2 or more, got ${args.length}`)
  const map = args[args.length - 1] ?? null
  if (!isMap(map)) throw new FunctionFailure(`wrong map type: must be map[string]any, got ${typeName(map)}`)
  const [first] = args
  const keys = args.length === 2 && isList(first ?? null) ? (first as Value[]) : args.slice(0, -1)
  for (const key of keys) {
    if (typeof key === 'string') continue
    throw new FunctionFailure(`wrong key type: must be string, got ${typeName(key)} (${textOf(key)})`)
  }
  return { keys: new Set(keys as string[]), map }
}

function filterKeys(args: Value[], keep: boolean): GoMap {
  const { keys, map } = keysAndMap(args)
  return new Map([...map].filter(([key]) => keys.has(key) === keep))
}

function oneOrTwo(args: Value[]): void {
  if (args.length === 1 || args.length === 2) return
  throw new FunctionFailure(`wrong number of args: wanted 1 or 2, got ${args.length}`)
}

function sortArguments(args: Value[]): Value {
  oneOrTwo(args)
  return sort(args[args.length - 1] ?? null, args.length === 2 ? toText(args[0] ?? null) : '')
}

function flattenArguments(args: Value[]): Value {
  oneOrTwo(args)
  return flatten(args[args.length - 1] ?? null, args.length === 2 ? Number(toInteger(args[0] ?? null)) : -1)
}

function indexArguments(args: Value[]): Value {
  if (args.length < 2) throw new FunctionFailure(`wrong number of args: wanted at least 2, got ${args.length}`)
  return strictIndex(args[args.length - 1] ?? null, args.slice(0, -1))
}

function unique(args: Value[], scope: CallScope): Value[] {
  const result: Value[] = []
  for (const item of toList(args[0] ?? null)) {
    scope.spend(result.length / 4)
    if (!result.some((known) => deepEqual(known, item))) result.push(item)
  }
  return result
}

function setKey(key: string, value: Value, map: GoMap): GoMap {
  return map.set(key, value)
}

function unsetKey(key: string, map: GoMap): GoMap {
  map.delete(key)
  return map
}

/** Lists and maps. */
export const coll: FunctionModule = {
  name: 'coll',
  functions: {
    Slice: variadic([], 'any', (...items) => items),
    Dict: variadic([], 'any', (...pairs) => dict(pairs)),
    Has: fixed(['any', 'any'], has),
    Index: variadic([], 'any', (...args) => indexArguments(args)),
    Keys: variadic([], 'map', (...maps) => needOne(maps).flatMap(sortedKeys)),
    Values: variadic([], 'map', (...maps) =>
      needOne(maps).flatMap((map) => sortedKeys(map).map((key) => map.get(key) ?? null)),
    ),
    Append: fixed(['any', 'any'], (item, list) => [...toList(list), item]),
    Prepend: fixed(['any', 'any'], (item, list) => [item, ...toList(list)]),
    Uniq: scoped(['any'], undefined, unique),
    Reverse: fixed(['any'], (list) => [...toList(list)].reverse()),
    Merge: variadic(['map'], 'map', (first, ...others) => others.reduce(merge, first)),
    Sort: variadic([], 'any', (...args) => sortArguments(args)),
    Flatten: variadic([], 'any', (...args) => flattenArguments(args)),
    Pick: variadic([], 'any', (...args) => filterKeys(args, true)),
    Omit: variadic([], 'any', (...args) => filterKeys(args, false)),
    Set: fixed(['string', 'any', 'map'], setKey),
    Unset: fixed(['string', 'map'], unsetKey),
    JQ: fixed(['string', 'any'], jq),
    JSONPath: fixed(['string', 'any'], jsonPath),
  },
  aliases: {
    slice: 'Slice',
    dict: 'Dict',
    has: 'Has',
    keys: 'Keys',
    values: 'Values',
    append: 'Append',
    prepend: 'Prepend',
    uniq: 'Uniq',
    reverse: 'Reverse',
    merge: 'Merge',
    sort: 'Sort',
    flatten: 'Flatten',
    set: 'Set',
    unset: 'Unset',
    jq: 'JQ',
    jsonpath: 'JSONPath',
  },
}
