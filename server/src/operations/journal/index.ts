import { busyTimeoutMs, type Db, type logTable } from '../../platform/db.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import { createReader } from '../reader.ts'
import { isEnded, type LogLine, type LogStream, type OperationRecord, type StepRecord } from '../record.ts'
import { createLines, page } from './lines.ts'
import { createRecords, type OperationFilter } from './records.ts'
import { isBusy, isConstraint } from './trouble.ts'

export type { OperationFilter } from './records.ts'

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
/** Longest log message stored, in characters. */
const longestMessage = 8_192

/** A journal on the daemon's database; lines are written in batches, one transaction each. */
export function createJournal(db: Db, now: () => number = Date.now): Journal {
  const records = createRecords(db)
  const lines = createLines(db)
  const news = createSignals<JournalNews>()
  const sequences = new Map<string, number>()
  let waiting: (typeof logTable.$inferInsert)[] = []
  const touched = new Map<string, string | undefined>()
  const changedSteps = new Map<StepRecord, OperationRecord>()
  let trouble: unknown
  let timer: NodeJS.Timeout | undefined

  function nextSeq(operation: string): number {
    const next = (sequences.get(operation) ?? lines.lastSeq(operation)) + 1
    sequences.set(operation, next)
    return next
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0 && changedSteps.size === 0) return
    const steps = [...changedSteps]
    try {
      db.transaction(() => {
        for (const line of waiting) lines.insert(line)
        for (const [step, record] of steps) records.saveStep(record, step)
      })
    } catch (error) {
      if (isConstraint(error)) dropOrphans()
      else trouble = error
      timer ??= setTimeout(flushQuietly, againMs)
      throw error
    }
    waiting = []
    changedSteps.clear()
    lines.forgetPages()
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
    const gone = new Set([...touched.keys()].filter((id) => !records.statusOf(id)))
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

  function save(record: OperationRecord): void {
    // All lines first: a reader that sees the end must find every one.
    if (isEnded(record.status)) flush()
    records.save(record)
    if (isEnded(record.status)) sequences.delete(record.id)
    news.emit({ operation: record.id, instance: record.instance, kind: 'state' })
  }

  function follow(operation: string, after: number, signal?: AbortSignal): AsyncIterableIterator<LogLine> {
    let seen = after
    return createReader(news, {
      signal,
      wanted: (item) => item.operation === operation,
      look() {
        // The status first: what is written before the end is then among the lines.
        const status = records.statusOf(operation)
        const found = lines.sharedPage(operation, seen)
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
        const record = records.find(operation)
        return { items: record ? [record] : [], more: false, ended: !record || isEnded(record.status) }
      },
    })
  }

  return {
    create: records.create,
    save,
    saveStep(record, step) {
      changedSteps.delete(step)
      records.saveStep(record, step)
      news.emit({ operation: record.id, instance: record.instance, kind: 'state' })
    },
    saveStepSoon(record, step) {
      if (!record.steps.includes(step)) return
      changedSteps.set(step, record)
      timer ??= setTimeout(flushQuietly, batchMs)
    },
    find: records.find,
    list: records.list,
    running: records.running,
    log,
    flush,
    lines: lines.lines,
    lastLines: lines.lastLines,
    follow,
    watch,
    news,
    assertWritable() {
      if (trouble && (!isBusy(trouble) || waiting.length > mostWaiting)) throw trouble
    },
    prune(keep, olderThan) {
      const removed = records.prune(keep, olderThan)
      lines.forgetPages()
      return removed
    },
  }
}
