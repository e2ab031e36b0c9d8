import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPace } from './pace.ts'

describe('the pace of refreshing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('refreshes once a second under a stream of news, and once more after the last', async () => {
    let done = 0
    const pace = createPace(async () => void done++)
    for (let elapsed = 0; elapsed < 5_000; elapsed += 20) {
      pace.soon()
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(done).toBe(5)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(done).toBe(6)
  })

  it('does not ask again while an answer is awaited, but does so afterwards', async () => {
    const waiting: (() => void)[] = []
    const pace = createPace(() => new Promise((resolve) => waiting.push(resolve)))
    pace.now()
    pace.soon()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(waiting.length).toBe(1)
    waiting[0]?.()
    await vi.advanceTimersByTimeAsync(200)
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
