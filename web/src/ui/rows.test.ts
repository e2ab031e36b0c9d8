import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsInView } from './rows.ts'

describe('the rows of a long list that are drawn', () => {
  it('cover what can be seen, and are few however long the list is', () => {
    const px = 20
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(2_000_000), fc.integer({ min: 1, max: 3_000 }), (count, top, height) => {
        const [first, end] = rowsInView(top, height, px, count)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(count)
        expect(end - first).toBeLessThanOrEqual(height / px + 43)
        const seen = Math.floor(top / px)
        if (seen < count) expect(first <= seen && seen < end).toBe(true)
      }),
    )
  })
})
