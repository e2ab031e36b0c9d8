import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { ConfigError, type Tree } from './decode.ts'

interface Operation {
  op: string
  path: string
  from?: string
  value?: Tree
}

/** The operations of a JSON 6902 patch; undefined when the text is no list and so no such patch. */
export function readJsonPatch(text: string): Operation[] | undefined {
  try {
    const value: unknown = parse(text)
    return Array.isArray(value) ? (value as Operation[]) : undefined
  } catch {
    return undefined
  }
}

/** Applies the operations in order, changing and returning `root`. Throws ConfigError where a path is missing. */
export function applyJsonPatch(root: Tree, operations: Operation[]): Tree {
  let document = root
  for (const operation of operations) document = applyOne(document, operation)
  return document
}

function applyOne(root: Tree, operation: Operation): Tree {
  const { op, path } = operation
  if (op === 'move' || op === 'copy') {
    const value = structuredClone(lookUp(root, operation.from ?? '', op))
    if (op === 'move') change(root, operation.from ?? '', op, (parent, key) => remove(parent, key))
    return applyOne(root, { op: 'add', path, value })
  }
  if (op === 'test') {
    if (!isDeepStrictEqual(lookUp(root, path, op), operation.value))
      throw failure(`testing value ${path} failed: test failed`)
    return root
  }
  if (op === 'add') change(root, path, op, (parent, key) => add(parent, key, operation.value), false)
  else if (op === 'replace')
    change(root, path, op, (parent, key) => {
      parent[key] = operation.value
    })
  else if (op === 'remove') change(root, path, op, (parent, key) => remove(parent, key))
  else throw failure(`Unexpected kind: ${op}`)
  return root
}

const failure = (reason: string): ConfigError =>
  new ConfigError(`failure applying rfc6902 patches to talos machine config: ${reason}`)
const missing = (op: string, path: string): ConfigError =>
  failure(`${op} operation does not apply: doc is missing ${op === 'remove' ? 'key' : 'path'}: ${path}: missing value`)

const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function lookUp(root: Tree, path: string, op: string): Tree {
  const value = segmentsOf(path).reduce<Tree>(
    (node, key) => (node !== null && typeof node === 'object' ? node[key] : undefined),
    root,
  )
  if (value === undefined) throw missing(op, path)
  return value
}

function change(
  root: Tree,
  path: string,
  op: string,
  work: (parent: Tree, key: string) => void,
  mustExist = true,
): void {
  const segments = segmentsOf(path)
  const key = segments.pop()
  const parent = segments.reduce<Tree>(
    (node, part) => (node !== null && typeof node === 'object' ? node[part] : undefined),
    root,
  )
  if (key === undefined || parent === null || typeof parent !== 'object') throw missing(op, path)
  if (mustExist && parent[key] === undefined) throw missing(op, path)
  work(parent, key)
}

function add(parent: Tree, key: string, value: Tree): void {
  if (!Array.isArray(parent)) parent[key] = value
  else parent.splice(key === '-' ? parent.length : Number(key), 0, value)
}

function remove(parent: Tree, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}
