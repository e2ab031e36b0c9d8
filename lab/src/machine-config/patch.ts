import { isDeepStrictEqual } from 'node:util'
import { ConfigError, decodeConfig, isDeletion, type MachineConfig, type Tree } from './decode.ts'
import { applyJsonPatch, readJsonPatch } from './json-patch.ts'
import { machineConfigShape, type Shape } from './schema.ts'

/**
 * Applies one patch (strategic merge, or a JSON 6902 array) to a config and returns the result; the input is left as it
 * was. Lists grow with every application except where Talos merges by key or replaces. Throws ConfigError.
 */
export function patchConfig(config: MachineConfig, patch: string): MachineConfig {
  const operations = readJsonPatch(patch)
  if (operations) {
    if (config.others.length > 0)
      throw new ConfigError('JSON6902 patches are not supported for multi-document machine configuration')
    const main = applyJsonPatch(structuredClone(config.main), operations)
    return decodeConfig(JSON.stringify(main))
  }
  const changes = decodeConfig(patch, { patch: true })
  const next = structuredClone(config)
  if (changes.main !== undefined) next.main = merge(next.main ?? {}, changes.main, machineConfigShape, '')
  for (const change of changes.others) mergeDocument(next.others, change)
  return next
}

const sameDocument = (one: Tree, other: Tree): boolean =>
  one.apiVersion === other.apiVersion && one.kind === other.kind && one.name === other.name

function mergeDocument(documents: Tree[], change: Tree): void {
  const index = documents.findIndex((document) => sameDocument(document, change))
  if (isDeletion(change)) {
    if (index >= 0) documents.splice(index, 1)
  } else if (index >= 0) documents[index] = merge(documents[index], change, 'any', change.kind)
  else documents.push(change)
}

const isMap = (value: Tree): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

function merge(base: Tree, change: Tree, shape: Shape, path: string): Tree {
  if (change === null || change === undefined) return base
  if (Array.isArray(change)) return mergeList(Array.isArray(base) ? base : [], change, shape, path)
  if (!isMap(change)) return change
  if (typeof shape === 'object' && 'struct' in shape && shape.merge === 'replace') return change
  const result: Tree = isMap(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(change))
    mergeKey(result, key, value, shape, path === '' ? key : `${path}.${key}`)
  return result
}

function mergeKey(target: Tree, key: string, value: Tree, shape: Shape, path: string): void {
  if (isDeletion(value)) {
    if (!(key in target)) throw new ConfigError(`failed to delete path '${path}': lookup failed`)
    delete target[key]
    return
  }
  const isField = typeof shape === 'object' && 'struct' in shape
  const next = isField ? shape.struct[key]! : typeof shape === 'object' && 'map' in shape ? shape.map : 'any'
  // An empty string is a field's zero value in Go, which a merge takes for "not set". Map entries are kept.
  if (isField && value === '' && key in target) return
  target[key] = merge(target[key], value, next, path)
}

function mergeList(base: Tree[], change: Tree[], shape: Shape, path: string): Tree[] {
  const rule = typeof shape === 'object' && 'list' in shape ? shape : { list: 'any' as const, merge: undefined }
  if (rule.merge === 'replace') return change
  const result = [...base]
  for (const item of change) mergeItem(result, item, rule, path)
  return result
}

function mergeItem(items: Tree[], item: Tree, rule: { list: Shape; merge?: 'replace' | string[] }, path: string): void {
  const keys = Array.isArray(rule.merge) ? rule.merge : []
  const key = keys.find((candidate) => item?.[candidate] !== undefined)
  if (isDeletion(item)) {
    const { $patch, ...wanted } = item
    const at = items.findIndex((one) =>
      Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(one?.[name], value)),
    )
    if (at < 0) throw new ConfigError(`failed to delete path '${path}': lookup failed`)
    items.splice(at, 1)
    return
  }
  const index = key === undefined ? -1 : items.findIndex((one) => isDeepStrictEqual(one?.[key], item[key]))
  if (index >= 0) items[index] = merge(items[index], item, rule.list, path)
  else items.push(item)
}
