import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedStep } from '../../graphql/operation-feed.ts'
import { barsOf, ticksOf } from './spans.ts'

const at = (ms: number) => new Date(1_000_000_000_000 + ms).toISOString()
const step = (id: string, parent: string | null, from: number | null, to: number | null): FeedStep => ({
  id,
  parent,
  title: id,
  state: to === null ? 'running' : 'done',
  progress: 0,
  message: null,
  attempt: 1,
  startedAt: from === null ? null : at(from),
  endedAt: to === null ? null : at(to),
})
const start = Date.parse(at(0))

describe('the bars of steps', () => {
  it('stand where the steps ran; one at work reaches to now; one that has not begun has none', () => {
    const steps = [step('a', null, 0, 5_000), step('a/b', 'a', 2_000, null), step('c', null, null, null)]
    const bars = barsOf(steps, start, start + 10_000)
    expect(bars.map(({ left, width, depth, group }) => [left, width, depth, group])).toEqual([
      [0, 50, 0, true],
      [20, 80, 1, false],
    ])
  })

  it('never leave the picture, whatever the clocks said', () => {
    const moment = fc.integer({ min: -100_000, max: 100_000 })
    fc.assert(
      fc.property(moment, moment, fc.nat({ max: 50_000 }), (from, to, whole) => {
        const [bar] = barsOf([step('a', null, from, to)], start, start + whole)
        expect(bar!.left).toBeGreaterThanOrEqual(0)
        expect(bar!.width).toBeGreaterThanOrEqual(0)
        expect(bar!.left + bar!.width).toBeLessThanOrEqual(100.000001)
      }),
    )
  })
})

describe('the ticks of a length of time', () => {
  it('are few, even and inside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000_000 }), (whole) => {
        const ticks = ticksOf(whole, 6)
        expect(ticks.length).toBeLessThanOrEqual(6)
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeLessThan(whole)
          expect(tick).toBe(ticks[0]! * (index + 1))
        }
      }),
    )
  })
})
