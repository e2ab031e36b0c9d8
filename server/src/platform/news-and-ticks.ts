import type { Clock } from './clock.ts'

/**
 * Each piece of news, and undefined whenever none came for `everyMs`: for what also changes without anybody telling, as
 * machines do. Ends with the news.
 */
export async function* newsAndTicks<T>(
  news: AsyncIterableIterator<T>,
  everyMs: number,
  clock: Clock,
): AsyncGenerator<T | undefined> {
  let pending = news.next()
  for (;;) {
    const quiet = new AbortController()
    const tick = clock.sleep(everyMs, quiet.signal).then(
      () => undefined,
      () => undefined,
    )
    const heard = await Promise.race([pending, tick])
    quiet.abort()
    if (!heard) {
      yield undefined
      continue
    }
    if (heard.done) return
    pending = news.next()
    yield heard.value
  }
}
