import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseYamlContext, render } from './index.ts'

const numRuns = process.env.WILD_TEST_DEPTH === 'full' ? 10_000 : 500

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    'yes',
    'no',
    '42',
    '0x1F',
    '1e3',
    'null',
    '~',
    '',
    ' a',
    'a ',
    'a: b',
    '#x',
    '- a',
    '2024-01-02',
    '<<',
  ),
  fc.constantFrom(
    'line\n',
    'one\ntwo',
    '\n',
    '  a\nb',
    'a\n\n',
    'tab\there',
    '"',
    "'",
    "it's",
    '{{ . }}',
    '@x',
    '%y',
    '?',
  ),
)
const data = fc.dictionary(
  text,
  fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  })).value,
  { maxKeys: 5 },
)

const options = { name: 't' }

test('what toYAML writes reads back as the same data, here and in a YAML 1.2 reader', () => {
  fc.assert(
    fc.property(data, (value) => {
      const written = render('{{ toYAML . }}', value, options)
      expect(render('{{ toJSON . }}', parseYamlContext(written), options)).toBe(
        render('{{ toJSON . }}', value, options),
      )
      expect(parse(written, { schema: 'core' })).toEqual(value)
    }),
    { numRuns },
  )
})

test('what toJSON writes reads back as the same data', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(JSON.parse(render('{{ toJSON . }}', value, options))).toEqual(value)
      expect(JSON.parse(render('{{ data.ToJSONPretty "  " . }}', value, options))).toEqual(value)
    }),
    { numRuns },
  )
})

test('base64 takes a text there and back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(render('{{ . | base64.Encode | base64.Decode }}', value, options)).toBe(value)
    }),
    { numRuns },
  )
})
