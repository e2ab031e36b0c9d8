import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { busyTimeoutMs, type Db, logTable, operationsTable, stepsTable } from '../platform/db.ts'
import { createSignals, type Signals } from '../platform/signals.ts'
import { createReader } from './reader.ts'
import {
  isEnded,
  type LogLine,
  type LogStream,
  type OperationRecord,
  type OperationStatus,
  type StepRecord,
} from './record.ts'

export interface OperationFilter {
  instance?: string
  status?: OperationStatus
  type?: string
  /** Newest first, older than this operation id. */
  before?: string
  limit?: number
}

/** What happened to whom; readers then look at the rows. */
export interface JournalNews {
  operation: string
  instance?: string
  kind: 'state' | 'log'
}

/** The operations' memory: rows are the truth, signals only say "look again". */
export interface Journal {
  create(record: OperationRecord): void
  /** Writes the operation's row and its steps' rows, then tells watchers. */
  save(record: OperationRecord): void
  saveStep(record: OperationRecord, step: StepRecord): void
  /** The same with the next batch of log lines: for progress and messages that may come thousands of times a second. */
  saveStepSoon(record: OperationRecord, step: StepRecord): void
  find(id: string): OperationRecord | undefined
  list(filter: OperationFilter): OperationRecord[]
  running(): OperationRecord[]
  log(record: Pick<OperationRecord, 'id' | 'instance'>, stream: LogStream, message: string, step?: string): void
  /** Writes waiting log lines now. */
  flush(): void
  lines(operation: string, after: number, limit?: number): LogLine[]
  lastLines(operation: string, count: number): LogLine[]
  /** Log lines after `after`, then live ones, until the operation has ended and all were given. Never loses or repeats one. */
  follow(operation: string, after: number, signal?: AbortSignal): AsyncIterableIterator<LogLine>
  /** The record now and after each change, until it has ended. */
  watch(operation: string, signal?: AbortSignal): AsyncIterableIterator<OperationRecord>
  readonly news: Signals<JournalNews>
  /** Throws why log lines cannot be written (disk full, database locked for long); they are kept and tried again. */
  assertWritable(): void
  /**
   * Removes ended operations, with their steps, lines and commands: all but the newest `keep`, and those that ended before
   * `olderThan` (ISO time). Running ones always stay. Returns how many it removed.
   */
  prune(keep: number, olderThan?: string): number
}

const batchLines = 500
const batchMs = 40
/** Pause before lines that could not be written are tried again, ms. */
const againMs = 1_000
/** Lines that wait for another program to let go of the database before steps are told, a few seconds of talk. */
const mostWaiting = 20_000
const page = 500
/** Pages kept for readers that come to the same place. */
const mostPages = 8
/** Longest log message stored, in characters. */
const longestMessage = 8_192

type Row = typeof operationsTable.$inferSelect
type StepRow = typeof stepsTable.$inferSelect

