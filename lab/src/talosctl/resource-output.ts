import { stringify } from 'yaml'
import { printColumns } from '../machines/resources/columns.ts'
import { columns } from './columns.ts'
import { ToolError } from './command.ts'

/** One resource as `get` shows it. */
export interface ShownDocument {
  metadata: { namespace: string; type: string; id: string | number; version: number } & Record<string, unknown>
  node: string
  spec: unknown
}

export type Printer = (documents: ShownDocument[]) => string

/** How `-o FORMAT` prints. Throws ToolError for formats the real tool lacks. */
export function printerFor(format: string): Printer {
  if (format === 'json') return printJson
  if (format === 'yaml') return printYaml
  if (format === 'table') return printTable
  if (format.startsWith('jsonpath='))
    return (documents) => documents.map((one) => `${lookUp(one, readPath(format.slice(9)))}\n`).join('')
  throw new ToolError(`output format "${format}" is not supported`)
}

/** Pretty-printed documents one after another, keys sorted, with the escapes of Go's encoder. */
function printJson(documents: ShownDocument[]): string {
  const escapeHtml = (text: string): string =>
    text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return documents.map((document) => `${escapeHtml(JSON.stringify(sorted(document), null, 4))}\n`).join('')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  )
}

const printYaml: Printer = (documents) =>
  documents
    .map(({ node, metadata, spec }) => stringify({ node, metadata, spec }, { indent: 4, lineWidth: 0 }))
    .join('---\n')

function printTable(documents: ShownDocument[]): string {
  const [first] = documents
  if (!first) return ''
  const extra = printColumns[first.metadata.type] ?? []
  const header = ['NODE', 'NAMESPACE', 'TYPE', 'ID', 'VERSION', ...extra.map(([title]) => title)]
  const rows = documents.map(({ node, metadata, spec }) => [
    node,
    metadata.namespace,
    metadata.type
      .split('.')[0]!
      .replace(/(s|es)$/, (ending) => (ending === 'es' ? 'e' : ''))
      .replace(/Statuse$/, 'Status'),
    String(metadata.id),
    String(metadata.version),
    ...extra.map(([, path]) => lookUp(spec, path.split('.'))),
  ])
  return columns([header, ...rows])
}

const readPath = (text: string): string[] =>
  text
    .replace(/^\{|\}$/g, '')
    .split('.')
    .filter((part) => part !== '')

function lookUp(tree: unknown, path: string[]): string {
  const value = path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined),
    tree,
  )
  return value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
