/** Waits this long for more news before it asks. */
const settleMs = 150
/** Time between two askings that news caused. */
const restMs = 1_000

/**
 * Paces work that is asked for often: `soon` does it after a short wait, at most once a second, and never while it is
 * still being done; the last asking is always followed by a doing. `now` does it at once.
 */
export function createPace(work: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = Number.NEGATIVE_INFINITY
  let busy = 0
  let again = false

  async function now(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    again = false
    last = Date.now()
    busy++
    try {
      await work()
    } finally {
      busy--
      if (again && !busy) soon()
    }
  }

  function soon(): void {
    if (busy) again = true
    else timer ??= setTimeout(() => void now(), Math.max(settleMs, last + restMs - Date.now()))
  }

  function stop(): void {
    clearTimeout(timer)
    again = false
  }

  return { now: () => void now(), soon, stop }
}
