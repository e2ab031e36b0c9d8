/**
 * Go-like values. Integers are bigint and floats are number, so that 2 and 2.0 stay different things; nil is null;
 * maps are Map with string keys and are always walked in sorted order.
 */
export type Value = null | boolean | bigint | number | string | Value[] | GoMap | GoObject

/** A Go map[string]interface{}. */
export type GoMap = Map<string, Value>

/** A value with methods or fields: a time, a URL, a version, a function namespace. */
export interface GoObject {
  /** The Go type, as %T prints it. */
  readonly goType: string
  /** What printing shows. */
  toString(): string
  /** A method or field by name; undefined when there is none. */
  member(name: string): Member | undefined
}

/** A field (its value) or a method (called with the arguments of the command). */
export type Member = { value: Value } | { method: GoFunction }

/** The names of the parameter types a function declares; `any` accepts nil as well. */
export type ParameterType = 'any' | 'string' | 'int' | 'map' | 'float'

/** A function or method as templates call it. */
export interface GoFunction {
  readonly parameters: readonly ParameterType[]
  /** The type of the remaining arguments, when any number is accepted. */
  readonly rest?: ParameterType
  readonly call: (args: Value[], scope: CallScope) => Value
}

/** What a function may know of the rendering it is called from. */
export interface CallScope {
  /** The data of the outermost template. */
  readonly root: Value
  /** Bytes a single value may have. */
  readonly maxBytes: number
  /** Counts work; throws once a rendering has done too much. */
  spend(steps: number): void
  /** Environment variables visible to templates. */
  readonly env: Readonly<Record<string, string>>
  /** What `ds "name"` answers, by name. */
  readonly datasources: ReadonlyMap<string, Value>
  /** Renders a text as a template of its own. */
  renderInline(name: string, text: string, data: Value): string
  /** Renders a template made by {{define}}. */
  renderDefined(name: string, data: Value): string
}

/** True for a Go map. */
export function isMap(value: Value): value is GoMap {
  return value instanceof Map
}

/** True for a Go slice. */
export function isList(value: Value): value is Value[] {
  return Array.isArray(value)
}

/** True for a value with members. */
export function isObject(value: Value): value is GoObject {
  return typeof value === 'object' && value !== null && !isMap(value) && !isList(value)
}

/** Order of strings as Go has it: by UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  // UTF-16 order differs from byte order only where surrogates are involved.
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b ? -1 : 1
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The keys of a map in the order Go prints and ranges over them. */
export function sortedKeys(map: GoMap): string[] {
  return [...map.keys()].sort(compareStrings)
}

/** Go's notion of truth: false, 0, "", nil and empty collections are false. */
export function isTrue(value: Value): boolean {
  if (value === null) return false
  if (isList(value)) return value.length > 0
  if (isMap(value)) return value.size > 0
  if (typeof value === 'object') return true
  return Boolean(value)
}

/** The Go type of a value as %T prints it. */
export function typeName(value: Value): string {
  if (value === null) return '<nil>'
  if (isList(value)) return '[]interface {}'
  if (isMap(value)) return 'map[string]interface {}'
  if (typeof value === 'object') return value.goType
  return { boolean: 'bool', bigint: 'int', number: 'float64', string: 'string' }[typeof value as 'string']
}

/** The Go kind of a value, as `kind` answers it. */
export function kindName(value: Value): string {
  if (value === null) return 'invalid'
  if (isList(value)) return 'slice'
  if (isMap(value)) return 'map'
  if (typeof value === 'object') return value.goType.startsWith('*') ? 'ptr' : 'struct'
  return typeName(value)
}

/**
 * Turns data into typed values. In plain objects and arrays whole numbers become integers; what is inside a Map is
 * taken as typed already, so its numbers stay floats. Dates become times. Collections are copied, so a template that
 * changes a map changes only its own copy. Functions and symbols become nil.
 */
export function valueFrom(input: unknown, timeFrom: (date: Date) => Value, typed = false): Value {
  if (typeof input === 'string' || typeof input === 'boolean' || typeof input === 'bigint') return input
  if (typeof input === 'number') return !typed && Number.isInteger(input) ? BigInt(input) : input
  if (typeof input !== 'object' || input === null) return null
  if (Array.isArray(input)) return input.map((item) => valueFrom(item, timeFrom, typed))
  if (input instanceof Map) {
    return new Map([...input].map(([key, item]) => [String(key), valueFrom(item, timeFrom, true)]))
  }
  if (input instanceof Date) return timeFrom(input)
  if (typeof (input as GoObject).goType === 'string') return input as GoObject
  return new Map(Object.entries(input).map(([key, item]) => [key, valueFrom(item, timeFrom, typed)]))
}
