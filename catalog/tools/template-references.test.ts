import { describe, expect, it } from 'vitest'
import { templateReferences } from './template-references.ts'

const read = (text: string) =>
  templateReferences(text).references.map(({ path, optional }) => (optional ? `${path}?` : path))

describe('the references of a template', () => {
  it('are the paths it names, with the line of each', () => {
    expect(templateReferences('a: {{ .cloud.domain }}\nb: "{{ .apps.blog.port }}"\n').references).toEqual([
      { path: 'cloud.domain', optional: false, line: 1 },
      { path: 'apps.blog.port', optional: false, line: 2 },
    ])
  })

  it('include what functions and conditions read, also from the root variable', () => {
    expect(read('{{ if eq .a.b "x" }}{{ .c | default "d" }}{{ end }}{{ $.e.f }}')).toEqual(['a.b', 'c', 'e.f'])
  })

  it('of an index may be absent', () => {
    expect(read('{{ index .cloud "smtp" "host" | default .operator.email }}')).toEqual([
      'cloud.smtp.host?',
      'operator.email',
    ])
  })

  it('are followed through variables', () => {
    expect(read('{{ $mail := index .cloud "smtp" }}{{ index $mail "host" }}{{ $mail.port }}{{ $mail }}')).toEqual([
      'cloud.smtp?',
      'cloud.smtp.host?',
      'cloud.smtp.port',
    ])
  })

  it('are followed into each of many', () => {
    expect(read('{{ range $name, $node := .cluster.nodes }}{{ $node.role }}{{ end }}')).toEqual([
      'cluster.nodes',
      'cluster.nodes.*.role',
    ])
  })

  it('are not looked for in comments, texts or numbers', () => {
    expect(read('{{/* .a.b */}}{{ "x .c.d y" }}{{ 1.5 }} .e.f {{ `{{ .g }}` }}')).toEqual([])
  })

  it('that a bare dot hides are counted by line', () => {
    const text = '{{ with .a }}\n{{ .b }}{{ end }}\n{{ range .c }}{{ . }}{{ end }}\n{{ range $i, $c := .c }}{{ end }}'
    expect(templateReferences(text).hidden).toEqual([1, 3])
  })
})
