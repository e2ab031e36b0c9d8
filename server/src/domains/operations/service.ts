import type { Account, LogLine, OperationRecord, Operations, Plan } from '../../operations/engine.ts'
import type { JournalNews, OperationFilter } from '../../operations/journal/index.ts'
import type { Door } from '../../platform/door.ts'
import { notFound } from '../../platform/errors.ts'
import type { Signals } from '../../platform/signals.ts'

/** What the doors may ask of operations. */
export interface OperationsService {
  types(): string[]
  list(filter: OperationFilter): OperationRecord[]
  get(id: string): OperationRecord
  lines(id: string, after: number, limit: number): LogLine[]
  lastLines(id: string, count: number): LogLine[]
  cancel(id: string): OperationRecord
  /** What starting this would do; changes nothing. */
  plan(type: string, input: unknown): Promise<Plan>
  /** What running this again would do; changes nothing. */
  planRetry(id: string): Promise<Plan>
  /** What happened, what state things are in, what to do next. */
  account(record: OperationRecord): Account
  /** The commands an operation ran, as a shell script. */
  script(id: string): string
  /** How long this type usually takes here, ms. */
  usualMs(type: string): number | undefined
  retry(id: string, via: Door): Promise<OperationRecord>
  follow(id: string, after: number, signal?: AbortSignal): AsyncIterableIterator<LogLine>
  watch(id: string, signal?: AbortSignal): AsyncIterableIterator<OperationRecord>
  readonly news: Signals<JournalNews>
}

/** Operations over the engine. */
export function createOperationsService(operations: Operations): OperationsService {
  const { journal } = operations
  function known(id: string): void {
    if (!journal.find(id)) throw notFound('operation', id, 'wild-cli operation list')
  }
  return {
    types: () => operations.types(),
    list: (filter) => journal.list(filter),
    get: (id) => operations.get(id),
    lines(id, after, limit) {
      known(id)
      return journal.lines(id, after, limit)
    },
    lastLines: (id, count) => journal.lastLines(id, count),
    cancel: (id) => operations.cancel(id),
    plan: (type, input) => operations.plan(type, input),
    async planRetry(id) {
      const { type, input } = operations.get(id)
      return operations.plan(type, input)
    },
    account: (record) => operations.account(record),
    script: (id) => operations.script(id),
    usualMs: (type) => operations.usualMs(type),
    retry: (id, via) => operations.retry(id, via),
    follow(id, after, signal) {
      known(id)
      return journal.follow(id, after, signal)
    },
    watch(id, signal) {
      known(id)
      return journal.watch(id, signal)
    },
    news: journal.news,
  }
}
