import { isDeepStrictEqual } from 'node:util'

export interface JsonPatchOperation {
  op: string
  path: string
  from?: string
  value?: unknown
}

const unescapeSegment = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~')

// biome-ignore lint/suspicious/noExplicitAny: a walk through a document of any shape
type Node = any

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

interface Spot {
  parent: Node
  key: string | number
}

function spot(root: { document: Node }, path: string, adding: boolean): Spot {
  const segments = path === '' ? [] : path.slice(1).split('/').map(unescapeSegment)
  if (path !== '' && !path.startsWith('/')) throw new Error(`invalid path ${JSON.stringify(path)}`)
  let parent: Node = root
  let key: string | number = 'document'
  for (const segment of segments) {
    parent = parent[key]
    if (parent === null || typeof parent !== 'object') throw new Error(`doc is missing path: ${path}: missing value`)
    key = Array.isArray(parent) ? indexOf(parent, segment, adding) : segment
  }
  return { parent, key }
}

function indexOf(list: unknown[], segment: string, adding: boolean): number {
  if (segment === '-') return list.length
  if (!/^\d+$/.test(segment)) throw new Error(`value was not a proper array index: ${segment}`)
  const index = Number(segment)
  if (index > list.length || (!adding && index >= list.length)) throw new Error(`index ${index} out of range`)
  return index
}

function put({ parent, key }: Spot, value: unknown): void {
  if (Array.isArray(parent)) parent.splice(key as number, 0, value)
  else parent[key] = value
}

function take({ parent, key }: Spot, path: string): unknown {
  if (!Object.hasOwn(parent, key))
    throw new Error(`remove operation does not apply: doc is missing key: ${path}: missing value`)
  const value = parent[key]
  if (Array.isArray(parent)) parent.splice(key as number, 1)
  else delete parent[key]
  return value
}

/** RFC 6902. Returns the patched copy; throws an Error when an operation does not apply. */
export function jsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const root = { document: copy(document) as Node }
  const read = (path: string): unknown => {
    const { parent, key } = spot(root, path, false)
    return copy(parent[key])
  }
  for (const { op, path, from = '', value } of operations) {
    if (op === 'add') put(spot(root, path, true), copy(value))
    else if (op === 'remove') take(spot(root, path, false), path)
    else if (op === 'replace') {
      const { parent, key } = spot(root, path, false)
      if (!Object.hasOwn(parent, key))
        throw new Error(`replace operation does not apply: doc is missing key: ${path}: missing value`)
      parent[key] = copy(value)
    } else if (op === 'move') put(spot(root, path, true), take(spot(root, from, false), from))
    else if (op === 'copy') put(spot(root, path, true), read(from))
    else if (op === 'test') {
      if (!isDeepStrictEqual(read(path), value)) throw new Error(`testing value ${path} failed: test failed`)
    } else throw new Error(`unexpected kind: ${op}`)
  }
  return root.document
}
