import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseYamlContext, render, TemplateError } from './index.ts'

type Vector = [template: string, output: string | null, error?: string]

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const vectors = read('vectors.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)
const context = parseYamlContext(read('vectors.context.yaml'))

function outcome(template: string): { output: string } | { error: string } {
  try {
    return { output: render(template, context, { name: 't.tmpl' }) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message }
    throw error
  }
}

test('there are 228 recorded renderings', () => {
  expect(vectors).toHaveLength(228)
})

for (const [template, output, error] of vectors) {
  test(`${JSON.stringify(template)} renders as gomplate renders it`, () => {
    expect(outcome(template)).toEqual(error === undefined ? { output } : { error })
  })
}
