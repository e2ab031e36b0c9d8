/** Runs work one after another per key; a failure does not hold up the next. */
export function createMutex() {
  const tails = new Map<string, Promise<unknown>>()
  return function exclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = tails.get(key) ?? Promise.resolve()
    const result = before.then(work, work)
    const tail = result.then(
      () => undefined,
      () => undefined,
    )
    tails.set(key, tail)
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key)
    })
    return result
  }
}

export type Mutex = ReturnType<typeof createMutex>
