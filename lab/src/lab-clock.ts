/** Lab time: real time divided by WILD_LAB_SPEED. Durations given here are lab milliseconds. */
export interface LabClock {
  /** Milliseconds since the epoch, real time: what timestamps show. */
  now(): number
  /** How fast lab time runs (WILD_LAB_SPEED). */
  readonly speed: number
  /** Real-time moment (ms since epoch) at which `labMs` of lab time will have passed from now. Store it; do not keep timers only in memory. */
  due(labMs: number): number
  /** Calls `work` when real time reaches `at` (ms since epoch). Returns a cancel function. Timers do not survive a kill: owners re-arm them from stored `due` moments at start. */
  at(at: number, work: () => void): () => void
}

/** Longest delay that setTimeout takes; later moments are reached in several hops. */
const LONGEST_TIMEOUT = 2_000_000_000

/** The lab's clock on real time; `speed` divides lab time (10 = ten times faster). */
export function createLabClock(speed: number): LabClock {
  return {
    speed,
    now: () => Date.now(),
    due: (labMs) => Date.now() + labMs / speed,
    at: (moment, work) => {
      let timer: NodeJS.Timeout
      const wait = (): void => {
        const left = moment - Date.now()
        timer = left > 0 ? setTimeout(wait, Math.min(Math.ceil(left), LONGEST_TIMEOUT)) : setTimeout(work, 0)
      }
      wait()
      return () => clearTimeout(timer)
    },
  }
}
