import { type Clock, systemClock as real } from '../../../server/src/platform/clock.ts'

export type { Clock }

/**
 * Stands before the daemon's own clock in the bundle that tests start: `WILD_TEST_HASTE` divides every sleep, so that a
 * wait of a quarter of an hour gives up while a test looks on.
 */
const haste = Number(process.env.WILD_TEST_HASTE || 1)

export const systemClock: Clock = { ...real, sleep: (ms, signal) => real.sleep(ms / haste, signal) }
