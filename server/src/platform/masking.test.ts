import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byDepth, holds } from '../testing/properties.ts'
import { createMasker } from './masking.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** What people and generators use: letters and digits, with anything a tool may have to escape in between. */
const secret = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...letters), minLength: 8, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...`"'\\/+=&<>%$ é€😀:@!(){}[]`), maxLength: 4 }),
    fc.string({ unit: fc.constantFrom(...letters), minLength: 8, maxLength: 20 }),
  )
  .map((parts) => parts.join(''))
/** What stands beside it: shorter than what `leak` looks for, so that it is never taken for a part of the secret. */
const around = fc.string({ maxLength: 7 })
const runs = byDepth({ quick: 300, ci: 2_000, full: 10_000 })

/** Everything a tool may make of a value. */
const writers: Record<string, (value: string) => string> = {
  plain: (value) => value,
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  url: encodeURIComponent,
  form: (value) => new URLSearchParams({ a: value }).toString(),
  hex: (value) => Buffer.from(value).toString('hex'),
  HEX: (value) => Buffer.from(value).toString('hex').toUpperCase(),
  json: (value) => JSON.stringify({ password: value }),
  'json of Go': (value) => JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  'quoted yaml': (value) => `password: '${value.replaceAll("'", "''")}'`,
}

/** The longest run of letters and digits of the secret, which must not be readable afterwards in this writing. */
function leak(shown: string, value: string, write: (value: string) => string): boolean {
  const [, head, tail] = /^([A-Za-z0-9]{8}).*?([A-Za-z0-9]{8})$/s.exec(value)!
  return shown.includes(write(value)) || [head!, tail!].some((part) => shown.includes(part))
}

function linesOf(masker: ReturnType<typeof createMasker>, lines: string[]): string {
  const shown: string[] = []
  const stream = masker.lines((line) => shown.push(line))
  for (const line of lines) stream.push(line)
  stream.end()
  return shown.join('\n')
}

describe('a masker', () => {
  for (const [name, write] of Object.entries(writers))
    it(`hides a secret written as ${name}`, () =>
      holds(runs, fc.tuple(secret, around, around), ([value, before, after]) => {
        const masker = createMasker([value])
        const shown = masker.text(`${before} ${write(value)} ${after}`)
        expect(leak(shown, value, write)).toBe(false)
        expect(shown).toContain('***')
      }))

  it('hides a secret in the middle of something longer in base64, at all three alignments', () =>
    holds(
      runs,
      fc.tuple(secret, fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }), fc.boolean()),
      ([value, before, after, url]) => {
        const bytes = Buffer.concat([before, Buffer.from(value), after])
        const shown = createMasker([value]).text(bytes.toString(url ? 'base64url' : 'base64'))
        const [left, right, ...more] = shown.split('***')
        expect(more).toEqual([])
        // What stands outside the mask may share one character with the secret on either side, so at most six bits.
        const kept = (part: string) => Math.floor((part.replace(/=+$/, '').length * 6) / 8)
        expect(kept(left!)).toBeLessThanOrEqual(before.length + 1)
        expect(kept(right!)).toBeLessThanOrEqual(after.length + 1)
      },
    ))

  it('hides a secret that is broken over lines anywhere, with or without indentation', () =>
    holds(
      runs,
      fc.tuple(
        secret,
        fc.constantFrom(...['plain', 'base64', 'base64url', 'url', 'hex', 'HEX'].map((name) => writers[name]!)),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '  '),
      ),
      ([value, write, places, indent]) => {
        fc.pre(!/\s/.test(write(value)))
        let text = write(value)
        for (const place of places) {
          const at = 1 + (place % (text.length - 1))
          if (!/\s/.test(text[at - 1]! + text[at]!)) text = `${text.slice(0, at)}\n${indent}${text.slice(at)}`
        }
        const lines = ['before', `x: ${text}`, 'after']
        const masker = createMasker([value])
        const inOneText = masker.text(lines.join('\n'))
        const oneByOne = linesOf(masker, lines)
        expect(inOneText).toBe('before\nx: ***\nafter')
        // Up to three letters may be gone out before the line break told nothing.
        expect(oneByOne).toMatch(/^before\nx: (.{0,3}\n)?\*\*\*\nafter$/su)
      },
    ))

  it('hides a secret of several lines, also when it is printed indented or alone in part', () => {
    const pem = `-----BEGIN KEY-----\n${'MIIEowIBAAKCAQEA7bq'.repeat(3)}\nshort+end==\n-----END KEY-----\n`
    const masker = createMasker([pem])
    for (const text of [pem, pem.replaceAll('\n', '\n    '), pem.replaceAll('\n', '\r\n'), JSON.stringify(pem)]) {
      expect(masker.text(`key: ${text}\nnext`)).not.toMatch(/MIIE|short/)
      expect(linesOf(masker, `key: ${text}\nnext`.split(/\r?\n/))).not.toMatch(/MIIE|short/)
    }
    expect(masker.text('MIIEowIBAAKCAQEA7bq'.repeat(3))).toBe('***')
  })

  it('hides a value that is stored with a line break at its end and printed without', () => {
    const masker = createMasker(['hunter2secret\n'])
    expect(masker.text('password=hunter2secret;')).toBe('password=***;')
    expect(masker.text(Buffer.from('hunter2secret').toString('base64'))).toBe('***')
  })

  it('hides both of two secrets that overlap', () => {
    expect(createMasker(['abcdefgh', 'fghijklm']).text('x abcdefghijklm y')).toBe('x *** y')
  })

  it('gives lines out at once, except one that may be the beginning of a secret', () => {
    const masker = createMasker(['sunflower-seeds'])
    const shown: string[] = []
    const stream = masker.lines((line) => shown.push(line))
    stream.push('ready')
    expect(shown).toEqual(['ready'])
    stream.push('a field of sunf')
    expect(shown).toEqual(['ready'])
    stream.push('airs')
    expect(shown).toEqual(['ready', 'a field of sunf', 'airs'])
    stream.end()
  })

  it('leaves short and common values and all other text as they are', () => {
    const masker = createMasker(['admin', '5432', 'password', 'a-real-secret'])
    const text = 'admin has the password of port 5432\n  and more'
    expect(masker.text(text)).toBe(text)
    expect(linesOf(masker, text.split('\n'))).toBe(text)
  })

  it('masks keys and values at any depth', () => {
    expect(createMasker(['s3cret-value']).deep({ a: ['s3cret-value'], 's3cret-value': { b: 1, c: null } })).toEqual({
      a: ['***'],
      '***': { b: 1, c: null },
    })
  })

  it('takes half a surrogate pair and very many secrets', () => {
    const masker = createMasker(['bad\ud800value'])
    masker.add(Array.from({ length: 2_000 }, (_, index) => `generated-secret-${index}-x`))
    expect(masker.text('this is generated-secret-1999-x.')).toBe('this is ***.')
  })
})
