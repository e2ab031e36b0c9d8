/** A named signal that only says "look again": listeners read the truth themselves, so a lost signal costs time, never data. */
export interface Signals<T> {
  emit(value: T): void
  /** Returns a function that stops listening. */
  on(listener: (value: T) => void): () => void
  /**
   * An async iterator over signals from now on. Keeps at most `limit` unread values and drops the oldest, so a slow
   * reader cannot make memory grow. Ends when `signal` aborts or the iterator is returned.
   */
  iterate(options?: { signal?: AbortSignal; limit?: number }): AsyncIterableIterator<T>
  listeners(): number
}

/** A signal without listeners. */
export function createSignals<T>(): Signals<T> {
  const listeners = new Set<(value: T) => void>()

  function on(listener: (value: T) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function iterate(options: { signal?: AbortSignal; limit?: number } = {}): AsyncIterableIterator<T> {
    const unread: T[] = []
    let waiting: ((result: IteratorResult<T>) => void) | undefined
    let ended = false
    const stopListening = on((value) => {
      if (waiting) {
        const resolve = waiting
        waiting = undefined
        resolve({ value, done: false })
        return
      }
      unread.push(value)
      if (unread.length > (options.limit ?? 100)) unread.shift()
    })
    function end(): void {
      if (ended) return
      ended = true
      stopListening()
      options.signal?.removeEventListener('abort', end)
      waiting?.({ value: undefined, done: true })
      waiting = undefined
    }
    if (options.signal?.aborted) end()
    else options.signal?.addEventListener('abort', end, { once: true })
    return {
      next() {
        const value = unread.shift()
        if (value !== undefined) return Promise.resolve({ value, done: false })
        if (ended) return Promise.resolve({ value: undefined, done: true })
        return new Promise((resolve) => {
          waiting = resolve
        })
      },
      return() {
        end()
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  return {
    emit: (value) => {
      for (const listener of [...listeners]) listener(value)
    },
    on,
    iterate,
    listeners: () => listeners.size,
  }
}
