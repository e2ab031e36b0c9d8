import { expect, test } from 'vitest'
import { ContextError, contextFrom, parseYamlContext, render } from './index.ts'

const shown = (yaml: string, template: string) => render(template, parseYamlContext(yaml), { name: 't' })

test('only the first document counts, and an empty one is an empty map', () => {
  expect(shown('a: 1\n---\na: 2\n', '{{ .a }}')).toBe('1')
  expect(shown('', '{{ . }}')).toBe('map[]')
  expect(shown('# nothing here\n', '{{ . }}')).toBe('map[]')
})

test('keys become strings, anchors and merge keys work', () => {
  expect(shown('1: a\ntrue: b\n', '{{ . }}')).toBe('map[1:a true:b]')
  expect(shown('base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n', '{{ .mine }}')).toBe('map[x:1 y:3]')
})

test('quoted scalars stay strings and dates become times', () => {
  expect(shown('a: "3"\nb: 2024-01-02T03:04:05Z\n', '{{ kind .a }} {{ .b.Hour }}')).toBe('string 3')
})

test('what is no map or no YAML is refused', () => {
  expect(() => parseYamlContext('- a\n')).toThrow(ContextError)
  expect(() => parseYamlContext('a: [1\n')).toThrow(ContextError)
})

test('aliases cannot multiply a small text into a huge one', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`).join('\n')
  expect(() => parseYamlContext(`l0: &l0 [x]\n${levels}\n`)).toThrow(ContextError)
})

test('data that contains itself is refused', () => {
  const data: Record<string, unknown> = {}
  data.self = data
  expect(() => contextFrom(data)).toThrow(ContextError)
})

test('plain whole numbers are integers and dates are times', () => {
  const context = contextFrom({ n: 5, f: 2.5, at: new Date('2024-03-04T05:06:07Z'), gone: undefined })
  expect(render('{{ kind .n }} {{ kind .f }} {{ .at }} {{ .gone }}', context, { name: 't' })).toBe(
    'int float64 2024-03-04 05:06:07 +0000 UTC <no value>',
  )
})
