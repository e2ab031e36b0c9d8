import { beforeAll, describe, expect, it } from 'vitest'
import type { Example } from './broken/example.ts'
import { links } from './broken/links.ts'
import { manifests } from './broken/manifests.ts'
import { secrets } from './broken/secrets.ts'
import { templates } from './broken/templates.ts'
import { workloads } from './broken/workloads.ts'
import { bundled, judge, rules } from './lint.ts'
import { type Problem, problemText } from './problem.ts'
import { type EntrySource, readSources } from './sources.ts'
import { makeWorld, type World } from './world.ts'

const examples = [...manifests, ...templates, ...secrets, ...links, ...workloads]

const sources = await readSources(bundled.catalog)
let good: World

beforeAll(async () => {
  good = await makeWorld(sources, bundled)
})

/** The bundled catalog with one file changed; fails when the change changes nothing. */
function changed({ file, from, to }: Example): EntrySource[] {
  return good.sources.map((source) => {
    if (!file.startsWith(`${source.folder}/`)) return source
    const path = file.slice(source.folder.length + 1)
    const before = source.files.get(path)
    if (before === undefined) throw new Error(`there is no ${file}`)
    const after = before.replace(from, () => to)
    if (after === before) throw new Error(`${file} does not hold ${from}`)
    return { ...source, files: new Map([...source.files, [path, after]]) }
  })
}

const judgeBy = (name: string, world: World): Problem[] =>
  judge(
    world,
    rules.filter((rule) => rule.name === name),
  )

describe.each(sources)('the entry $name', ({ folder }) => {
  it.each(rules.map(({ name }) => name))('keeps the rule %s', (name) => {
    expect(judgeBy(name, good).filter(({ file }) => file.startsWith(`${folder}/`))).toEqual([])
  })
})

describe('a rule of the catalog', () => {
  it.each(examples)('$rule finds that $because', async (example) => {
    const found = judgeBy(example.rule, await makeWorld(changed(example), bundled, good))
    expect(found).not.toEqual([])
    for (const problem of found)
      expect(problemText(problem)).toMatch(/^catalog\/(apps|setup)\/\S+: \S.*[^.] \([a-z-]+\)$/)
  })

  it('has an example of what breaks it', () => {
    const shown = new Set(examples.map(({ rule }) => rule))
    expect(rules.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([])
  })

  it('has a name of its own and says what it asks for', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
    for (const { about } of rules) expect(about).toMatch(/^\S.*\.$/)
  })
})
