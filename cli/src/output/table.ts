import { type Paint, statusColour } from './style.ts'

export interface Column<Row> {
  title: string
  value: (row: Row) => unknown
  /** Status words are coloured on a terminal. */
  status?: boolean
  /** Text that may be cut when the terminal is too narrow; counts for the last column. */
  prose?: boolean
}

/** Fewer characters than this of a cut text say nothing. */
const fewest = 12

/**
 * Aligned columns under upper-case titles, one line per row; an absent value prints as `-`. With a `width` in
 * characters, a last column of prose is cut to fit it.
 */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], paint: Paint, width = Infinity): string[] {
  const cells = rows.map((row) => columns.map((column) => cellText(column.value(row))))
  if (columns.at(-1)?.prose) cutLast(columns, cells, width)
  const widths = columns.map((column, i) => Math.max(column.title.length, ...cells.map((line) => line[i]!.length)))
  const titles = columns.map((column, i) => column.title.toUpperCase().padEnd(widths[i]!))
  const lines = cells.map((line) =>
    line
      .map((text, i) => padded(text, widths[i]!, columns[i]!.status === true, i === line.length - 1, paint))
      .join('  '),
  )
  return [paint('bold', titles.join('  ').trimEnd()), ...lines.map((line) => line.trimEnd())]
}

function cutLast<Row>(columns: Column<Row>[], cells: string[][], width: number): void {
  const last = columns.length - 1
  const before = columns
    .slice(0, last)
    .map(({ title }, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)))
  const room = width - before.reduce((sum, each) => sum + each + 2, 0)
  if (room < fewest) return
  for (const line of cells) if (line[last]!.length > room) line[last] = `${line[last]!.slice(0, room - 1).trimEnd()}…`
}

/** `Label:  value` lines with aligned values; absent values are left out. */
export function renderFields(fields: Record<string, unknown>, paint: Paint): string[] {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const width = Math.max(0, ...known.map(([label]) => label.length))
  return known.map(([label, value]) => {
    const text = cellText(value)
    const colour = label === 'Status' ? statusColour(text) : undefined
    return `${`${label}:`.padEnd(width + 1)}  ${colour ? paint(colour, text) : text}`
  })
}

function padded(text: string, width: number, status: boolean, last: boolean, paint: Paint): string {
  const colour = status ? statusColour(text) : undefined
  const space = last ? '' : ' '.repeat(width - text.length)
  return (colour ? paint(colour, text) : text) + space
}

function cellText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-'
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellText).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  // One row is one line, whatever a description holds.
  return String(value).replace(/\s*\n\s*/g, ' ')
}
