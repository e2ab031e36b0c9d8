import { eq } from 'drizzle-orm'
import { type Db, locksTable } from '../platform/db.ts'
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

  return {
    take(operation, paths) {
      const current = held()
      for (const path of paths) {
        const holder = current.find((lock) => conflicts(lock.path, path))
        if (holder) throw inProgress(holder.operation, holder.path)
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

function inProgress(operation: string, path: string): WildError {
  return new WildError(
    'OPERATION_IN_PROGRESS',
    `Another operation is in progress: ${operation} holds ${path}. Wait for it, follow it, or cancel it.`,
    { operation_id: operation, lock: path, hint: `wild-cli operation logs ${operation}` },
  )
}
