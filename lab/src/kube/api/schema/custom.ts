import { type FieldError, invalidValue, required, unsupportedField } from '../status.ts'
import { metadata } from './pod.ts'
import { anything, isRecord, type Schema, text } from './types.ts'

type OpenApi = Record<string, unknown>

const asOpenApi = (value: unknown): OpenApi => (isRecord(value) ? value : {})

function listSchema(node: OpenApi): Schema {
  const items = fromOpenApi(asOpenApi(node.items))
  const keys = node['x-kubernetes-list-map-keys']
  if (node['x-kubernetes-list-type'] === 'map' && Array.isArray(keys))
    return { type: 'list', items, keys: keys.map(String) }
  return { type: 'list', items, set: node['x-kubernetes-list-type'] === 'set' }
}

/** The schema of a part of a CustomResourceDefinition's `openAPIV3Schema`. */
export function fromOpenApi(node: OpenApi): Schema {
  if (node['x-kubernetes-int-or-string'] === true) return { type: 'int-or-string' }
  if (node['x-kubernetes-preserve-unknown-fields'] === true) return anything
  switch (node.type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: node.type }
    case 'array':
      return listSchema(node)
    case 'object': {
      const extra = node.additionalProperties
      if (isRecord(extra)) return { type: 'map', values: fromOpenApi(extra) }
      if (extra === true) return anything
      const known = Object.entries(asOpenApi(node.properties))
      return {
        type: 'object',
        fields: Object.fromEntries(known.map(([name, one]) => [name, fromOpenApi(asOpenApi(one))])),
      }
    }
    default:
      return anything
  }
}

/** The schema of whole objects of a custom kind; the outer fields are always the API's own. */
export function customSchema(openApi: unknown): Schema {
  const schema = fromOpenApi(asOpenApi(openApi))
  if (schema.type !== 'object') return schema
  const status = schema.fields.status ?? anything
  return { type: 'object', fields: { ...schema.fields, apiVersion: text, kind: text, metadata, status } }
}

/** What `required`, `enum`, `minimum`, `maximum` and `pattern` of a definition say against a value. */
export function customErrors(node: unknown, value: unknown, path = ''): FieldError[] {
  const schema = asOpenApi(node)
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one, index) => customErrors(schema.items, one, `${path}[${index}]`))
  if (isRecord(value)) return recordErrors(schema, value, path)
  return scalarErrors(schema, value, path)
}

function recordErrors(schema: OpenApi, value: Record<string, unknown>, path: string): FieldError[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const needed = Array.isArray(schema.required) ? schema.required.map(String) : []
  const properties = asOpenApi(schema.properties)
  const missing = needed
    .filter((name) => value[name] === undefined || value[name] === null)
    .map((name) => required(at(name)))
  const inner = Object.entries(value).flatMap(([name, one]) =>
    path === '' && name === 'metadata'
      ? []
      : customErrors(properties[name] ?? schema.additionalProperties, one, at(name)),
  )
  return [...missing, ...inner]
}

function scalarErrors(schema: OpenApi, value: unknown, path: string): FieldError[] {
  const allowed = schema.enum
  if (Array.isArray(allowed) && !allowed.includes(value)) return [unsupportedField(path, value, allowed.map(String))]
  const { minimum, maximum, pattern } = schema
  if (typeof minimum === 'number' && typeof value === 'number' && value < minimum)
    return [invalidValue(path, value, `${path} in body should be greater than or equal to ${minimum}`)]
  if (typeof maximum === 'number' && typeof value === 'number' && value > maximum)
    return [invalidValue(path, value, `${path} in body should be less than or equal to ${maximum}`)]
  if (typeof pattern === 'string' && typeof value === 'string' && !matches(pattern, value))
    return [invalidValue(path, value, `${path} in body should match '${pattern}'`)]
  return []
}

/** Patterns are RE2; one that JavaScript cannot read says nothing against the value. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}
