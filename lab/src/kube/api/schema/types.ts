/** A small description of what fields an object has and how lists in it are merged. */
export type Schema =
  | { type: 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity' | 'any' }
  | { type: 'object'; fields: Record<string, Schema> }
  | { type: 'map'; values: Schema }
  | {
      type: 'list'
      items: Schema
      /** Elements are told apart by these fields and merged one by one; without them the list is replaced whole. */
      keys?: readonly string[]
      /** Scalars that are merged as a set. */
      set?: boolean
    }

export const text: Schema = { type: 'string' }
export const integer: Schema = { type: 'integer' }
export const boolean: Schema = { type: 'boolean' }
export const intOrString: Schema = { type: 'int-or-string' }
export const quantity: Schema = { type: 'quantity' }
export const anything: Schema = { type: 'any' }

export const object = (fields: Record<string, Schema>): Schema => ({ type: 'object', fields })
export const mapOf = (values: Schema): Schema => ({ type: 'map', values })
export const listOf = (items: Schema): Schema => ({ type: 'list', items })
export const setOf = (items: Schema): Schema => ({ type: 'list', items, set: true })
export const listBy = (keys: readonly string[], items: Schema): Schema => ({ type: 'list', items, keys })

/** `fields('a b c', text)` is `{a: text, b: text, c: text}`. */
export const fields = (names: string, schema: Schema): Record<string, Schema> =>
  Object.fromEntries(names.split(' ').map((name) => [name, schema]))

/** Values of key fields that the API fills in before it compares list elements. */
export const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

/** What a list element is known by: its key fields as JSON. */
export const elementKey = (keys: readonly string[], element: unknown): string =>
  JSON.stringify(keys.map((key) => (element as Record<string, unknown> | null)?.[key] ?? keyDefaults[key] ?? null))

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
