import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPace } from './pace.ts'

describe('the pace of refreshing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** News all the time for ten seconds; how often work that takes so many ms is done meanwhile, and after them. */
  async function underNews(tookMs: number): Promise<[meanwhile: number, after: number]> {
    let done = 0
    const pace = createPace(() => new Promise((resolve) => setTimeout(resolve, tookMs)).then(() => void done++))
    for (let elapsed = 0; elapsed < 10_000; elapsed += 20) {
      pace.soon()
      await vi.advanceTimersByTimeAsync(20)
    }
    const meanwhile = done
    await vi.advanceTimersByTimeAsync(10_000)
    return [meanwhile, done - meanwhile]
  }

  it('follows a stream of news closely with what is light, seldom with what is heavy, and once more after the last', async () => {
    const [light, lightAfter] = await underNews(10)
    expect(light).toBeGreaterThan(30)
    expect(light).toBeLessThan(40)
    const [heavy, heavyAfter] = await underNews(1_000)
    expect(heavy).toBe(3)
    // A heavy one was under way when the news ended.
    expect([lightAfter, heavyAfter]).toEqual([1, 2])
  })

  it('does not ask again while an answer is awaited, but does so afterwards', async () => {
    const waiting: (() => void)[] = []
    const pace = createPace(() => new Promise((resolve) => waiting.push(resolve)))
    pace.now()
    pace.soon()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(waiting.length).toBe(1)
    waiting[0]?.()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(waiting.length).toBe(2)
  })

  it('does nothing more once it is stopped', async () => {
    let done = 0
    const pace = createPace(async () => void done++)
    pace.soon()
    pace.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(done).toBe(0)
  })
})
