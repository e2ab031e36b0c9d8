import { eq } from 'drizzle-orm'
import { type Db, locksTable, operationsTable } from '../platform/db.ts'
import { WildError } from '../platform/errors.ts'

/** Two locks conflict when they are equal or one is a parent folder of the other: `instances/home` and `instances/home/cluster`. */
export function conflicts(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
}

/** Locks live in the database beside the operation that holds them, so that both appear in one transaction. */
export interface Locks {
  /** Takes all or none. Call inside the transaction that creates the operation. Throws OPERATION_IN_PROGRESS naming the holder. */
  take(operation: string, paths: string[]): void
  release(operation: string): void
  /** Operations holding a lock that conflicts with this path. */
  holders(path: string): string[]
}

/** Locks on the daemon's database. */
export function createLocks(db: Db): Locks {
  function held(): { path: string; operation: string }[] {
    return db.select().from(locksTable).all()
  }

  /** Locks go with their operation, so its row is there. */
  function named(id: string) {
    return db.select().from(operationsTable).where(eq(operationsTable.id, id)).get()!
  }

  return {
    take(operation, paths) {
      const current = held()
      for (const path of paths) {
        const holder = current.find((lock) => conflicts(lock.path, path))
        if (holder) throw inProgress(named(holder.operation))
      }
      for (const path of new Set(paths)) db.insert(locksTable).values({ path, operation }).run()
    },
    release: (operation) => void db.delete(locksTable).where(eq(locksTable.operation, operation)).run(),
    holders: (path) => [
      ...new Set(
        held()
          .filter((lock) => conflicts(lock.path, path))
          .map((lock) => lock.operation),
      ),
    ],
  }
}

/** Says which operation is in the way, in the words a person knows it by; lock paths are ours. */
export function inProgress(holder: {
  id: string
  title: string
  createdAt: string
  startedAt?: string | null
}): WildError {
  const { id, title } = holder
  const since = holder.startedAt ?? holder.createdAt
  return new WildError(
    'OPERATION_IN_PROGRESS',
    `"${title}" is still running (${id}, since ${since.slice(0, 16).replace('T', ' ')} UTC) and works on the same things. Wait until it has ended, or cancel it; then try again.`,
    { operation_id: id, title, since, hint: `wild-cli operation logs ${id}` },
  )
}
