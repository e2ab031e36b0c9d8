import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import { type Db, logTable } from '../../platform/db.ts'
import type { LogLine } from '../record.ts'
import { toLine } from './rows.ts'

/** Lines read at once. */
export const page = 500
/** Pages kept for readers that come to the same place. */
const mostPages = 8

/** The rows of log lines. */
export function createLines(db: Db) {
  const insertLine = db
    .insert(logTable)
    .values({
      operation: sql.placeholder('operation'),
      seq: sql.placeholder('seq'),
      at: sql.placeholder('at'),
      stream: sql.placeholder('stream'),
      step: sql.placeholder('step'),
      message: sql.placeholder('message'),
    })
    .onConflictDoNothing()
    .prepare()
  const selectLines = db
    .select()
    .from(logTable)
    .where(and(eq(logTable.operation, sql.placeholder('operation')), gt(logTable.seq, sql.placeholder('after'))))
    .orderBy(asc(logTable.seq))
    .limit(sql.placeholder('limit'))
    .prepare()
  const pages = new Map<string, LogLine[]>()

  function lines(operation: string, after: number, limit = page): LogLine[] {
    return selectLines.all({ operation, after, limit }).map(toLine)
  }

  /**
   * One read for all readers at the same place. Pages end at multiples of their size, so that readers who once parted
   * meet again.
   */
  function sharedPage(operation: string, after: number): LogLine[] {
    const key = `${operation} ${after}`
    const known = pages.get(key)
    if (known) return known
    if (pages.size >= mostPages) pages.delete(pages.keys().next().value!)
    const found = lines(operation, after, page - (after % page))
    pages.set(key, found)
    return found
  }

  function lastLines(operation: string, count: number): LogLine[] {
    const rows = db
      .select()
      .from(logTable)
      .where(eq(logTable.operation, operation))
      .orderBy(desc(logTable.seq))
      .limit(count)
      .all()
    return rows.reverse().map(toLine)
  }

  return {
    insert: (line: typeof logTable.$inferInsert) => insertLine.run(line),
    lines,
    lastLines,
    sharedPage,
    /** New lines may have come to a page, or old ones gone. */
    forgetPages: () => pages.clear(),
    /** Number of the newest line; 0 when there is none. */
    lastSeq: (operation: string) =>
      db
        .select({ last: sql<number>`coalesce(max(${logTable.seq}), 0)` })
        .from(logTable)
        .where(eq(logTable.operation, operation))
        .get()?.last ?? 0,
  }
}
