/** Something that may have to wait for siblings. */
export interface Waiting {
  name: string
  /** Names of siblings that must have ended well first. */
  after?: string[]
}

export interface SideBySide<T extends Waiting> {
  /** At most this many at once. */
  limit: number
  /** Runs one; resolves with whether it ended well. A rejection counts as not well, and the first one is thrown in the end. */
  run(item: T, index: number): Promise<boolean>
  /** One that will never start, because something before it did not end well. */
  block(item: T): void
}

/** A bounded pool over items that depend on each other. Independent ones all finish; then the first failure is thrown. */
export async function runSideBySide<T extends Waiting>(
  items: T[],
  { limit, run, block }: SideBySide<T>,
): Promise<void> {
  const waiting = new Set(items)
  const endedWell = new Map<string, boolean>()
  const active = new Set<Promise<void>>()
  const failures: unknown[] = []

  function start(item: T): void {
    waiting.delete(item)
    const work = run(item, items.indexOf(item)).then(
      (well) => void endedWell.set(item.name, well),
      (error) => {
        endedWell.set(item.name, false)
        failures.push(error)
      },
    )
    active.add(work)
    void work.finally(() => active.delete(work))
  }

  function giveUp(item: T): void {
    waiting.delete(item)
    endedWell.set(item.name, false)
    block(item)
  }

  while (waiting.size || active.size) {
    const before = waiting.size
    for (const item of [...waiting]) {
      const needs = item.after ?? []
      if (needs.some((name) => endedWell.get(name) === false)) giveUp(item)
      else if (active.size < limit && needs.every((name) => endedWell.get(name))) start(item)
    }
    if (active.size) await Promise.race(active)
    else if (waiting.size === before) for (const item of [...waiting]) giveUp(item)
  }
  if (failures.length) throw failures[0]
}
