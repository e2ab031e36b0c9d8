import { expect, test } from 'vitest'
import { contextFrom, parseYamlContext, type RenderOptions, render, TemplateError } from './index.ts'

const config = parseYamlContext('cluster:\n  name: home\n  nodes: 3\n  storage: 10.0\ndomain: cloud.example.com\n')

function failure(template: string, options: Partial<RenderOptions> = {}): TemplateError {
  try {
    render(template, config, { name: 'apps/ghost/ingress.yaml', ...options })
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('the template rendered')
}

test('a missing key names file, line, column and key', () => {
  const error = failure('kind: Ingress\nhost: {{ .cluster.domain | default "x" }}\n')
  expect(error).toMatchObject({ file: 'apps/ghost/ingress.yaml', line: 2, column: 17, code: 'TEMPLATE_EXEC' })
  expect(error.message).toBe(
    'template: apps/ghost/ingress.yaml:2:17: executing "apps/ghost/ingress.yaml" at <.cluster.domain>: ' +
      'map has no entry for key "domain"',
  )
})

test('columns count bytes, as gomplate does', () => {
  expect(failure('é{{ .nope }}').column).toBe(5)
})

test('a template that does not parse names its line', () => {
  const error = failure('a\nb\n{{ if .domain }}')
  expect(error).toMatchObject({ code: 'TEMPLATE_PARSE', line: 3, column: 0 })
  expect(error.message).toBe('template: apps/ghost/ingress.yaml:3: unexpected EOF')
})

test('an action left open over several lines says where it began', () => {
  expect(failure('a\n{{ .domain\n\n').message).toBe(
    'template: apps/ghost/ingress.yaml:4: unclosed action started at apps/ghost/ingress.yaml:2',
  )
})

test('functions that are not built in have a code of their own', () => {
  expect(failure('{{ aws.Region }}')).toMatchObject({
    code: 'TEMPLATE_FUNCTION_MISSING',
    message: 'template: apps/ghost/ingress.yaml:1: function "aws" not defined',
  })
  expect(failure('{{ crypto.RSAGenerateKey }}').code).toBe('TEMPLATE_FUNCTION_MISSING')
  expect(failure('{{ jq "map(.a)" . }}')).toMatchObject({ code: 'TEMPLATE_FUNCTION_MISSING' })
})

test('an error in a defined template names that template', () => {
  expect(failure('{{ define "host" }}{{ .nope }}{{ end }}\n{{ template "host" . }}').message).toContain(
    'apps/ghost/ingress.yaml:1:22: executing "host" at <.nope>',
  )
})

test('whole floats and integers of the data stay different', () => {
  expect(render('{{ .cluster.nodes }} {{ toJSON .cluster.storage }}', config, { name: 't' })).toBe('3 10.0')
  expect(render('{{ printf "%d" .n }}', { n: 3 }, { name: 't' })).toBe('3')
})

test('a template that changes its data leaves the data of the next rendering alone', () => {
  const template = '{{ $_ := coll.Set "domain" "changed" . }}{{ .domain }}'
  expect(render(template, config, { name: 't' })).toBe('changed')
  expect(render('{{ .domain }}', config, { name: 't' })).toBe('cloud.example.com')
})

test('a context may be made of typed and plain parts', () => {
  const context = contextFrom({ config, secrets: { port: 80 } })
  expect(render('{{ .config.cluster.storage | toJSON }} {{ .secrets.port }}', context, { name: 't' })).toBe('10.0 80')
})

test('templates see no environment unless it is handed over', () => {
  expect(render('[{{ getenv "HOME" }}]', {}, { name: 't' })).toBe('[]')
  expect(render('[{{ getenv "HOME" }}]', {}, { name: 't', env: { HOME: '/root' } })).toBe('[/root]')
})

test('line ends and the last newline are kept', () => {
  expect(render('a: {{ .domain }}\r\nb\r\n', config, { name: 't' })).toBe('a: cloud.example.com\r\nb\r\n')
})

test.each([
  ['too much text', '{{ range 100 }}0123456789{{ end }}', 'the output is larger than 500 bytes'],
  ['a text too large before it is built', '{{ len (strings.Repeat 1000000000 "ab") }}', 'larger than 500 bytes'],
  ['a padded number too wide', '{{ len (printf "%1000000d" 1) }}', 'larger than 500 bytes'],
  [
    'replacing that grows a text',
    '{{ "aaaaaaaaaa" | replaceAll "a" (strings.Repeat 100 "b") }}',
    'larger than 500 bytes',
  ],
  ['endless loops', '{{ range 1000000000 }}{{ end }}', 'takes more than 5000000 steps'],
  ['endless sequences', '{{ range seq 1 100000000000 }}{{ end }}', 'takes more than 5000000 steps'],
  [
    'templates that call themselves',
    '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
    'template depth (100)',
  ],
  [
    'templates rendered within themselves',
    '{{ define "a" }}{{ tmpl.Exec "a" }}{{ end }}{{ template "a" }}',
    'template depth',
  ],
  ['deep parentheses', `{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`, 'nested more than 100 levels deep'],
  ['deep blocks', '{{ if true }}'.repeat(200) + '{{ end }}'.repeat(200), 'nested more than 100 levels deep'],
  ['endless else-ifs', `{{ if 0 }}${'{{ else if 0 }}'.repeat(50_000)}{{ end }}`, 'nests too deeply'],
  ['a search that takes too long', '{{ regexp.Match "((a{0,99}){0,99})b" (strings.Repeat 500 "a") }}', '5000000 steps'],
  [
    'a list that doubles',
    '{{ $x := coll.Slice 1 }}{{ range 60 }}{{ $x = coll.Slice $x $x }}{{ end }}{{ $x }}',
    '5000000 steps',
  ],
  ['a map in itself', '{{ $x := dict "a" 1 }}{{ $x := coll.Set "a" $x $x }}{{ $x }}', 'too much memory'],
])('%s is refused', (_, template, message) => {
  expect(failure(template, { maxOutputBytes: 500 }).message).toContain(message)
})
