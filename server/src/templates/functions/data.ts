import { FunctionFailure } from '../errors.ts'
import { type CallScope, isList, isMap, type Value } from '../values.ts'
import { readYaml } from '../yaml-context.ts'
import { toText } from './conv-values.ts'
import { csv, csvByColumn, csvByRow, toCsv } from './csv.ts'
import { type FunctionModule, fixed, scoped, variadic } from './declare.ts'
import { toJson } from './json-text.ts'
import { toYaml } from './yaml-text.ts'

/** Reading takes time with every character, so every character counts. */
function read(value: Value, scope: CallScope): Value {
  const text = toText(value)
  scope.spend(text.length)
  return readYaml(text)
}

function readMap([value = null]: Value[], scope: CallScope): Value {
  const result = read(value, scope)
  if (isMap(result)) return result
  throw new FunctionFailure('unable to unmarshal object: it is not a map')
}

function readList([value = null]: Value[], scope: CallScope): Value {
  const result = read(value, scope)
  if (isList(result)) return result
  throw new FunctionFailure('unable to unmarshal array: it is not a list')
}

/** Reading and writing JSON, YAML and CSV. JSON is read as the YAML it also is, as gomplate does. */
export const data: FunctionModule = {
  name: 'data',
  functions: {
    JSON: scoped(['any'], undefined, readMap),
    JSONArray: scoped(['any'], undefined, readList),
    YAML: scoped(['any'], undefined, readMap),
    YAMLArray: scoped(['any'], undefined, readList),
    CSV: variadic([], 'string', (...args) => csv(args)),
    CSVByRow: variadic([], 'string', (...args) => csvByRow(args)),
    CSVByColumn: variadic([], 'string', (...args) => csvByColumn(args)),
    ToJSON: fixed(['any'], (value) => toJson(value)),
    ToJSONPretty: fixed(['string', 'any'], (indent, value) => toJson(value, indent)),
    ToYAML: fixed(['any'], toYaml),
    ToCSV: variadic([], 'any', (...args) => toCsv(args)),
  },
  aliases: {
    json: 'JSON',
    jsonArray: 'JSONArray',
    yaml: 'YAML',
    yamlArray: 'YAMLArray',
    csv: 'CSV',
    csvByRow: 'CSVByRow',
    csvByColumn: 'CSVByColumn',
    toJSON: 'ToJSON',
    toJSONPretty: 'ToJSONPretty',
    toYAML: 'ToYAML',
    toCSV: 'ToCSV',
  },
}

function source(args: Value[], scope: CallScope): Value {
  const name = String(args[0])
  const found = scope.datasources.get(name)
  if (found === undefined) throw new FunctionFailure(`undefined datasource '${name}': %!w(<nil>)`)
  return found
}

function noText(args: Value[]): never {
  throw new FunctionFailure(`undefined datasource '${String(args[0])}': %!w(<nil>)`)
}

const exists = (args: Value[], scope: CallScope): Value => scope.datasources.has(String(args[0]))

/** Data sources: those the caller of the renderer hands over; asking for another fails as it does in gomplate. */
export const datasources: FunctionModule = {
  functions: {
    ds: scoped(['string'], 'string', source),
    datasource: scoped(['string'], 'string', source),
    include: scoped(['string'], 'string', noText),
    datasourceExists: scoped(['string'], undefined, exists),
    datasourceReachable: scoped(['string'], 'string', exists),
    listDatasources: scoped([], undefined, (_args, scope) => [...scope.datasources.keys()].sort()),
  },
}
