import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = import.meta.dirname
const domains = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory())

describe.each(domains)('the domain %s', (domain) => {
  const files = readdirSync(join(root, domain))

  it('says what others may import', () => {
    expect(files).toContain('index.ts')
  })

  it('translates in graphql.ts, its types beside it, and rest.ts only', () => {
    for (const file of files.filter(
      (name) => name.endsWith('.ts') && !/^graphql(-types)?\.ts$/.test(name) && !name.endsWith('.test.ts'),
    ))
      expect([file, /from '@pothos|schema-builder/.test(readFileSync(join(root, domain, file), 'utf8'))]).toEqual([
        file,
        false,
      ])
  })

  it('keeps I/O out of model.ts', () => {
    if (!files.includes('model.ts')) return
    expect(readFileSync(join(root, domain, 'model.ts'), 'utf8')).not.toMatch(/from 'node:(fs|net|http|child_process)/)
  })

  it('has REST routes that are data', () => {
    if (!files.includes('rest.ts')) return
    expect(readFileSync(join(root, domain, 'rest.ts'), 'utf8')).not.toMatch(/\b(await|async|function|class)\b/)
  })
})
