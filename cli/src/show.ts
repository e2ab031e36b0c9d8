import { type Column, renderFields, renderTable } from './output/table.ts'
import type { Session } from './session.ts'

interface ListView<Row> {
  rows: Row[]
  columns: Column<Row>[]
  /** Said when there are no rows: what it means and what to do next. */
  empty: string
}

/** Prints an answer: as it came for JSON and YAML, as a table for a person. */
export async function showList<Row>(
  session: Session,
  data: unknown,
  { rows, columns, empty }: ListView<Row>,
): Promise<void> {
  if (session.structured) return session.print(data)
  if (rows.length === 0) session.messages.plain(empty)
  else writeLines(session, renderTable(columns, rows, session.paint, session.width))
}

/** Prints one thing: as it came for JSON and YAML, as labelled lines for a person. */
export async function showFields(session: Session, data: unknown, fields: Record<string, unknown>): Promise<void> {
  if (session.structured) return session.print(data)
  writeLines(session, renderFields(fields, session.paint, session.width))
}

/** Prints a titled table below other output; nothing when there are no rows. */
export function showSection<Row>(session: Session, title: string, columns: Column<Row>[], rows: Row[]): void {
  if (session.structured || rows.length === 0) return
  writeLines(session, ['', session.paint('bold', title), ...renderTable(columns, rows, session.paint, session.width)])
}

/** What a command was asked for: printed even with `--quiet`. */
export function writeLines(session: Session, lines: string[]): void {
  session.out.write(`${lines.join('\n')}\n`)
}

/** Answers a change: the daemon's answer for JSON and YAML, a sentence for a person. */
export async function showChange(session: Session, answer: unknown, sentence: string): Promise<void> {
  if (session.structured) return session.print(answer)
  session.messages.success(sentence)
}
