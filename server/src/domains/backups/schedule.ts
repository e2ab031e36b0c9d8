import type { Operations } from '../../operations/engine.ts'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import type { Clock } from '../../platform/clock.ts'
import { asWildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { subjectOf } from './keep/delete.ts'
import { backupTime } from './model.ts'
import { outdated } from './retention.ts'
import type { BackupSettingsStore, RunPart, Schedule } from './settings.ts'
import type { Targets } from './targets.ts'

/** How scheduled backups stand. */
export interface ScheduleState {
  /** Undefined: never. ISO 8601. */
  lastRun?: string
  /** When it is due next; undefined while the schedule is off. */
  nextRun?: string
  /** What went wrong in the last run, a line for each thing. */
  problems: string[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * When a schedule is due for the first time after a moment, ms. A time of the day is that of this device. What was missed
 * (the device was off) is due at once, and once only, since the next moment is counted from when it was made up.
 */
export function dueAfter(schedule: Pick<Schedule, 'at' | 'everyHours'>, last: number): number {
  if (schedule.everyHours !== undefined) return last + schedule.everyHours * hourMs
  const [hours = 3, minutes = 0] = (schedule.at ?? '03:00').split(':').map(Number)
  const day = new Date(last)
  day.setHours(hours, minutes, 0, 0)
  if (day.getTime() <= last) day.setDate(day.getDate() + 1)
  return day.getTime()
}

interface Kept {
  /** When the schedule was switched on. */
  since?: number
  lastRun?: number
  problems?: string[]
}

function lastOf({ since, lastRun }: Kept): number | undefined {
  return since === undefined && lastRun === undefined ? undefined : Math.max(since ?? 0, lastRun ?? 0)
}

/** Where the daemon notes when it last ran. */
export interface ScheduleNotes {
  read(): Promise<Kept>
  save(kept: Kept): Promise<void>
}

/** Notes in a file. */
export function createScheduleNotes(file: string): ScheduleNotes {
  return {
    async read() {
      try {
        return JSON.parse((await readFileIfThere(file)) ?? '{}') as Kept
      } catch {
        return {}
      }
    },
    save: (kept) => writeFileAtomic(file, `${JSON.stringify(kept)}\n`, { mode: 0o600 }),
  }
}

export interface ScheduleDeps {
  settings: BackupSettingsStore
  notes: ScheduleNotes
  targets: Targets
  operations: Operations
  instances(): Promise<string[]>
  run: RunTool
  clock: Clock
  log: Log
  changed(): void
}

/** Scheduled backups. */
export interface Scheduler {
  state(): Promise<ScheduleState>
  /** Looks once whether something is due, and does it. */
  tick(): Promise<void>
  /** Looks once a minute until `signal` aborts. */
  keep(signal: AbortSignal): Promise<void>
}

/** The daemon's own schedule: what is due is backed up, then what is outdated is removed. */
export function createScheduler(deps: ScheduleDeps): Scheduler {
  const { settings, notes, operations, clock, log } = deps
  let working = false

  async function one(input: object): Promise<string[]> {
    try {
      const { id } = await operations.start('backup.run', { ...input, reason: 'schedule' }, 'daemon')
      const record = await operations.ended(id)
      return [...(record.error ? [`${record.title}: ${record.error.message}`] : []), ...record.warnings]
    } catch (error) {
      return [asWildError(error).message]
    }
  }

  async function runAll(only: RunPart[]): Promise<string[]> {
    const problems: string[] = []
    const own = only.filter((part) => part !== 'device')
    if (own.length > 0)
      for (const instance of await deps.instances()) problems.push(...(await one({ instance, only: own })))
    if (only.includes('device')) problems.push(...(await one({ only: ['device'] })))
    return problems
  }

  /** Removes what is outdated in one vault, thing by thing. */
  async function prune(open: () => ReturnType<Targets['ofDevice']>, schedule: Schedule): Promise<string[]> {
    try {
      const vault = await open()
      const all = (await vault.list(deps.run)).map(({ id, manifest }) => ({
        id,
        at: backupTime(id),
        // Those a person or an update made stay until a person removes them; they still count as good.
        scheduled: manifest === undefined || manifest.reason === 'schedule',
        good: manifest !== undefined,
      }))
      const subjects = new Set(all.map(({ id }) => subjectOf(id)))
      const gone = [...subjects].flatMap((subject) => {
        const own = all.filter(({ id }) => subjectOf(id) === subject)
        const old = new Set(outdated(own, schedule.keep, clock.now()))
        return own.filter(({ id, scheduled }) => scheduled && old.has(id)).map(({ id }) => id)
      })
      if (gone.length > 0) await vault.remove(deps.run, gone)
      return []
    } catch (error) {
      return [`Removing old backups: ${asWildError(error).message}`]
    }
  }

  async function work(schedule: Schedule): Promise<void> {
    const begun = clock.now()
    const problems = await runAll(schedule.only)
    for (const instance of await deps.instances())
      problems.push(...(await prune(() => deps.targets.ofInstance(instance), schedule)))
    if (schedule.only.includes('device')) problems.push(...(await prune(deps.targets.ofDevice, schedule)))
    await notes.save({ ...(await notes.read()), lastRun: begun, problems })
    for (const problem of problems) log.warn({ problem }, 'a scheduled backup had a problem')
    deps.changed()
  }

  async function tick(): Promise<void> {
    if (working) return
    working = true
    try {
      const { schedule } = await settings.read()
      if (!schedule.enabled) return
      const kept = await notes.read()
      const last = lastOf(kept)
      // A schedule that was just switched on is not overdue.
      if (last === undefined) return await notes.save({ ...kept, since: clock.now() })
      if (dueAfter(schedule, last) <= clock.now()) await work(schedule)
    } catch (error) {
      log.warn({ err: error }, 'scheduled backups could not be looked after')
    } finally {
      working = false
    }
  }

  return {
    tick,
    async state() {
      const [{ schedule }, kept] = await Promise.all([settings.read(), notes.read()])
      const last = lastOf(kept) ?? clock.now()
      return {
        ...(kept.lastRun === undefined ? {} : { lastRun: new Date(kept.lastRun).toISOString() }),
        ...(schedule.enabled ? { nextRun: new Date(dueAfter(schedule, last)).toISOString() } : {}),
        problems: kept.problems ?? [],
      }
    },
    async keep(signal) {
      while (!signal.aborted) {
        await tick()
        await clock.sleep(minuteMs, signal).catch(() => undefined)
      }
    },
  }
}
