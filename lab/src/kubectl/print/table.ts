// biome-ignore lint/suspicious/noExplicitAny: tables come as JSON
type Json = any

export interface TableOptions {
  headers: boolean
  /** Adds a NAMESPACE column in front. */
  namespaces: boolean
  /** `deployment.apps/` before names when several types are shown. */
  prefix: string
  labels: boolean
}

/** Columns as wide as their widest cell, three spaces between; the last one is not padded. */
export function columns(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]! + 3))).join('')
  return rows.map((row) => `${line(row)}\n`).join('')
}

const labelsOf = (metadata: Json): string =>
  Object.entries(metadata.labels ?? {})
    .map((pair) => pair.join('='))
    .join(',') || '<none>'

/** Prints the server's `Table` for people. */
export function printTable(table: Json, { headers, namespaces, prefix, labels }: TableOptions): string {
  const head = (table.columnDefinitions as { name: string; priority: number }[]).map(({ name }) => name.toUpperCase())
  const rows = (table.rows as { cells: unknown[]; object: Json }[]).map(({ cells, object }) => {
    const shown = cells.map((cell, at) => (at === 0 ? `${prefix}${String(cell)}` : String(cell)))
    return [
      ...(namespaces ? [object.metadata.namespace ?? ''] : []),
      ...shown,
      ...(labels ? [labelsOf(object.metadata)] : []),
    ]
  })
  const title = [...(namespaces ? ['NAMESPACE'] : []), ...head, ...(labels ? ['LABELS'] : [])]
  return columns(headers ? [title, ...rows] : rows)
}
