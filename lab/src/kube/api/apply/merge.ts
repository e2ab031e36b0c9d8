import { isDeepStrictEqual } from 'node:util'
import { elementKey, isRecord, type Schema } from '../schema/types.ts'

const schemaOfField = (schema: Schema, name: string): Schema => {
  if (schema.type === 'map') return schema.values
  if (schema.type === 'object') return schema.fields[name] ?? { type: 'any' }
  return { type: 'any' }
}

/** Objects and lists whose elements have keys are merged inside; everything else is one value. */
const isMergedList = (schema: Schema): schema is Schema & { type: 'list' } =>
  schema.type === 'list' && (schema.keys !== undefined || schema.set === true)

const keyOf = (schema: Schema & { type: 'list' }, element: unknown): string =>
  schema.keys === undefined ? JSON.stringify(element) : elementKey(schema.keys, element)

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

interface Owners {
  /** What this manager applied last time. */
  previous: unknown
  /** What other managers hold at this place. */
  others: unknown[]
}

const inside = (owners: Owners, pick: (value: unknown) => unknown): Owners => ({
  previous: pick(owners.previous),
  others: owners.others.map(pick).filter((value) => value !== undefined),
})

const fieldOf = (name: string) => (value: unknown) => (isRecord(value) ? value[name] : undefined)

/**
 * Server-side apply: `applied` laid over `live`; what this manager applied before and has now dropped goes, unless
 * another manager holds it too.
 */
export function applyOver(schema: Schema, live: unknown, applied: unknown, owners: Owners): unknown {
  if (isMergedList(schema) && Array.isArray(applied)) return mergeList(schema, asList(live), applied, owners)
  if (!isRecord(applied) || schema.type === 'list') return applied
  const result: Record<string, unknown> = isRecord(live) ? { ...live } : {}
  for (const [name, value] of Object.entries(applied)) {
    result[name] = applyOver(schemaOfField(schema, name), result[name], value, inside(owners, fieldOf(name)))
  }
  for (const name of Object.keys(isRecord(owners.previous) ? owners.previous : {})) {
    if (Object.hasOwn(applied, name) || !Object.hasOwn(result, name)) continue
    const kept = withdraw(schemaOfField(schema, name), result[name], inside(owners, fieldOf(name)))
    if (kept === undefined) delete result[name]
    else result[name] = kept
  }
  return result
}

function mergeList(schema: Schema & { type: 'list' }, live: unknown[], applied: unknown[], owners: Owners): unknown[] {
  const find = (list: unknown, key: string) => asList(list).find((one) => keyOf(schema, one) === key)
  const merged = applied.map((one) => {
    const key = keyOf(schema, one)
    return applyOver(
      schema.items,
      find(live, key),
      one,
      inside(owners, (list) => find(list, key)),
    )
  })
  const done = new Set(applied.map((one) => keyOf(schema, one)))
  const rest = live.flatMap((one) => {
    const key = keyOf(schema, one)
    if (done.has(key)) return []
    const kept = withdraw(
      schema.items,
      one,
      inside(owners, (list) => find(list, key)),
    )
    return kept === undefined ? [] : [kept]
  })
  return [...merged, ...rest]
}

/** A value its manager no longer applies: gone, or what other managers hold of it. */
function withdraw(schema: Schema, live: unknown, owners: Owners): unknown {
  if (owners.previous === undefined) return live
  if (owners.others.length === 0) return undefined
  if (isMergedList(schema)) return mergeList(schema, asList(live), [], owners)
  return isRecord(live) ? applyOver(schema, live, {}, owners) : live
}

/** Paths at which `applied` differs from what another manager holds: the conflicts of an apply without force. */
export function conflicts(schema: Schema, applied: unknown, held: unknown, path = ''): string[] {
  if (applied === undefined || held === undefined) return []
  if (isMergedList(schema) && Array.isArray(applied)) {
    return applied.flatMap((one) => {
      const key = keyOf(schema, one)
      const other = asList(held).find((element) => keyOf(schema, element) === key)
      const names = schema.keys?.map((name) => `${name}=${JSON.stringify((one as Record<string, unknown>)[name])}`)
      return other === undefined ? [] : conflicts(schema.items, one, other, `${path}[${names?.join(',') ?? key}]`)
    })
  }
  if (isRecord(applied) && isRecord(held) && schema.type !== 'list') {
    return Object.keys(applied).flatMap((name) =>
      conflicts(schemaOfField(schema, name), applied[name], held[name], `${path}.${name}`),
    )
  }
  return isDeepStrictEqual(applied, held) ? [] : [path]
}

/** RFC 7386: objects are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}

/**
 * Like a merge patch, but lists with key fields are merged by element; `$patch: delete|replace` is honoured.
 * @param patchFirst elements of a patch come before the others (kustomize) instead of where they were, new ones last
 */
export function strategicMerge(schema: Schema, target: unknown, patch: unknown, patchFirst = false): unknown {
  if (isMergedList(schema) && Array.isArray(patch)) return strategicList(schema, asList(target), patch, patchFirst)
  if (!isRecord(patch)) return patch
  if (patch.$patch === 'replace') return withoutDirectives(patch)
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue
    if (value === null || (isRecord(value) && value.$patch === 'delete')) delete result[name]
    else result[name] = strategicMerge(schemaOfField(schema, name), result[name], value, patchFirst)
  }
  return result
}

const directiveOf = (one: unknown): unknown => (isRecord(one) ? one.$patch : undefined)

function strategicList(
  schema: Schema & { type: 'list' },
  target: unknown[],
  patch: unknown[],
  patchFirst: boolean,
): unknown[] {
  if (patch.some((one) => directiveOf(one) === 'replace')) return patch.filter((one) => directiveOf(one) !== 'replace')
  const rest = [...target]
  const first: unknown[] = []
  for (const one of patch) {
    const at = rest.findIndex((other) => keyOf(schema, other) === keyOf(schema, one))
    const merged = strategicMerge(schema.items, at < 0 ? undefined : rest[at], one, patchFirst)
    const gone = directiveOf(one) === 'delete'
    if (gone || patchFirst) {
      if (at >= 0) rest.splice(at, 1)
      if (!gone) first.push(merged)
    } else if (at >= 0) rest[at] = merged
    else rest.push(merged)
  }
  return [...first, ...rest]
}

const withoutDirectives = (patch: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')))
