/**
 * Shares one piece of work among everyone who asks for the same key, and its answer for `ttlMs` afterwards. Failures are
 * not kept. `now` must never go back (the wall clock does), or an answer would be kept for hours.
 */
export function createSingleFlight(now: () => number = () => performance.now()) {
  const flights = new Map<string, { until: number; answer: Promise<unknown> }>()

  return function singleFlight<T>(key: string, ttlMs: number, work: () => Promise<T>): Promise<T> {
    const current = flights.get(key)
    if (current && current.until > now()) return current.answer as Promise<T>
    const answer = work()
    const flight = { until: Number.POSITIVE_INFINITY, answer }
    flights.set(key, flight)
    answer.then(
      () => {
        flight.until = now() + ttlMs
      },
      () => {
        if (flights.get(key) === flight) flights.delete(key)
      },
    )
    return answer
  }
}

/** The daemon's own: keys must name the instance and what is asked. */
export const singleFlight = createSingleFlight()
export type SingleFlight = typeof singleFlight
