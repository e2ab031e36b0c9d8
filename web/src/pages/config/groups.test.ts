import { describe, expect, it } from 'vitest'
import { type FormKey, groupsOf, typedValue } from './groups.ts'

const key = (path: string, kind = 'text') => ({ path, kind }) as FormKey

describe('the form of config.yaml', () => {
  it('has each key that people set once, below a heading', () => {
    const groups = groupsOf([
      key('operator.email'),
      key('cloud.domain'),
      key('cloud.smtp.host'),
      key('cloud.router.ip'),
      key('cluster.nodes.talos.schematic', 'section'),
      key('cluster.nodes.active.*.role'),
      key('other.thing'),
    ])
    expect(groups.map(({ title, keys }) => [title, keys.map(({ path }) => path)])).toEqual([
      ['You', ['operator.email']],
      ['Domains and network', ['cloud.domain', 'cloud.router.ip']],
      ['Mail', ['cloud.smtp.host']],
      ['other', ['other.thing']],
    ])
  })

  it('keeps numbers and switches what they are, and a version or a zone text', () => {
    expect(typedValue('port', ' 465 ')).toBe(465)
    expect(typedValue('true or false', 'false')).toBe(false)
    expect(typedValue('text', '123')).toBe('123')
    expect(typedValue('port', '4x')).toBe('4x')
  })
})
