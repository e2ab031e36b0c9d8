import { describe, expect, it } from 'vitest'
import { duration, remaining, span } from './time.ts'

const start = '2026-01-01T10:00:00Z'
const after = (seconds: number) => Date.parse(start) + seconds * 1000

describe('a length of time', () => {
  it('is told in words a person uses, never with 60 seconds', () => {
    const told = [0, 3_200, 9_960, 48_000, 59_700, 119_700, 130_000, 3_720_000].map(span)
    expect(told).toEqual(['0.0 s', '3.2 s', '10 s', '48 s', '1 m 0 s', '2 m 0 s', '2 m 10 s', '1 h 2 m'])
    expect(duration(start, null, after(130))).toBe('2 m 10 s')
    expect(duration(null, null)).toBe('')
  })
})

describe('what is left', () => {
  it('is said only when it is known', () => {
    expect(remaining(null, start, after(10))).toBeUndefined()
    expect(remaining(130_000, null, after(10))).toBeUndefined()
  })

  it('is the usual time without what has passed, and nothing is promised beyond it', () => {
    expect(remaining(130_000, start, after(10))).toBe('usually takes 2 m 10 s: about 2 m 0 s left')
    expect(remaining(130_000, start, after(131))).toBe('longer than the usual 2 m 10 s')
  })
})
