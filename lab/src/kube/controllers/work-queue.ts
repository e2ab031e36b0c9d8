import type { LabClock } from '../../lab-clock.ts'

export interface QueuedWork {
  name: string
  /** Does the work once; `wake` asks for another run at a real moment (ms since the epoch). */
  run(wake: (at: number) => void): void | Promise<void>
}

export interface WorkQueue {
  /** Asks for a run of this work; many asks in a short while make one run. */
  mark(name: string): void
  /** Ends when nothing is waiting to run; timers may still be pending. */
  settled(): Promise<void>
  /** Ends the queue once the work in hand is done. */
  close(): Promise<void>
}

/** Rounds without a pause: work that keeps waking itself must not starve the API in the same process. */
const roundsInARow = 25
const pauseMs = 250
const retryLabMs = 5000

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Runs marked work one after another, in table order, on one thread of control. Work that throws is logged and tried
 * again after a while; it never takes the others down.
 */
export function createWorkQueue(options: {
  works: QueuedWork[]
  clock: LabClock
  log: (line: string) => void
  debounceMs: number
}): WorkQueue {
  const { works, clock, log, debounceMs } = options
  const marked = new Set<string>()
  const timers = new Map<string, () => void>()
  const idle = new Set<() => void>()
  let running: Promise<void> | undefined
  let closed = false

  const rearm = (name: string, at: number): void => {
    timers.get(name)?.()
    timers.delete(name)
    if (at !== Infinity)
      timers.set(
        name,
        clock.at(at, () => mark(name)),
      )
  }
  const runOne = async (work: QueuedWork): Promise<void> => {
    let earliest = Infinity
    try {
      await work.run((at) => {
        earliest = Math.min(earliest, at)
      })
    } catch (error) {
      log(`controller ${work.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      earliest = Math.min(earliest, clock.due(retryLabMs))
    }
    if (!closed) rearm(work.name, earliest)
  }
  const drain = async (): Promise<void> => {
    for (let round = 1; marked.size > 0 && !closed; round += 1) {
      const due = works.filter((work) => marked.has(work.name))
      for (const work of due) {
        if (closed) return
        marked.delete(work.name)
        await runOne(work)
        await nextTurn()
      }
      if (round % roundsInARow === 0) await pause(pauseMs)
    }
  }
  const start = async (): Promise<void> => {
    await (debounceMs > 0 ? pause(debounceMs) : nextTurn())
    // Asked again in the same turn: nothing marked may be left when `running` ends.
    while (marked.size > 0 && !closed) await drain()
    running = undefined
    for (const resolve of [...idle]) resolve()
    idle.clear()
  }
  const mark = (name: string): void => {
    if (closed) return
    marked.add(name)
    running ??= start()
  }

  return {
    mark,
    settled: () => (running === undefined ? Promise.resolve() : new Promise((resolve) => idle.add(resolve))),
    close: async () => {
      closed = true
      for (const cancel of timers.values()) cancel()
      timers.clear()
      await running
    },
  }
}
