import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeNewest } from './merge.ts'

const rows = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => ({ operationId: `op_${from - index}` }))

describe('the newest operations put onto a list', () => {
  it('keeps what is older, whatever was new, as long as the parts touch', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 60 }), (fresh, asked) => {
        const known = rows(100, 1)
        const newest = rows(100 + fresh, Math.max(1, 101 + fresh - asked))
        const merged = mergeNewest(known, newest, false)
        expect(merged).toEqual(asked > fresh ? rows(100 + fresh, 1) : newest)
      }),
    )
  })

  it('drops what no longer matches, and everything when nothing is there', () => {
    const [a, b, c, d] = rows(4, 1)
    expect(mergeNewest([a!, b!, c!, d!], [a!, c!], false)).toEqual([a, c, d])
    expect(mergeNewest([a!, b!], [], true)).toEqual([])
    expect(mergeNewest([a!, b!, c!], [a!], true)).toEqual([a])
  })
})
