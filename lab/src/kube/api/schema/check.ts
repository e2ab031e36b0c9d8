import { elementKey, isRecord, type Schema } from './types.ts'

/** A field that the schema does not know, or a value of the wrong type. */
export interface Mismatch {
  /** As the structured merge names it: `.spec.template.spec.containers[name="web"].imagee`. */
  path: string
  /** As the strict decoder names it: `spec.template.spec.containers[0].imagee`. */
  plainPath: string
  problem: 'unknown' | 'type' | 'duplicate'
  message: string
}

interface Place {
  path: string
  plainPath: string
}

const field = (place: Place, name: string): Place => ({
  path: `${place.path}.${name}`,
  plainPath: place.plainPath === '' ? name : `${place.plainPath}.${name}`,
})

function element(place: Place, schema: Schema & { type: 'list' }, value: unknown, index: number): Place {
  const keys = schema.keys?.map((key) => `${key}=${JSON.stringify((value as Record<string, unknown> | null)?.[key])}`)
  return { path: `${place.path}[${keys?.join(',') ?? index}]`, plainPath: `${place.plainPath}[${index}]` }
}

const wrong = (place: Place, expected: string, value: unknown): Mismatch[] => [
  { ...place, problem: 'type', message: `expected ${expected}, got ${JSON.stringify(value)}` },
]

/**
 * Compares a value with a schema. `null` fits everywhere: it stands for a field that is not set.
 * Returns every mismatch, none when the value fits.
 */
export function mismatches(schema: Schema, value: unknown, place: Place = { path: '', plainPath: '' }): Mismatch[] {
  if (value === null || value === undefined) return []
  switch (schema.type) {
    case 'any':
      return []
    case 'string':
      return typeof value === 'string' ? [] : wrong(place, 'string', value)
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong(place, 'boolean', value)
    case 'integer':
      return Number.isInteger(value) ? [] : wrong(place, 'numeric (int or float)', value)
    case 'number':
      return typeof value === 'number' ? [] : wrong(place, 'numeric (int or float)', value)
    case 'int-or-string':
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number' ? [] : wrong(place, 'string or number', value)
    case 'map':
      if (!isRecord(value)) return wrong(place, 'map', value)
      return Object.entries(value).flatMap(([name, inner]) => mismatches(schema.values, inner, field(place, name)))
    case 'object':
      return isRecord(value) ? objectMismatches(schema, value, place) : wrong(place, 'map', value)
    case 'list':
      return Array.isArray(value) ? listMismatches(schema, value, place) : wrong(place, 'list', value)
  }
}

function objectMismatches(
  schema: Schema & { type: 'object' },
  value: Record<string, unknown>,
  place: Place,
): Mismatch[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined
    if (known !== undefined) return mismatches(known, inner, field(place, name))
    return [{ ...field(place, name), problem: 'unknown' as const, message: 'field not declared in schema' }]
  })
}

function listMismatches(schema: Schema & { type: 'list' }, value: unknown[], place: Place): Mismatch[] {
  const seen = new Set<string>()
  return value.flatMap((one, index) => {
    const inner = element(place, schema, one, index)
    const found = mismatches(schema.items, one, inner)
    if (schema.keys === undefined) return found
    const key = elementKey(schema.keys, one)
    if (seen.has(key))
      found.push({
        ...inner,
        path: place.path,
        problem: 'duplicate',
        message: `duplicate entries for key [${inner.path.split('[').at(-1)}`,
      })
    seen.add(key)
    return found
  })
}

/** The value without nulls in places the schema describes; the API drops them when it decodes. */
export function withoutNulls(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) return schema.type === 'list' ? value.map((one) => withoutNulls(schema.items, one)) : value
  if (!isRecord(value) || (schema.type !== 'object' && schema.type !== 'map')) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      const known = schema.type === 'map' ? schema.values : schema.fields[name]
      return [name, known === undefined ? inner : withoutNulls(known, inner)]
    }),
  )
}
