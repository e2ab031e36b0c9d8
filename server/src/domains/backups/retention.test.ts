import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byDepth, holds } from '../../testing/properties.ts'
import { outdated, usualKeep } from './retention.ts'
import { dueAfter } from './schedule.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 0, 31, 12)
const some = fc.array(fc.record({ age: fc.integer({ min: 0, max: 400 * 24 }), good: fc.boolean() }), { maxLength: 60 })
const keeps = fc.record({
  daily: fc.integer({ min: 0, max: 10 }),
  weekly: fc.integer({ min: 0, max: 6 }),
  monthly: fc.integer({ min: 0, max: 12 }),
})

describe('retention', () => {
  it('never removes the last good one, whatever the figures and whatever came after it', async () => {
    await holds(byDepth({ quick: 200, ci: 2_000, full: 20_000 }), fc.tuple(some, keeps), async ([list, keep]) => {
      const all = list.map(({ age, good }, at) => ({ id: String(at), at: now - age * hour, good }))
      const gone = new Set(outdated(all, keep, now))
      const good = all.filter((one) => one.good).sort((one, other) => other.at - one.at)
      if (good[0]) expect(gone.has(good[0].id)).toBe(false)
      // What is left once is left again: removing twice removes nothing more.
      expect(
        outdated(
          all.filter(({ id }) => !gone.has(id)),
          keep,
          now,
        ),
      ).toEqual([])
      // Nothing that is not there is removed, and nothing unfinished while there is no good one.
      if (good.length === 0) expect(gone.size).toBe(0)
    })
  })

  it('keeps the last of each of the newest days, weeks and months', () => {
    const all = Array.from({ length: 400 }, (_, at) => ({ id: String(at), at: now - at * day, good: true }))
    const kept = all.length - outdated(all, usualKeep, now).length
    expect(kept).toBeGreaterThanOrEqual(7 + 2)
    expect(kept).toBeLessThanOrEqual(7 + 4 + 6)
  })

  it('keeps nothing twice: of two on one day only the later one', () => {
    const all = [1, 2].map((hours) => ({ id: String(hours), at: now - hours * hour, good: true }))
    expect(outdated(all, usualKeep, now)).toEqual(['2'])
  })
})

describe('a schedule', () => {
  it('by hours is due so many hours after the last run', () => {
    expect(dueAfter({ everyHours: 6 }, now)).toBe(now + 6 * hour)
  })

  it('by the time of the day is due at the next such time, and within a day', async () => {
    await holds(200, fc.integer({ min: 0, max: 365 * 24 * 60 }), async (minutes) => {
      const last = now + minutes * 60_000
      const due = dueAfter({ at: '03:30' }, last)
      expect(due).toBeGreaterThan(last)
      expect(due - last).toBeLessThanOrEqual(25 * hour)
      expect([new Date(due).getHours(), new Date(due).getMinutes()]).toEqual([3, 30])
    })
  })
})