/** A journal on the daemon's database; lines are written in batches, one transaction each. */
export function createJournal(db: Db, now: () => number = Date.now): Journal {
  const news = createSignals<JournalNews>()
  const sequences = new Map<string, number>()
  let waiting: (typeof logTable.$inferInsert)[] = []
  const touched = new Map<string, string | undefined>()
  const changedSteps = new Map<StepRecord, OperationRecord>()
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
  const selectStatus = db
    .select({ status: operationsTable.status })
    .from(operationsTable)
    .where(eq(operationsTable.id, sql.placeholder('id')))
    .prepare()
  const pages = new Map<string, LogLine[]>()
  let trouble: unknown
  let timer: NodeJS.Timeout | undefined

  function nextSeq(operation: string): number {
    const last =
      sequences.get(operation) ??
      db
        .select({ last: sql<number>`coalesce(max(${logTable.seq}), 0)` })
        .from(logTable)
        .where(eq(logTable.operation, operation))
        .get()?.last ??
      0
    sequences.set(operation, last + 1)
    return last + 1
  }

  function writeProgress(record: OperationRecord, step: StepRecord): void {
    writeStep(record, step)
    const { progress, message } = record
    db.update(operationsTable).set({ progress, message }).where(eq(operationsTable.id, record.id)).run()
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0 && changedSteps.size === 0) return
    const steps = [...changedSteps]
    try {
      db.transaction(() => {
        for (const line of waiting) insertLine.run(line)
        for (const [step, record] of steps) writeProgress(record, step)
      })
    } catch (error) {
      if (isConstraint(error)) dropOrphans()
      else trouble = error
      timer ??= setTimeout(flushQuietly, againMs)
      throw error
    }
    waiting = []
    changedSteps.clear()
    pages.clear()
    trouble = undefined
    const told = [...touched]
    touched.clear()
    for (const [operation, instance] of told) news.emit({ operation, instance, kind: 'log' })
    for (const [, { id, instance }] of steps) news.emit({ operation: id, instance, kind: 'state' })
  }

  /** Nobody is there to be told: what could not be written stays and is tried again; steps ask `assertWritable`. */
  function flushQuietly(): void {
    // Waiting for the database would make everybody wait; the next try comes soon.
    db.$client.pragma('busy_timeout = 0')
    try {
      flush()
    } catch {
    } finally {
      db.$client.pragma(`busy_timeout = ${busyTimeoutMs}`)
    }
  }

  /** Lines of operations that are gone (pruned, or the database was replaced) must not keep all others from being written. */
  function dropOrphans(): void {
    const gone = new Set([...touched.keys()].filter((id) => !statusOf(id)))
    waiting = waiting.filter((line) => !gone.has(line.operation))
    for (const [step, record] of changedSteps) if (gone.has(record.id)) changedSteps.delete(step)
    for (const id of gone) touched.delete(id)
  }

  function log(
    record: Pick<OperationRecord, 'id' | 'instance'>,
    stream: LogStream,
    message: string,
    step?: string,
  ): void {
    const text = message.length > longestMessage ? `${message.slice(0, longestMessage)} … (cut)` : message
    const at = new Date(now()).toISOString()
    waiting.push({ operation: record.id, seq: nextSeq(record.id), at, stream, step: step ?? null, message: text })
    touched.set(record.id, record.instance)
    if (waiting.length >= batchLines && !trouble) flushQuietly()
    else timer ??= setTimeout(flushQuietly, batchMs)
  }

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

  function save(record: OperationRecord): void {
    // All lines first: a reader that sees the end must find every one.
    if (isEnded(record.status)) flush()
    db.transaction(() => {
      db.update(operationsTable).set(toRow(record)).where(eq(operationsTable.id, record.id)).run()
      for (const step of record.steps) writeStep(record, step)
    })
    if (isEnded(record.status)) sequences.delete(record.id)
    news.emit({ operation: record.id, instance: record.instance, kind: 'state' })
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

  function statusOf(id: string): OperationStatus | undefined {
    return selectStatus.get({ id })?.status as OperationStatus | undefined
  }

  function follow(operation: string, after: number, signal?: AbortSignal): AsyncIterableIterator<LogLine> {
    let seen = after
    return createReader(news, {
      signal,
      wanted: (item) => item.operation === operation,
      look() {
        // The status first: what is written before the end is then among the lines.
        const status = statusOf(operation)
        const found = sharedPage(operation, seen)
        seen = found.at(-1)?.seq ?? seen
        return { items: found, more: found.length > 0 && seen % page === 0, ended: !status || isEnded(status) }
      },
    })
  }

  function watch(operation: string, signal?: AbortSignal): AsyncIterableIterator<OperationRecord> {
    return createReader(news, {
      signal,
      wanted: (item) => item.operation === operation && item.kind === 'state',
      look() {
        const record = find(operation)
        return { items: record ? [record] : [], more: false, ended: !record || isEnded(record.status) }
      },
    })
  }

  return {
    create(record) {
      db.insert(operationsTable)
        .values({ ...toRow(record), id: record.id })
        .run()
    },
    save,
    saveStep(record, step) {
      changedSteps.delete(step)
      writeProgress(record, step)
      news.emit({ operation: record.id, instance: record.instance, kind: 'state' })
    },
    saveStepSoon(record, step) {
      if (!record.steps.includes(step)) return
      changedSteps.set(step, record)
      timer ??= setTimeout(flushQuietly, batchMs)
    },
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
    log,
    flush,
    lines,
    lastLines,
    follow,
    watch,
    news,
    assertWritable() {
      if (trouble && (!isBusy(trouble) || waiting.length > mostWaiting)) throw trouble
    },
    prune(keep, olderThan) {
      const ended = sql`status not in ('pending', 'running')`
      const beyond = sql`rowid in (select rowid from operations where ${ended} order by rowid desc limit -1 offset ${keep})`
      const old = olderThan ? sql`(${ended} and coalesce(completed_at, created_at) < ${olderThan})` : sql`false`
      const { changes } = db.delete(operationsTable).where(sql`${beyond} or ${old}`).run()
      pages.clear()
      return changes
    },
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code ?? cause?.code ?? ''
}

function isConstraint(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_CONSTRAINT')
}

/** Somebody else writes at this moment: passes by itself. */
function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY')
}

function toRow(record: OperationRecord): Omit<typeof operationsTable.$inferInsert, 'id'> {
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

function fromRow(row: Row, steps: StepRow[]): OperationRecord {
  const records = steps.map(
    ({ operation: _operation, position: _position, ...step }) => dropNulls(step) as unknown as StepRecord,
  )
  return { ...(dropNulls(row) as unknown as OperationRecord), steps: records }
}

function toLine(row: typeof logTable.$inferSelect): LogLine {
  return dropNulls(row) as unknown as LogLine
}
