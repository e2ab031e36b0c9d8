import { and, asc, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { type Db, operationsTable, stepsTable } from '../../platform/db.ts'
import type { OperationRecord, OperationStatus, StepRecord } from '../record.ts'
import { fromRow, type Row, toRow } from './rows.ts'

export interface OperationFilter {
  instance?: string
  status?: OperationStatus
  type?: string
  /** Newest first, older than this operation id. */
  before?: string
  limit?: number
}

/** The rows of operations and their steps. */
export function createRecords(db: Db) {
  const selectStatus = db
    .select({ status: operationsTable.status })
    .from(operationsTable)
    .where(eq(operationsTable.id, sql.placeholder('id')))
    .prepare()

  function writeStep(record: OperationRecord, step: StepRecord): void {
    const { startedAt = null, endedAt = null, parent = null, message = null, ...rest } = step
    const values = {
      ...rest,
      startedAt,
      endedAt,
      parent,
      message,
      operation: record.id,
      position: record.steps.indexOf(step),
    }
    const { operation: _operation, id: _id, ...changed } = values
    db.insert(stepsTable)
      .values(values)
      .onConflictDoUpdate({ target: [stepsTable.operation, stepsTable.id], set: changed })
      .run()
  }

  function writeProgress(record: OperationRecord, step: StepRecord): void {
    writeStep(record, step)
    const { progress, message } = record
    db.update(operationsTable).set({ progress, message }).where(eq(operationsTable.id, record.id)).run()
  }

  function withSteps(rows: Row[]): OperationRecord[] {
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.id)
    const steps = db
      .select()
      .from(stepsTable)
      .where(inArray(stepsTable.operation, ids))
      .orderBy(asc(stepsTable.position))
      .all()
    return rows.map((row) =>
      fromRow(
        row,
        steps.filter((step) => step.operation === row.id),
      ),
    )
  }

  function find(id: string): OperationRecord | undefined {
    return withSteps(db.select().from(operationsTable).where(eq(operationsTable.id, id)).all())[0]
  }

  function list(filter: OperationFilter): OperationRecord[] {
    const where: SQL[] = []
    if (filter.instance) where.push(eq(operationsTable.instance, filter.instance))
    if (filter.status) where.push(eq(operationsTable.status, filter.status))
    if (filter.type) where.push(eq(operationsTable.type, filter.type))
    if (filter.before) where.push(lt(sql`rowid`, sql`(select rowid from operations where id = ${filter.before})`))
    const query = db
      .select()
      .from(operationsTable)
      .where(and(...where))
    return withSteps(
      query
        .orderBy(desc(sql`rowid`))
        .limit(filter.limit ?? 100)
        .all(),
    )
  }

  return {
    create(record: OperationRecord): void {
      db.insert(operationsTable)
        .values({ ...toRow(record), id: record.id })
        .run()
    },
    save(record: OperationRecord): void {
      db.transaction(() => {
        db.update(operationsTable).set(toRow(record)).where(eq(operationsTable.id, record.id)).run()
        for (const step of record.steps) writeStep(record, step)
      })
    },
    /** The step, and how far that brings its operation. */
    saveStep: writeProgress,
    find,
    list,
    running: () =>
      withSteps(
        db
          .select()
          .from(operationsTable)
          .where(inArray(operationsTable.status, ['pending', 'running']))
          .all(),
      ),
    statusOf: (id: string) => selectStatus.get({ id })?.status as OperationStatus | undefined,
    /** Returns how many it removed. */
    prune(keep: number, olderThan?: string): number {
      const ended = sql`status not in ('pending', 'running')`
      const beyond = sql`rowid in (select rowid from operations where ${ended} order by rowid desc limit -1 offset ${keep})`
      const old = olderThan ? sql`(${ended} and coalesce(completed_at, created_at) < ${olderThan})` : sql`false`
      return db.delete(operationsTable).where(sql`${beyond} or ${old}`).run().changes
    },
  }
}
