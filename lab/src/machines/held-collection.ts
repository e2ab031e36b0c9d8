import type { LabStore } from '../store.ts'

/** A collection of the store that is held in memory and written through, in key order. */
export interface HeldCollection<T> {
  get(key: string): T | undefined
  list(): T[]
  put(key: string, value: T): void
  delete(key: string): void
}

/** Reads a collection once. Its values are shared: replace them, do not change them. */
export function holdCollection<T>(store: LabStore, name: string): HeldCollection<T> {
  const held = new Map(store.list<T>(name).map(({ key, value }) => [key, value]))
  let sorted: T[] | undefined
  return {
    get: (key) => held.get(key),
    list: () => {
      sorted ??= [...held].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
      return sorted
    },
    put: (key, value) => {
      store.put(name, key, value)
      held.set(key, value)
      sorted = undefined
    },
    delete: (key) => {
      store.delete(name, key)
      held.delete(key)
      sorted = undefined
    },
  }
}
