import { expect, test } from 'vitest'
import { requiredFunctions } from './index.ts'

test('a template of built-in functions needs nothing else', () => {
  expect(requiredFunctions('{{ .a | default "x" | strings.ToUpper }}{{ range seq 3 }}{{ end }}')).toEqual([])
})

test('functions that are missing are listed once, by their full name', () => {
  const template =
    '{{ if net.LookupIP "x" }}{{ aws.EC2Region }}{{ end }}{{ with (crypto.RSAGenerateKey 2048 | b64enc) }}{{ end }}' +
    '{{ define "d" }}{{ range . }}{{ else }}{{ b64enc .x }}{{ end }}{{ end }}'
  expect(requiredFunctions(template)).toEqual(['aws.EC2Region', 'b64enc', 'crypto.RSAGenerateKey', 'net.LookupIP'])
})

test('a template that does not parse needs nothing', () => {
  expect(requiredFunctions('{{ if')).toEqual([])
})
