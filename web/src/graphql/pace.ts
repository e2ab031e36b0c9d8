/** Waits this long for more news before it asks. */
const settleMs = 150
/** Time between two askings that news caused: so many times as long as the last one took, within these bounds. */
const restFactor = 5
const shortestRestMs = 250
const longestRestMs = 2_000

/**
 * Paces work that is asked for often: `soon` does it after a short wait, never while it is still being done, and the less
 * often the longer it takes: what is light follows at once, what is heavy leaves the daemon time for others. The last
 * asking is always followed by a doing. `now` does it at once.
 */
export function createPace(work: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let restedAt = Number.NEGATIVE_INFINITY
  let busy = 0
  let again = false

  async function now(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    again = false
    busy++
    const began = Date.now()
    try {
      await work()
    } finally {
      busy--
      const ended = Date.now()
      restedAt = ended + Math.min(longestRestMs, Math.max(shortestRestMs, (ended - began) * restFactor))
      if (again && !busy) soon()
    }
  }

  function soon(): void {
    if (busy) again = true
    else timer ??= setTimeout(() => void now(), Math.max(settleMs, restedAt - Date.now()))
  }

  function stop(): void {
    clearTimeout(timer)
    again = false
  }

  return { now: () => void now(), soon, stop }
}
