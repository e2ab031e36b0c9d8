import fc from 'fast-check'
import { seed } from '../../depth.ts'

/** Expressions over the context of the recorded renderings; some of them fail, as people's do. */
const value = fc.constantFrom(
  ...[
    '.name',
    '.n',
    '.list',
    '.map',
    '.nested.x.y.z',
    '.t',
    '.empty',
    '.missing',
    '$.name',
    '"text"',
    '3',
    '1.5',
    'true',
  ],
  ...['(len .list)', '(index .list 0)', '(index .map "a")', '(printf "%v-%s" .n .name)', '(eq .n 3)', '(not .t)'],
)
const pipe = fc.constantFrom(
  ...[
    '',
    ' | default "d"',
    ' | quote',
    ' | squote',
    ' | toUpper',
    ' | toJSON',
    ' | print',
    ' | printf "%v"',
    ' | indent 2',
  ],
)
const trim = fc.constantFrom(['{{ ', ' }}'], ['{{- ', ' }}'], ['{{ ', ' -}}'], ['{{- ', ' -}}'])
const action = fc.tuple(trim, value, pipe).map(([[open, close], what, after]) => `${open}${what}${after}${close}`)
const text = fc.constantFrom(' ', '\n', 'a', 'é ', '  - x: ', '\n\n', '# note\n')

const { body } = fc.letrec<{ body: string }>((tie) => ({
  body: fc
    .array(
      fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        text,
        action,
        fc
          .tuple(value, tie('body'), tie('body'))
          .map(([test, yes, no]) => `{{ if ${test} }}${yes}{{ else }}${no}{{ end }}`),
        fc
          .tuple(value, tie('body'))
          .map(([over, each]) => `{{ range $i, $e := ${over} }}{{ $i }}{{ $e }}${each}{{ end }}`),
        fc.tuple(value, tie('body')).map(([what, inner]) => `{{ with ${what} }}{{ . }}${inner}{{ end }}`),
        fc
          .tuple(tie('body'), value)
          .map(([inner, what]) => `{{ define "t" }}${inner}{{ end }}{{ template "t" ${what} }}`),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
}))

/** So many random templates, the same for the same seed. */
export const generatedTemplates = (count: number): string[] => fc.sample(body, { numRuns: count, seed: seed() })
