import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configKeys, defaultOf, isKnown } from './keys.ts'
import { keysDocument } from './keys-document.ts'
import { kinds } from './kinds.ts'

const around = { gateway: '192.168.1.1', lan: (offset: number) => `192.168.1.${offset}` }
const values: Record<string, string> = { 'cloud.baseDomain': 'example.com', 'cluster.name': 'home' }

describe('declared keys', () => {
  it('are documented in docs/config-keys.md as they are', () => {
    expect(readFileSync(new URL('../../../../docs/config-keys.md', import.meta.url), 'utf8')).toBe(keysDocument())
  })

  it.each(configKeys.filter((key) => key.default).map((key) => [key.path, key] as const))(
    'have a default that they can hold: %s',
    (_path, key) => {
      const made = defaultOf(key, (path) => values[path.join('.')], around)
      expect(made).toBeDefined()
      expect(kinds[key.kind].safeParse(made).success).toBe(true)
    },
  )

  it('have no default while something it is made of is missing', () => {
    const domain = configKeys.find(({ path }) => path === 'cloud.domain')!
    expect(defaultOf(domain, () => undefined, around)).toBeUndefined()
  })

  it.each([
    [['apps', 'any', 'thing'], true],
    [['cluster', 'nodes', 'active', 'control-1', 'disk'], true],
    [['cluster', 'nodes', 'active', 'control-1', 'dsik'], false],
    [['cluster', 'nodes', 'talos', 'schematic', 'customization', 'x'], true],
    [['cloud'], true],
    [['clod'], false],
  ])('know %j: %s', (path, known) => expect(isKnown(path)).toBe(known))
})
