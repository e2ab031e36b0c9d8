import { expect, test } from 'vitest'
import { render, TemplateError } from '../index.ts'

const data = { list: ['b', 'a'], objs: [{ n: 2 }, { n: 1 }], map: { x: { y: [1, 2] } }, text: 'a,b\n"c ""d""",e\n' }

function show(template: string): string {
  try {
    return render(template, data, { name: 't' })
  } catch (error) {
    if (error instanceof TemplateError) return `! ${error.message.replace(/^.*?>: (error calling \w+: )?/, '')}`
    throw error
  }
}

test.each([
  ['{{ semver.CheckConstraint "^1.2" "1.9.0" }} {{ semver.CheckConstraint "~1.2" "1.3.0" }}', 'true false'],
  [
    '{{ semver.CheckConstraint ">= 1.2, < 2 || 3.x" "3.4.0" }} {{ semver.CheckConstraint "1.2 - 1.4" "1.5.0" }}',
    'true false',
  ],
  ['{{ semver.CheckConstraint "^0.2.3" "0.3.0" }} {{ semver.CheckConstraint "!=1.1" "1.1.9" }}', 'false false'],
  [
    '{{ semver.CheckConstraint ">=1.0" "2.0.0-rc.1" }} {{ semver.CheckConstraint ">=1.0-0" "2.0.0-rc.1" }}',
    'false true',
  ],
  [
    '{{ with semver.Semver "v1.2.3-rc.1+b" }}{{ .Major }} {{ .Prerelease }} {{ .IncMinor }} {{ . }}{{ end }}',
    '1 rc.1 1.3.0 1.2.3-rc.1+b',
  ],
  ['{{ semver.Semver "one" }}', '! Invalid Semantic Version'],
])('versions: %s', (template, output) => {
  expect(show(template)).toBe(output)
})

test.each([
  ['{{ (time.Parse time.RFC3339 "2024-03-04T05:06:07+02:00").UTC }}', '2024-03-04 03:06:07 +0000 UTC'],
  ['{{ (time.ParseInLocation "2006-01-02 15:04" "Europe/Berlin" "2024-07-01 12:00").Unix }}', '1719828000'],
  ['{{ ((time.Parse "2006-01-02" "2024-02-28").Add (time.Hour 48)).Weekday }}', 'Friday'],
  [
    '{{ (time.Unix "1.5").Format "15:04:05.000" }} {{ time.ParseDuration "90m" }} {{ (time.Second 90).Minutes }}',
    '00:00:01.500 1h30m0s 1.5',
  ],
  ['{{ time.Parse "2006-01-02" "2024-02-30" }}', '! parsing time "2024-02-30": day out of range'],
  ['{{ time.Parse "2006-01-02" "today" }}', '! parsing time "today" as "2006-01-02": cannot parse "today" as "2006"'],
])('times: %s', (template, output) => {
  expect(show(template)).toBe(output)
})

test.each([
  ['{{ jq ".x.y[1]" .map }} {{ jq ".[].n" .objs }} {{ jq ".nope.more" .map }}', '2 [2 1] <no value>'],
  ['{{ jsonpath "$.x.y[0]" .map }} {{ jsonpath ".[*].n" .objs }}', '1 [2 1]'],
  ['{{ jsonpath ".nope" .map }}', '! executing JSONPath .nope: nope is not found'],
  ['{{ coll.Index "x" "z" .map }}', '! map has no key z'],
  ['{{ coll.Sort "n" .objs | toJSON }} {{ sort .list }}', '[{"n":1},{"n":2}] [a b]'],
  ['{{ data.CSVByRow .text | toJSON }}', '[{"a":"c \\"d\\"","b":"e"}]'],
  ['{{ data.CSVByColumn .text | toJSON }}', '{"a":["c \\"d\\""],"b":["e"]}'],
  ['{{ toYAML .map }}', 'x:\n  "y":\n    - 1\n    - 2\n'],
])('collections: %s', (template, output) => {
  expect(show(template)).toBe(output)
})

test.each([
  ['{{ path.Clean "/a/../b//c/." }} {{ path.Dir "/a/b" }} {{ path.Match "*.ya?l" "x.yaml" }}', '/b/c /a true'],
  ['{{ filepath.Rel "/a/b" "/a/c/d" }} {{ path.Base "/" }}', '../c/d /'],
  ['{{ math.Seq 5 1 2 }} {{ math.Round -2.5 }} {{ rem -7 3 }} {{ math.Max 1 2.5 }}', '[5 3 1] -3 -1 2.5'],
  ['{{ div 1 0 }}', '! error: division by 0'],
  ['{{ conv.ParseInt "ff" 16 64 }} {{ conv.ToInt "1,234" }} {{ conv.ToBool "YES" }}', '255 1234 true'],
  [
    '{{ with conv.URL "http://u@[::1]:80/a%20b?q#f" }}{{ .Hostname }} {{ .Port }} {{ .Path }} {{ .RawQuery }}{{ end }}',
    '::1 80 /a b q',
  ],
  [
    '{{ base64.Decode "8J-YgA==" | len }} {{ crypto.PBKDF2 "password" "salt" 1 20 }}',
    '4 0c60c80f961f0e71f3a9b524af6012062fe037a6',
  ],
  [
    '{{ strings.WordWrap 10 "|" "the quick brown fox" }} {{ strings.Slug "Ünïcode & more" }}',
    'the quick|brown fox unicode-and-more',
  ],
  ['{{ strings.Repeat -1 "x" }}', '! negative count -1'],
])('the rest: %s', (template, output) => {
  expect(show(template)).toBe(output)
})
