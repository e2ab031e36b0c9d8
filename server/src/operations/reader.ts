import type { Signals } from '../platform/signals.ts'

export interface Reading<T, N> {
  signal?: AbortSignal
  /** Which news are a reason to look again. */
  wanted(news: N): boolean
  /** What is new since the last look; `more`: look again at once; `ended`: nothing will follow. */
  look(): { items: T[]; more: boolean; ended: boolean }
}

/**
 * An iterator over what `look` finds, now and after each wanted news. It listens first and reads second, so nothing falls
 * between; it reads only as fast as it is asked, so a slow reader costs one page of memory. Returning it, or `signal`,
 * ends it at once, also while it waits.
 */
export function createReader<T, N>(
  news: Signals<N>,
  { signal, wanted, look }: Reading<T, N>,
): AsyncIterableIterator<T> {
  let items: T[] = []
  let position = 0
  let lookAgain = true
  let ended = false
  let stopped = false
  let wake: (() => void) | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let asked = 0

  const stopListening = news.on((item) => {
    if (!wanted(item)) return
    lookAgain = true
    wake?.()
  })
  function stop(): void {
    stopped = true
    items = []
    stopListening()
    signal?.removeEventListener('abort', stop)
    wake?.()
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop, { once: true })

  async function nextPage(): Promise<IteratorResult<T>> {
    while (!stopped && position >= items.length) {
      if (lookAgain) {
        lookAgain = false
        const found = look()
        items = found.items
        position = 0
        lookAgain ||= found.more
        ended = found.ended && !found.more
      } else if (ended) stop()
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    return stopped ? { value: undefined, done: true } : { value: items[position++]!, done: false }
  }

  return {
    next() {
      if (asked === 0 && !stopped && position < items.length)
        return Promise.resolve({ value: items[position++]!, done: false })
      // Whoever asks twice gets his answers one after the other.
      asked++
      const answer = turn.then(nextPage)
      turn = answer.then(
        () => asked--,
        () => {
          asked--
          stop()
        },
      )
      return answer
    },
    return() {
      stop()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
