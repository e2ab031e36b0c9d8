import { type Document, LineCounter, parseAllDocuments, stringify, YAMLParseError } from 'yaml'
import { knownKinds, machineConfigShape, type Shape } from './schema.ts'

// biome-ignore lint/suspicious/noExplicitAny: config trees of any depth, checked against the schema when decoded
export type Tree = any

/** A decoded machine config: the main document, if there is one, and further documents in order. */
export interface MachineConfig {
  main?: Tree
  others: Tree[]
}

/** A text that is no machine config; the message is the real tool's. */
export class ConfigError extends Error {}

export interface DecodeOptions {
  /** Let `$patch: delete` stand where values belong. */
  patch?: boolean
}

const MAIN_KEYS = ['version', 'debug', 'persist', 'machine', 'cluster']

/**
 * Decodes a machine config or a patch to one. Throws ConfigError for bad YAML, keys the schema lacks, values of the
 * wrong type and documents of unknown kind.
 */
export function decodeConfig(text: string, options: DecodeOptions = {}): MachineConfig {
  const lines = new LineCounter()
  const config: MachineConfig = { others: [] }
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: true })
  for (const document of Array.isArray(documents) ? documents : []) {
    const tree = readDocument(document)
    if (tree === undefined) continue
    if (isMain(tree)) {
      if (config.main !== undefined) throw new ConfigError('not allowed: duplicate v1alpha1.Config document')
      checkTypes(tree, machineConfigShape, [], { document, lines, patch: options.patch === true })
      refuseUnknownKeys(tree, machineConfigShape)
      config.main = tree
    } else {
      checkKind(tree)
      config.others.push(tree)
    }
  }
  return config
}

function readDocument(document: Document): Tree {
  const [problem] = document.errors
  if (problem) throw new ConfigError(`decode error: yaml: line ${lineOf(problem)}: ${reason(problem)}`)
  const tree: Tree = document.toJS()
  if (tree === null || tree === undefined) return undefined
  if (typeof tree !== 'object' || Array.isArray(tree))
    throw new ConfigError('decode error: yaml: unmarshal errors: expected a mapping')
  return tree
}

const lineOf = (problem: { linePos?: [{ line: number }, ...unknown[]] }): number => problem.linePos?.[0].line ?? 1
const reason = (problem: Error): string =>
  problem instanceof YAMLParseError ? (problem.message.split(' at line ')[0] ?? problem.message) : problem.message

const isMain = (tree: Tree): boolean => tree.kind === undefined && MAIN_KEYS.some((key) => key in tree)

function checkKind(tree: Tree): void {
  if (typeof tree.kind !== 'string' || tree.kind === '') throw new ConfigError('missing kind')
  if (typeof tree.apiVersion !== 'string' || tree.apiVersion === '') throw new ConfigError('missing apiVersion')
  if (!knownKinds.has(tree.kind)) throw new ConfigError(`"${tree.kind}" "${tree.apiVersion}": not registered`)
}

interface Place {
  document: Document
  lines: LineCounter
  patch: boolean
}

const isMap = (value: Tree): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether this value asks for the deletion of what stands at its place. */
export const isDeletion = (value: Tree): boolean => isMap(value) && value.$patch === 'delete'

function checkTypes(value: Tree, shape: Shape, path: (string | number)[], place: Place): void {
  if (value === null || value === undefined || shape === 'any' || (place.patch && isDeletion(value))) return
  if (!fits(value, shape))
    throw new ConfigError(
      `decode error: yaml: unmarshal errors:\n  line ${lineAt(path, place)}: cannot unmarshal ${tagOf(value)} into ${nameOf(shape)}`,
    )
  if (typeof shape === 'string') return
  if ('list' in shape)
    (value as Tree[]).forEach((item, index) => {
      checkTypes(item, shape.list, [...path, index], place)
    })
  for (const [key, child] of isMap(value) ? Object.entries(value) : []) {
    const next = 'map' in shape ? shape.map : 'struct' in shape ? shape.struct[key] : undefined
    if (next) checkTypes(child, next, [...path, key], place)
  }
}

function fits(value: Tree, shape: Shape): boolean {
  if (shape === 'any') return true
  if (shape === 'string') return typeof value !== 'object'
  if (shape === 'bool') return typeof value === 'boolean'
  if (shape === 'int') return Number.isInteger(value)
  return 'list' in shape ? Array.isArray(value) : isMap(value)
}

function tagOf(value: Tree): string {
  if (Array.isArray(value)) return '!!seq'
  if (typeof value === 'object') return '!!map'
  const tag =
    typeof value === 'boolean'
      ? '!!bool'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? '!!int'
          : '!!float'
        : '!!str'
  return `${tag} \`${String(value).slice(0, 7)}${String(value).length > 7 ? '...' : ''}\``
}

function nameOf(shape: Shape): string {
  if (typeof shape === 'string') return shape
  return 'list' in shape ? '[]string' : 'map' in shape ? 'map[string]string' : 'v1alpha1.Config'
}

function lineAt(path: (string | number)[], { document, lines }: Place): number {
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined
  return node?.range ? lines.linePos(node.range[0]).line : 1
}

function refuseUnknownKeys(tree: Tree, shape: Shape): void {
  const unknown = unknownIn(tree, shape)
  if (unknown !== undefined)
    throw new ConfigError(`unknown keys found during decoding:\n${stringify(unknown, { indent: 4, lineWidth: 0 })}`)
}

/** The part of `value` that the schema does not know, in its place; undefined when it knows everything. */
function unknownIn(value: Tree, shape: Shape): Tree {
  if (typeof shape === 'string' || value === null || typeof value !== 'object') return undefined
  if ('list' in shape) {
    const found = (value as Tree[]).map((item) => unknownIn(item, shape.list)).filter((item) => item !== undefined)
    return found.length > 0 ? found : undefined
  }
  const found = Object.entries(value as Tree).flatMap(([key, child]) => {
    if (key === '$patch') return []
    const next = 'map' in shape ? shape.map : shape.struct[key]
    const unknown = next === undefined ? child : unknownIn(child, next)
    return unknown === undefined ? [] : [[key, unknown]]
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}
