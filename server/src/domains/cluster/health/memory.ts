import { and, asc, desc, eq, lt } from 'drizzle-orm'
import { type Db, healthChecksTable, healthEventsTable, healthLooksTable } from '../../../platform/db.ts'
import type { CertificateFact, CheckStatus, ClusterHealth, HealthCheck, HealthEvent, HealthStatus } from '../model.ts'

/** Events kept of each cluster. */
const keptEvents = 500
/** A check nobody could judge for this long starts anew, ms (a week). */
const forgetMs = 7 * 24 * 60 * 60_000

/** What was found in earlier looks, so that a page can say since when something is so. */
export interface HealthMemory {
  /** The last look; undefined when there was none. */
  last(instance: string): ClusterHealth | undefined
  /** Remembers a look; answers it with since when each check is so, and whether anything but the time changed. */
  remember(instance: string, health: ClusterHealth): { health: ClusterHealth; changed: boolean }
  /** Verdicts that changed, newest first. */
  events(instance: string, limit: number): HealthEvent[]
  forget(instance: string): void
}

/** The memory over the daemon's database. */
export function createHealthMemory(db: Db): HealthMemory {
  function rows(instance: string) {
    const own = eq(healthChecksTable.instance, instance)
    return db.select().from(healthChecksTable).where(own).orderBy(asc(healthChecksTable.position)).all()
  }

  function last(instance: string): ClusterHealth | undefined {
    const look = db.select().from(healthLooksTable).where(eq(healthLooksTable.instance, instance)).get()
    if (!look) return undefined
    const checks = rows(instance)
      .filter(({ checkedAt }) => checkedAt === look.checkedAt)
      .map(({ name, status, message, remedy, since }) => ({
        name,
        status: status as CheckStatus,
        message,
        remedy,
        since,
      }))
    return {
      status: look.status as HealthStatus,
      checks,
      certificates: look.certificates as CertificateFact[],
      checkedAt: look.checkedAt,
    }
  }

  function write(instance: string, check: HealthCheck & { since: string }, position: number, checkedAt: string): void {
    const values = {
      position,
      status: check.status,
      message: check.message,
      remedy: check.remedy,
      since: check.since,
      checkedAt,
    }
    db.insert(healthChecksTable)
      .values({ instance, name: check.name, ...values })
      .onConflictDoUpdate({ target: [healthChecksTable.instance, healthChecksTable.name], set: values })
      .run()
  }

  function note(instance: string, { name, status, message }: HealthCheck, at: string): void {
    db.insert(healthEventsTable).values({ instance, name, status, message, at }).run()
  }

  function prune(instance: string, now: number): void {
    const own = eq(healthEventsTable.instance, instance)
    const newest = db.select({ id: healthEventsTable.id }).from(healthEventsTable).where(own)
    const kept = newest.orderBy(desc(healthEventsTable.id)).limit(keptEvents).all()
    if (kept.length === keptEvents)
      db.delete(healthEventsTable)
        .where(and(own, lt(healthEventsTable.id, kept.at(-1)!.id)))
        .run()
    const old = lt(healthChecksTable.checkedAt, new Date(now - forgetMs).toISOString())
    db.delete(healthChecksTable)
      .where(and(eq(healthChecksTable.instance, instance), old))
      .run()
  }

  function remember(instance: string, health: ClusterHealth): { health: ClusterHealth; changed: boolean } {
    const before = last(instance)
    const known = new Map(rows(instance).map((row) => [row.name, row]))
    const at = health.checkedAt!
    const checks = health.checks.map((check) => {
      const row = known.get(check.name)
      return { ...check, since: row?.status === check.status ? row.since : at }
    })
    for (const [position, check] of checks.entries()) {
      const row = known.get(check.name)
      if (row ? row.status !== check.status : check.status !== 'passing') note(instance, check, at)
      write(instance, check, position, at)
    }
    const look = { status: health.status, certificates: health.certificates ?? [], checkedAt: at }
    db.insert(healthLooksTable)
      .values({ instance, ...look })
      .onConflictDoUpdate({ target: healthLooksTable.instance, set: look })
      .run()
    prune(instance, Date.parse(at))
    return { health: { ...health, checks }, changed: !before || told(before) !== told({ ...health, checks }) }
  }

  return {
    last,
    remember: (instance, health) => db.transaction(() => remember(instance, health)),
    events(instance, limit) {
      const own = eq(healthEventsTable.instance, instance)
      const newest = db
        .select()
        .from(healthEventsTable)
        .where(own)
        .orderBy(desc(healthEventsTable.id))
        .limit(limit)
        .all()
      return newest.map(({ name, status, message, at }) => ({ name, status: status as CheckStatus, message, at }))
    },
    forget(instance) {
      db.delete(healthChecksTable).where(eq(healthChecksTable.instance, instance)).run()
      db.delete(healthLooksTable).where(eq(healthLooksTable.instance, instance)).run()
      db.delete(healthEventsTable).where(eq(healthEventsTable.instance, instance)).run()
    },
  }
}

function told({ status, checks, certificates }: ClusterHealth): string {
  return JSON.stringify([status, checks, certificates])
}
