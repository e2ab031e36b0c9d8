import { randomInt } from 'node:crypto'
import { count } from 'drizzle-orm'
import { operationsTable } from '../platform/db.ts'
import { WildError } from '../platform/errors.ts'
import { parse } from '../platform/names.ts'
import { findTool, toolMissing } from '../platform/tool-runner.ts'
import { type Account, operationAccount } from './account.ts'
import { isGroup, type OperationDefinition, type Step, type StepItem } from './define.ts'
import { createEnding, type EndingParts } from './ending.ts'
import { createHost } from './host.ts'
import { createJournal, type Journal } from './journal/index.ts'
import { createLocks } from './locks.ts'
import { type Plan, planOperation } from './plan.ts'
import { usualDuration } from './progress.ts'
import { type Door, isEnded, type OperationRecord, type StepRecord, type TakenBack } from './record.ts'
import { endOrphans } from './recovery.ts'
import { flatten, runList } from './runner.ts'
import { operationScript } from './script.ts'

export type { Account } from './account.ts'
export { inProgress } from './locks.ts'
export { type Plan, type PlannedStep, plannedStates } from './plan.ts'
export * from './record.ts'

/** What domains and doors see of the engine. */
export interface Operations {
  define<I>(definition: OperationDefinition<I>): void
  /** Every type that can be started, in order of the alphabet. */
  types(): string[]
  /** Checks, locks, records and starts; answers at once. Throws INVALID_INPUT, NOT_FOUND, OPERATION_IN_PROGRESS. */
  start(type: string, input: unknown, via: Door): Promise<OperationRecord>
  /** Asks a running operation to stop. Throws NOT_FOUND, or CONFLICT when it has ended. */
  cancel(id: string): OperationRecord
  /** Starts the same work with the same input again; what is done is skipped. Throws CONFLICT while it still runs. */
  retry(id: string, via: Door): Promise<OperationRecord>
  get(id: string): OperationRecord
  /** What `start` would do with this input, step by step; changes nothing and takes no lock. */
  plan(type: string, input: unknown): Promise<Plan>
  /** What happened to an operation, what state things are in, and what to do next. */
  account(record: OperationRecord): Account
  /** The commands an operation ran, as a shell script. */
  script(id: string): string
  /** How long operations of this type usually take on this device, ms; undefined before the second one. */
  usualMs(type: string): number | undefined
  /** How many operations there are of each type and status. */
  counts(): { type: string; status: string; count: number }[]
  /** Ids of running operations that hold a lock overlapping this path. */
  holders(path: string): string[]
  readonly journal: Journal
  /** Resolves when an operation has ended. */
  ended(id: string): Promise<OperationRecord>
  /** Marks what a dead daemon left running as failed, frees its locks, ends its child processes. Call once, before listening. */
  recover(): number
  /** Cancels everything (DAEMON_STOPPED) and resolves when all has ended or after `limitMs`. */
  stop(limitMs: number): Promise<void>
}

export type EngineOptions = Omit<EndingParts, 'journal' | 'locks'>

interface Running {
  record: OperationRecord
  abort: AbortController
  finished: Promise<void>
}

const idLetters = 'abcdefghijkmnpqrstuvwxyz23456789'

function newId(type: string): string {
  const verb = type.split('.').join('-')
  return `op_${verb}_${Array.from({ length: 8 }, () => idLetters[randomInt(idLetters.length)]).join('')}`
}

