import { type DocumentNode, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { snakeCase } from '../graphql/errors.ts'

/** `target_ip` → `targetIp`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}

const parsed = new Map<string, DocumentNode>()

/** A route's document, parsed once. */
export function documentOf(text: string): DocumentNode {
  const known = parsed.get(text)
  if (known) return known
  const document = parse(text)
  parsed.set(text, document)
  return document
}

/** The root field a document asks for. A route has exactly one. */
export function rootField(document: DocumentNode): FieldNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const field = operation?.selectionSet.selections[0]
  if (field?.kind !== Kind.FIELD) throw new Error('A REST route runs exactly one field.')
  return field
}

/** The answer with snake_case keys wherever the document selected fields; JSON scalars keep the keys people chose. Nulls of nullable fields are left out. */
export function snakeKeys(value: unknown, selection: SelectionSetNode | undefined): unknown {
  if (!selection || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => snakeKeys(item, selection))
  const shaped: Record<string, unknown> = {}
  for (const field of selection.selections) {
    if (field.kind !== Kind.FIELD) continue
    const key = field.alias?.value ?? field.name.value
    const inner = (value as Record<string, unknown>)[key]
    if (inner !== null && inner !== undefined) shaped[snakeCase(key)] = snakeKeys(inner, field.selectionSet)
  }
  return shaped
}
