import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KnownKey, offerAt, parentsOf } from './completion.ts'

const key = (path: string, more: Partial<KnownKey> = {}): KnownKey => ({
  path,
  kind: 'text',
  help: path,
  isSet: false,
  ...more,
})
const keys = [
  key('operator.email', { kind: 'e-mail' }),
  key('cloud.domain', { suggestion: 'cloud.example.com', default: 'cloud.<cloud.baseDomain>' }),
  key('cloud.smtp.tls', { kind: 'true or false', default: 'true' }),
  key('cluster.nodes.active.*.role'),
]
const offered = (text: string) => {
  const lines = text.split('\n')
  return offerAt(lines, lines.length - 1, lines.at(-1)!.length, keys)
}
const labels = (text: string) => offered(text)?.options.map(({ label }) => label)

describe('what the editor offers', () => {
  it('is the next part of every declared key at this place', () => {
    expect(labels('')).toEqual(['operator', 'cloud', 'cluster'])
    expect(labels('cloud:\n  ')).toEqual(['domain', 'smtp'])
    expect(labels('cloud:\n  domain: a\n\n  # why\n  smtp:\n    ')).toEqual(['tls'])
    expect(labels('cluster:\n  nodes:\n    active:\n      "control-1":\n        ro')).toEqual(['role'])
  })

  it('is the values that fit a key, from where the value begins', () => {
    expect(offered('cloud:\n  domain: cl')).toMatchObject({ from: 10, options: [{ label: 'cloud.example.com' }] })
    expect(labels('cloud:\n  smtp:\n    tls: ')).toEqual(['true', 'false'])
  })

  it('is nothing in comments, below unknown keys, and for values nobody knows', () => {
    for (const text of ['# clo', 'cloud: # ', '  ', 'operator:\n  email: ', 'mine:\n  a: ', '- a'])
      expect(labels(text) ?? []).toEqual([])
  })

  it('never fails, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 8 }),
        fc.nat({ max: 10 }),
        fc.nat({ max: 40 }),
        (lines, at, column) => {
          const offer = offerAt(lines, at, column, keys)
          if (offer) expect(offer.from).toBeLessThanOrEqual(column)
        },
      ),
    )
  })

  it('knows the keys above by how far they are indented', () => {
    const lines = ['a:', '    b:', '        c: 1', '    d: 2', '        e:']
    expect(parentsOf(lines, 3, 4)).toEqual(['a'])
    expect(parentsOf(lines, 2, 8)).toEqual(['a', 'b'])
    expect(parentsOf(lines, 1, 0)).toEqual([])
  })
})
