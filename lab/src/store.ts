/**
 * The lab's memory: one SQLite file in the lab's own folder. Every change is on disk before the call that made it is
 * answered, so that a killed lab goes on from where it was.
 */
export interface LabStore {
  /** The document under this key, or undefined. Returned values are copies: change them and `put` them back. */
  get<T>(collection: string, key: string): T | undefined
  /** All documents of a collection in key order, optionally only keys that start with `prefix`. */
  list<T>(collection: string, prefix?: string): { key: string; value: T }[]
  /** Creates or replaces a document. */
  put(collection: string, key: string, value: unknown): void
  delete(collection: string, key: string): void
  /** Runs `work` in one SQLite transaction: all of its writes or none. */
  transaction<T>(work: () => T): T
  close(): void
}
