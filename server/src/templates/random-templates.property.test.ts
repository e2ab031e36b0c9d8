import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seed } from '../testing/properties.ts'
import { contextFrom, explain, render, TemplateError } from './index.ts'

const templates = 2_000
/** Far above what any of them takes; the budget of steps ends those that would go on. */
const longestMs = 5_000

const names = ['name', 'port', 'items', 'nested', 'flag', 'none', 'ratio']
const key = fc.constantFrom(...names)
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const contexts = fc.dictionary(key, value, { maxKeys: 7 })

const literal = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 10 }).map((text) => JSON.stringify(text)),
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.constantFrom('true', 'false', 'nil', '1.5', '0x1F', '`raw`', "'x'"),
)
const field = fc.array(key, { minLength: 1, maxLength: 3 }).map((path) => `.${path.join('.')}`)
const functions = fc.constantFrom(
  ...['print', 'printf "%v"', 'len', 'not', 'html', 'js', 'urlquery', 'eq 1', 'lt 2', 'and true', 'or false'],
  ...['default "d"', 'quote', 'squote', 'toYAML', 'toJSON', 'indent 2', 'strings.ToUpper', 'strings.Split ","'],
  ...['strings.Repeat 3', 'conv.ToString', 'conv.ToInt', 'coll.Keys', 'coll.Sort', 'reverse', 'uniq', 'flatten'],
  ...['index . "name"', 'required "m"', 'has .', 'base64.Encode', 'crypto.SHA256', 'math.Add 1', 'regexp.Find "a+"'],
  ...['append 1', 'join . ","', 'time.Parse "2006"', 'semver.Semver', 'jq ".x"', 'jsonpath ".x"', 'tpl', 'data.YAML'],
)

const { expression, body } = fc.letrec<{ expression: string; body: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    literal,
    field,
    fc.constantFrom('.', '$', '$x'),
    fc.tuple(functions, tie('expression')).map(([call, inner]) => `${call} (${inner})`),
    fc.tuple(tie('expression'), functions).map(([inner, call]) => `(${inner}) | ${call}`),
  ),
  body: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('{', '')),
    tie('expression').map((inner) => `{{ ${inner} }}`),
    tie('expression').map((inner) => `{{- ${inner} -}}`),
    tie('expression').map((inner) => `{{ $x = ${inner} }}`),
    fc
      .tuple(tie('expression'), tie('body'), tie('body'))
      .map(([a, b, c]) => `{{ if ${a} }}${b}{{ else }}${c}{{ end }}`),
    fc.tuple(tie('expression'), tie('body')).map(([a, b]) => `{{ if ${a} }}${b}{{ else if $x }}1{{ end }}`),
    fc.tuple(tie('expression'), tie('body')).map(([a, b]) => `{{ range ${a} }}${b}{{ else }}-{{ end }}`),
    fc.tuple(tie('expression'), tie('body')).map(([a, b]) => `{{ range $k, $v := ${a} }}${b}{{ break }}{{ end }}`),
    fc.tuple(tie('expression'), tie('body')).map(([a, b]) => `{{ with ${a} }}${b}{{ end }}`),
    fc.tuple(tie('expression'), tie('body')).map(([a, b]) => `{{ block "b" ${a} }}${b}{{ end }}`),
    fc.tuple(tie('body'), tie('body')).map(([a, b]) => `${a}{{/* note */}}${b}`),
    fc.constant('{{ template "t" . }}'),
  ),
}))

const template = fc
  .tuple(fc.array(body, { minLength: 1, maxLength: 6 }), expression)
  .map(([parts, inner]) => `{{ $x := 1 }}${parts.join('\n')}{{ define "t" }}{{ ${inner} }}{{ end }}`)

test(`${templates} random templates over random data render or fail with a place, in time`, () => {
  let rendered = 0
  fc.assert(
    fc.property(template, contexts, (text, context) => {
      const start = performance.now()
      try {
        expect(typeof render(text, contextFrom(context), { name: 'dir/t.yaml' })).toBe('string')
        rendered++
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        const found = explain(error, text)
        expect(found.line).toBeGreaterThan(0)
        expect(found.column).toBeGreaterThan(0)
        expect(found.reason).not.toBe('')
      }
      expect(performance.now() - start).toBeLessThan(longestMs)
    }),
    { numRuns: templates, seed },
  )
  // A generator that makes nothing but errors would prove little.
  expect(rendered).toBeGreaterThan(templates / 20)
}, 120_000)
