import { stringify } from 'yaml'
import type { MachineConfig, Tree } from './decode.ts'
import { machineConfigShape, type Shape } from './schema.ts'

/** Writes a config the way the real tool does: four spaces, fields in the schema's order, map keys sorted, no comments. */
export function encodeConfig(config: MachineConfig): string {
  const documents = [...(config.main === undefined ? [] : [ordered(config.main, machineConfigShape)]), ...config.others]
  return documents.map((document) => encodeYaml(document)).join('---\n')
}

/** One document with four spaces of indentation, long lines unfolded. */
export const encodeYaml = (tree: Tree): string =>
  stringify(tree, { indent: 4, lineWidth: 0, aliasDuplicateObjects: false })

function ordered(value: Tree, shape: Shape): Tree {
  if (typeof shape === 'string' || value === null || typeof value !== 'object') return value
  if ('list' in shape) return (value as Tree[]).map((item) => ordered(item, shape.list))
  const known = 'struct' in shape ? Object.keys(shape.struct) : Object.keys(value).sort()
  const entries = known
    .filter((key) => value[key] !== undefined && value[key] !== null)
    .map((key) => [key, value[key]] as const)
  return Object.fromEntries(
    entries.map(([key, child]) => [key, ordered(child, 'struct' in shape ? shape.struct[key]! : shape.map)]),
  )
}
