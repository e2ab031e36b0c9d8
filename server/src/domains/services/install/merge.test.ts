import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withBlock, withoutBlock } from './merge.ts'

const lines = fc
  .array(fc.stringMatching(/^[ -~]{0,20}$/), { maxLength: 8 })
  .map((all) => all.map((line) => `${line}\n`).join(''))

describe('a block kept in a text of somebody else', () => {
  it('goes in and out without a trace, whatever the text is', () => {
    fc.assert(
      fc.property(lines, lines, (text, block) => {
        expect(withoutBlock(withBlock(text, 'names', block), 'names')).toBe(text)
      }),
    )
  })

  it('is replaced, not repeated, and twice the same is the same text', () => {
    fc.assert(
      fc.property(lines, lines, lines, (text, older, newer) => {
        const once = withBlock(text, 'names', newer)
        expect(withBlock(withBlock(text, 'names', older), 'names', newer)).toBe(once)
        expect(withBlock(once, 'names', newer)).toBe(once)
      }),
    )
  })

  it('leaves the block of another service alone', () => {
    const both = withBlock(withBlock('.:53 {\n}\n', 'names', 'a\n'), 'others', 'b\n')
    expect(withoutBlock(both, 'names')).toBe(withBlock('.:53 {\n}\n', 'others', 'b\n'))
  })

  it('leaves a text alone whose end mark somebody removed', () => {
    const broken = withBlock('a\n', 'names', 'b\n').replace(/.*: end\n/, '')
    expect(withoutBlock(broken, 'names')).toBe(broken)
  })
})
