import { type Paint, statusColour } from './style.ts'

export interface Column<Row> {
  title: string
  value: (row: Row) => unknown
  /** Status words are coloured on a terminal. */
  status?: boolean
  /** Text that goes on in further lines when the terminal is too narrow; counts for the last column. */
  prose?: boolean
  /** Left out when the terminal is too narrow for all columns; those with the highest number first. */
  spare?: number
}

/** In a column narrower than this a text is a thin thread: it gets lines of its own below its row. */
const narrowest = 20
/** What stands for a value that is not there. */
const absent = '-'

/**
 * Aligned columns under upper-case titles, one line per row; an absent value prints as `-`. With a `width` in
 * characters, spare columns are left out until the others fit, and a last column of prose is broken to fit.
 */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], paint: Paint, width = Infinity): string[] {
  const shown = fitting(columns, rows, width)
  const cells = rows.map((row) => shown.map((column) => cellText(column.value(row))))
  const widths = shown.map((column, i) => Math.max(column.title.length, ...cells.map((line) => line[i]!.length)))
  const titles = shown.map((column, i) => column.title.toUpperCase().padEnd(widths[i]!))
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0)
  const broken = shown.at(-1)?.prose === true && before + widths.at(-1)! > width
  const row = (texts: string[]) =>
    texts
      .map((text, i) => padded(text, widths[i]!, shown[i]!.status === true, i === shown.length - 1, paint))
      .join('  ')
  const lines = cells.flatMap((line) => (broken ? brokenRow(line, row, before, width) : row(line)))
  return [paint('bold', titles.join('  ').trimEnd()), ...lines.map((line) => line.trimEnd())]
}

/** A row whose last text goes on in lines of its own: in its column, which begins after `before`, else below the row. */
function brokenRow(line: string[], row: (texts: string[]) => string, before: number, width: number): string[] {
  const [others, last] = [line.slice(0, -1), line.at(-1)!]
  const below = (texts: string[], indent: number) => texts.map((text) => ' '.repeat(indent) + text)
  if (width - before < narrowest)
    return [row(others), ...(last === absent ? [] : below(brokenText(last, width - 2), 2))]
  const [first = '', ...more] = brokenText(last, width - before)
  return [row([...others, first]), ...below(more, before)]
}

/** The columns that there is room for: prose takes what is left, so it counts as short. */
function fitting<Row>(columns: Column<Row>[], rows: Row[], width: number): Column<Row>[] {
  const needed = (column: Column<Row>) =>
    column.prose && column === columns.at(-1)
      ? narrowest
      : Math.max(column.title.length, ...rows.map((row) => cellText(column.value(row)).length))
  const shown = [...columns]
  const least = () => shown.reduce((sum, column) => sum + needed(column) + 2, -2)
  const spares = columns.filter(({ spare }) => spare).sort((a, b) => b.spare! - a.spare!)
  for (const spare of spares) if (least() > width) shown.splice(shown.indexOf(spare), 1)
  return shown
}

/** A text in lines of at most `width` characters, broken between words; a longer word stays whole. */
function brokenText(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** `Label:  value` lines with aligned values, broken to fit `width` characters; absent values are left out. */
export function renderFields(fields: Record<string, unknown>, paint: Paint, width = Infinity): string[] {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const labels = Math.max(0, ...known.map(([label]) => label.length)) + 3
  return known.flatMap(([label, value]) => {
    const [first = '', ...more] = brokenText(cellText(value), Math.max(narrowest, width - labels))
    const colour = label === 'Status' ? statusColour(first) : undefined
    return [
      `${`${label}:`.padEnd(labels)}${colour ? paint(colour, first) : first}`,
      ...more.map((text) => ' '.repeat(labels) + text),
    ]
  })
}

function padded(text: string, width: number, status: boolean, last: boolean, paint: Paint): string {
  const colour = status ? statusColour(text) : undefined
  const space = last ? '' : ' '.repeat(width - text.length)
  return (colour ? paint(colour, text) : text) + space
}

function cellText(value: unknown): string {
  if (value === undefined || value === null || value === '') return absent
  if (Array.isArray(value)) return value.length === 0 ? absent : value.map(cellText).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  // One row is one line, whatever a description holds.
  return String(value).replace(/\s*\n\s*/g, ' ')
}
