import { describe, expect, it } from 'vitest'
import { leaves } from './leaves.ts'

describe('settings as rows', () => {
  it('gives every value with its path, in order, and lists as one value', () => {
    const settings = { port: 2368, smtp: { host: '', tls: true }, hosts: ['a', 'b'], none: null }
    expect(leaves(settings)).toEqual([
      ['port', '2368'],
      ['smtp.host', ''],
      ['smtp.tls', 'true'],
      ['hosts', 'a, b'],
      ['none', ''],
    ])
  })

  it('gives nothing for nothing', () => {
    expect([leaves({}), leaves(null), leaves(undefined)]).toEqual([[], [], []])
  })
})