/** The engine: one per daemon. */
export function createOperations(options: EngineOptions): Operations {
  const { db, masker, clock, log } = options
  const journal = createJournal(db, clock.now)
  const locks = createLocks(db)
  const { finish, fail, prune } = createEnding({ ...options, journal, locks })
  // biome-ignore lint/suspicious/noExplicitAny: each definition knows its own input
  const definitions = new Map<string, OperationDefinition<any>>()
  const running = new Map<string, Running>()
  let stopping = false
  const now = () => new Date(clock.now()).toISOString()

  function definitionOf(type: string) {
    const definition = definitions.get(type)
    if (!definition) throw new WildError('NOT_FOUND', `There is no operation of type "${type}".`, { type })
    return definition
  }

  async function inputOf<I>(definition: OperationDefinition<I>, rawInput: unknown): Promise<I> {
    const input = parse(definition.input, rawInput)
    return definition.complete ? definition.complete(input) : input
  }

  async function start(type: string, rawInput: unknown, via: Door): Promise<OperationRecord> {
    const definition = definitionOf(type)
    const input = await inputOf(definition, rawInput)
    if (stopping) throw new WildError('DAEMON_STOPPED', 'The daemon is stopping; start it again, then repeat this.')
    await definition.refuse?.(input)
    masker.add((await definition.secrets?.(input)) ?? [])
    const paths = await definition.locks(input)
    const record: OperationRecord = {
      id: newId(type),
      type,
      title: masker.text(definition.title(input)),
      instance: definition.instance(input),
      target: definition.target?.(input),
      input: masker.deep(input),
      status: 'pending',
      progress: 0,
      message: 'Starting',
      steps: [],
      warnings: [],
      via,
      createdAt: now(),
    }
    db.transaction(() => {
      journal.create(record)
      locks.take(record.id, paths)
    })
    const abort = new AbortController()
    const finished = execute(definition, input, record, abort)
    running.set(record.id, { record, abort, finished })
    return structuredClone(record)
  }

  async function execute<I>(
    definition: OperationDefinition<I>,
    input: I,
    record: OperationRecord,
    abort: AbortController,
  ): Promise<void> {
    // The caller gets its answer (and may subscribe) before the first step runs.
    await Promise.resolve()
    const undone: TakenBack[] = []
    const host = createHost({ ...options, journal }, record, abort.signal, undone)
    try {
      record.status = 'running'
      record.startedAt = now()
      journal.save(record)
      const items = await definition.steps(input, host.context(preparing, abort.signal))
      record.steps = flatten(items)
      journal.save(record)
      await runList(host, { steps: needing(definition.tools ?? [], items), parallel: definition.parallel })
      finish(record, 'completed', record.warnings.length ? 'Completed with warnings' : 'Completed')
    } catch (error) {
      fail(record, abort.signal.aborted ? abort.signal.reason : error, abort.signal.aborted, undone)
    } finally {
      running.delete(record.id)
    }
  }

  function get(id: string): OperationRecord {
    const record = journal.find(id)
    if (!record)
      throw new WildError('NOT_FOUND', `There is no operation "${id}".`, { name: id, hint: 'wild-cli operation list' })
    return record
  }

  return {
    define: (definition) => void definitions.set(definition.type, definition),
    types: () => [...definitions.keys()].sort(),
    start,
    cancel(id) {
      const record = get(id)
      const active = running.get(id)
      if (!active)
        throw new WildError('CONFLICT', `Operation ${id} has already ended: ${record.status}.`, {
          status: record.status,
        })
      active.abort.abort(
        new WildError('CANCELLED', 'Cancelled. Finished steps stay; running it again goes on from there.'),
      )
      return record
    },
    async retry(id, via) {
      const record = get(id)
      if (!isEnded(record.status))
        throw new WildError('CONFLICT', `Operation ${id} is still ${record.status}.`, { status: record.status })
      return start(record.type, record.input, via)
    },
    get,
    async plan(type, rawInput) {
      const definition = definitionOf(type)
      return planOperation(definition, await inputOf(definition, rawInput), { clock, masker })
    },
    account: (record) => operationAccount(db, record),
    script: (id) => operationScript(db, get(id)),
    usualMs: (type) => usualDuration(journal.list({ type, status: 'completed', limit: 30 })),
    counts: () =>
      db
        .select({ type: operationsTable.type, status: operationsTable.status, count: count() })
        .from(operationsTable)
        .groupBy(operationsTable.type, operationsTable.status)
        .all(),
    holders: locks.holders,
    journal,
    async ended(id) {
      await running.get(id)?.finished
      return get(id)
    },
    recover() {
      const left = journal.running()
      endOrphans(db, log)
      for (const record of left) {
        for (const step of record.steps) {
          if (step.state === 'running') step.state = 'failed'
          if (step.state === 'pending') step.state = 'blocked'
        }
        fail(record, restarted(record.id), false)
      }
      db.transaction(() => {
        for (const record of left) locks.release(record.id)
      })
      prune()
      return left.length
    },
    async stop(limitMs) {
      stopping = true
      const all = [...running.values()]
      for (const { record, abort } of all) abort.abort(stopped(record.id))
      await Promise.race([Promise.allSettled(all.map(({ finished }) => finished)), clock.sleep(limitMs)])
      journal.flush()
    },
  }
}

/** The same list, whose very first step fails when a program it needs is not there. */
function needing(tools: string[], items: StepItem[]): StepItem[] {
  const [first, ...rest] = items
  if (!first || tools.length === 0) return items
  if (isGroup(first)) return [{ ...first, steps: needing(tools, first.steps) }, ...rest]
  const needs: Step['needs'] = async (ctx) => {
    const missing = tools.find((tool) => !findTool(tool))
    if (missing) throw toolMissing(missing)
    await first.needs?.(ctx)
  }
  return [{ ...first, needs }, ...rest]
}

/** Stands in for a step while the list of steps is being made. */
const preparing: StepRecord = {
  id: 'prepare',
  title: 'Preparing',
  weight: 1,
  state: 'running',
  progress: 0,
  attempt: 0,
}

function restarted(id: string): WildError {
  return new WildError(
    'DAEMON_RESTARTED',
    'The daemon was restarted while this ran. Run it again: what is done is skipped.',
    { hint: `wild-cli operation retry ${id}` },
  )
}

function stopped(id: string): WildError {
  return new WildError('DAEMON_STOPPED', 'The daemon was stopped. Run it again: what is done is skipped.', {
    hint: `wild-cli operation retry ${id}`,
  })
}
