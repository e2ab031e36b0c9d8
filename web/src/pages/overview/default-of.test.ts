import { describe, expect, it } from 'vitest'
import { type AskedKey, defaultOf, typedValue } from './default-of.ts'

const key = (path: string, preset: string | null = null, suggestion: unknown = null): AskedKey => ({
  path,
  kind: 'domain',
  default: preset,
  suggestion,
})
const base = key('cloud.baseDomain')
const domain = key('cloud.domain', 'cloud.<cloud.baseDomain>')
const internal = key('cloud.internalDomain', 'internal.<cloud.domain>')

describe('the default of a key in a form', () => {
  const all = [base, domain, internal]
  const valueAt =
    (typed: Record<string, string>) =>
    (path: string): string =>
      typed[path] ?? defaultOf(all.find((each) => each.path === path)!, all, valueAt(typed))

  it('follows what is typed, also over several keys', () => {
    expect(valueAt({ 'cloud.baseDomain': 'a.org' })('cloud.internalDomain')).toBe('internal.cloud.a.org')
    expect(valueAt({ 'cloud.baseDomain': 'a.org', 'cloud.domain': 'b.org' })('cloud.internalDomain')).toBe(
      'internal.b.org',
    )
  })

  it('is empty while what it is made of is not known', () => {
    expect(valueAt({})('cloud.internalDomain')).toBe('')
    expect(valueAt({})('cloud.baseDomain')).toBe('')
  })

  it('is the one of the daemon when it is made of something else', () => {
    expect(defaultOf(key('a', '<lan+90>', '10.0.0.90'), all, () => 'x')).toBe('10.0.0.90')
    expect(defaultOf(key('cloud.domain', 'cloud.<cloud.baseDomain>', 'cloud.a.org'), [domain], () => '')).toBe(
      'cloud.a.org',
    )
    expect(defaultOf(key('a', '465', 465), [], () => '')).toBe('465')
  })
})

it.each([
  ['port', '465', 465],
  ['port', 'x', 'x'],
  ['true or false', 'false', false],
  ['domain', '465', '465'],
])('a %s that was typed as %s is saved as %j', (kind, text, value) => expect(typedValue({ kind }, text)).toBe(value))
