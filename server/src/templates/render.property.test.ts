import fc from 'fast-check'
import { expect, test } from 'vitest'
import { render, requiredFunctions, TemplateError } from './index.ts'

const deep = process.env.WILD_TEST_DEPTH === 'full' || process.env.WILD_TEST_DEPTH === 'ci'
const numRuns = deep ? 20_000 : 1_000

const context = { name: 'wild', n: 3, list: ['a', 1, null], map: { b: 2, a: 1 }, none: null, html: '<a>' }

const fragments = [
  ...['{{', '}}', '{{-', '-}}', '{{ if ', '{{ else }}', '{{ end }}', '{{ range ', '{{ with ', '{{ define "x" }}'],
  ...[
    '{{ template "x" . }}',
    '{{ block "y" . }}',
    '{{ break }}',
    '{{ continue }}',
    '{{/*',
    '*/}}',
    '$x := ',
    '$x',
    '$',
  ],
  ...[
    '.name',
    '.n',
    '.list',
    '.map',
    '.none',
    '.missing',
    '.',
    ' | ',
    '(',
    ')',
    '"text"',
    '`raw`',
    "'c'",
    '-1',
    '1.5',
    '0x1F',
  ],
  ...[
    'index ',
    'printf "%d %s" ',
    'eq ',
    'len ',
    'default ',
    'toYAML ',
    'toJSON ',
    'quote ',
    'indent ',
    'strings.Repeat ',
  ],
  ...[
    'strings.Split ',
    'coll.Sort ',
    'coll.Index ',
    'regexp.Replace ',
    'time.Parse ',
    'tpl ',
    'jq ',
    'seq ',
    'math.Pow ',
  ],
  ...[
    'random.String ',
    'semver.Semver ',
    'base64.Decode ',
    'conv.ToInt ',
    'data.YAML ',
    'data.CSV ',
    '\n',
    ' ',
    'x',
    ',',
    'é',
    '"',
  ],
]

const templates = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.array(fc.constantFrom(...fragments), { maxLength: 30 }).map((parts) => parts.join('')),
  fc
    .array(fc.constantFrom(...fragments.filter((part) => !part.includes('{{') && !part.includes('}}'))), {
      maxLength: 8,
    })
    .map((parts) => `{{ ${parts.join(' ')} }}`),
)

test('any template either renders or fails with a TemplateError', () => {
  fc.assert(
    fc.property(templates, (template) => {
      try {
        expect(typeof render(template, context, { name: 't' })).toBe('string')
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        expect(error.message).toMatch(/^template: /)
        expect(error.line).toBeGreaterThan(0)
      }
    }),
    { numRuns },
  )
})

test('text without actions is returned unchanged', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((value) => !value.includes('{{'))
  fc.assert(
    fc.property(text, (value) => {
      expect(render(value, context, { name: 't' })).toBe(value)
    }),
    { numRuns },
  )
})

test('a quoted text is printed as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
      expect(render('{{ . }}|{{ .|quote }}', text, { name: 't' })).toContain(`${text}|"`)
    }),
    { numRuns },
  )
})

test('asking what a template needs never fails', () => {
  fc.assert(
    fc.property(templates, (template) => {
      expect(Array.isArray(requiredFunctions(template))).toBe(true)
    }),
    { numRuns },
  )
})
