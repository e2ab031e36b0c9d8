import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { commandsTable, type Db, logTable, operationsTable, stepsTable } from '../platform/db.ts'
import { createSignals, type Signals } from '../platform/signals.ts'
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
  /** Removes ended operations beyond `keep`, newest kept. */
  prune(keep: number): void
}

const batchLines = 500
const batchMs = 40
const page = 500
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
    const batch = waiting
    const steps = [...changedSteps]
    waiting = []
    changedSteps.clear()
    db.transaction(() => {
      for (const line of batch) insertLine.run(line)
      for (const [step, record] of steps) writeProgress(record, step)
    })
    const told = [...touched]
    touched.clear()
    for (const [operation, instance] of told) news.emit({ operation, instance, kind: 'log' })
    for (const [, { id, instance }] of steps) news.emit({ operation: id, instance, kind: 'state' })
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
    if (waiting.length >= batchLines) flush()
    else timer ??= setTimeout(flush, batchMs)
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
    db.transaction(() => {
      db.update(operationsTable).set(toRow(record)).where(eq(operationsTable.id, record.id)).run()
      for (const step of record.steps) writeStep(record, step)
    })
    if (isEnded(record.status)) {
      flush()
      sequences.delete(record.id)
    }
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
    const where = and(eq(logTable.operation, operation), gt(logTable.seq, after))
    return db.select().from(logTable).where(where).orderBy(asc(logTable.seq)).limit(limit).all().map(toLine)
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
    const row = db
      .select({ status: operationsTable.status })
      .from(operationsTable)
      .where(eq(operationsTable.id, id))
      .get()
    return row?.status as OperationStatus | undefined
  }

  function follow(operation: string, after: number, signal?: AbortSignal): AsyncIterableIterator<LogLine> {
    return reader(news, operation, signal, async function* (wakeups) {
      let seen = after
      for (;;) {
        const status = statusOf(operation)
        const found = lines(operation, seen)
        for (const line of found) {
          yield line
          seen = line.seq
        }
        if (found.length === page) continue
        if (!status || isEnded(status)) return
        if ((await wakeups.next()).done) return
      }
    })
  }

  function watch(operation: string, signal?: AbortSignal): AsyncIterableIterator<OperationRecord> {
    return reader(news, operation, signal, async function* (wakeups) {
      for (;;) {
        const record = find(operation)
        if (!record) return
        yield record
        if (isEnded(record.status)) return
        for (;;) {
          const wakeup = await wakeups.next()
          if (wakeup.done) return
          if (wakeup.value.kind === 'state') break
        }
      }
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
      changedSteps.set(step, record)
      timer ??= setTimeout(flush, batchMs)
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
    prune(keep) {
      const old = sql`id in (select id from operations where status not in ('pending', 'running') order by rowid desc limit -1 offset ${keep})`
      db.delete(operationsTable).where(old).run()
      db.delete(commandsTable).where(sql`operation not in (select id from operations)`).run()
    },
  }
}

/** Listens first, reads second: nothing falls between. Leaving early stops the listening at once, even while waiting. */
function reader<T>(
  news: Signals<JournalNews>,
  operation: string,
  signal: AbortSignal | undefined,
  body: (wakeups: AsyncIterableIterator<JournalNews>) => AsyncGenerator<T>,
): AsyncIterableIterator<T> {
  const own = createSignals<JournalNews>()
  const stop = news.on((item) => item.operation === operation && own.emit(item))
  const wakeups = own.iterate({ signal, limit: 8 })
  const source = body(wakeups)
  async function end(): Promise<IteratorResult<T>> {
    stop()
    await wakeups.return?.()
    return source.return(undefined)
  }
  return {
    async next() {
      if (signal?.aborted) return end()
      const item = await source.next()
      if (item.done) stop()
      return item
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
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
