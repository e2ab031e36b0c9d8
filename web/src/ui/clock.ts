import { createSignal, onCleanup } from 'solid-js'

/** The time now, for "3 minutes ago" and running durations; moves while the page is open. */
export function createClock(everyMs = 1_000): () => number {
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), everyMs)
  onCleanup(() => clearInterval(timer))
  return now
}
