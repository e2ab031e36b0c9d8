import { describe, expect, it } from 'vitest'
import { chosen, type LogLine, toneOf, wordsOf } from './log-words.ts'

const line = (message: string, fields: unknown, level = 'info'): LogLine => ({ time: '', level, message, fields })
const request = (status: number) =>
  line('request', { request: 'abc', method: 'PUT', path: '/api/v1/x', status, ms: 12 })

describe('a line of the log', () => {
  it('of a request reads as one, its id at the end', () => {
    expect(wordsOf(request(200))).toEqual({ what: 'PUT /api/v1/x 200', more: '12 ms request=abc' })
  })

  it('of anything else is its message and its fields, an error by its message', () => {
    expect(wordsOf(line('no', { instance: 'home', err: { message: 'gone' }, count: 2 }))).toEqual({
      what: 'no',
      more: 'instance=home err=gone count=2',
    })
    expect(wordsOf(line('bare', null))).toEqual({ what: 'bare', more: '' })
  })

  it('stands out when a request was refused, and more when it failed', () => {
    expect([200, 404, 503].map((status) => toneOf(request(status)))).toEqual(['info', 'warn', 'error'])
    expect(toneOf(line('odd', {}, 'fatal'))).toBe('fatal')
  })

  it('is chosen by what it says, and requests only when asked for', () => {
    const all = [request(200), line('listening', { url: 'http://here' })]
    const words = (wanted: { requests: boolean; search: string }) => chosen(all, wanted).map(({ message }) => message)
    expect(words({ requests: false, search: '' })).toEqual(['listening'])
    expect(words({ requests: true, search: ' API/v1 ' })).toEqual(['request'])
    expect(words({ requests: true, search: 'HERE' })).toEqual(['listening'])
    expect(words({ requests: false, search: 'api' })).toEqual([])
  })
})
