import type { logTable, operationsTable, stepsTable } from '../../platform/db.ts'
import type { LogLine, OperationRecord, StepRecord } from '../record.ts'

export type Row = typeof operationsTable.$inferSelect
export type StepRow = typeof stepsTable.$inferSelect
export type LineRow = typeof logTable.$inferSelect

/** A record as its row; its steps are rows of their own. */
export function toRow(record: OperationRecord): Omit<typeof operationsTable.$inferInsert, 'id'> {
  const {
    id: _id,
    steps: _steps,
    instance = null,
    target = null,
    result = null,
    error = null,
    startedAt = null,
    completedAt = null,
    ...rest
  } = record
  return { ...rest, instance, target, result, error, startedAt, completedAt }
}

function dropNulls<T extends object>(row: T): { [K in keyof T]: Exclude<T[K], null> | undefined } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as never
}

/** A row and the rows of its steps as a record. */
export function fromRow(row: Row, steps: StepRow[]): OperationRecord {
  const records = steps.map(
    ({ operation: _operation, position: _position, ...step }) => dropNulls(step) as unknown as StepRecord,
  )
  return { ...(dropNulls(row) as unknown as OperationRecord), steps: records }
}

/** A row as a log line. */
export function toLine(row: LineRow): LogLine {
  return dropNulls(row) as unknown as LogLine
}
