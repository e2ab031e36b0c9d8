import type { ScalarTag, Tags, YAMLParseError } from 'yaml'
import { floatOf, integerOf, isBoolean, isFloat, isInteger, isNull, isTrue } from './scalars.ts'

/** A text that is not YAML; the message is worded as in Go: `yaml: line 9: did not find expected key`. */
export class YamlError extends Error {}

// The tests of scalar tags must be regular expressions; these only look like one.
const testing = (accepts: (text: string) => boolean): RegExp => ({ test: accepts }) as unknown as RegExp

const scalar = (
  tag: string,
  accepts: (text: string) => boolean,
  resolve: (text: string) => unknown,
  identify: (value: unknown) => boolean,
): ScalarTag => ({
  tag: `tag:yaml.org,2002:${tag}`,
  default: true,
  test: testing(accepts),
  resolve,
  identify,
})

const scalars: ScalarTag[] = [
  scalar(
    'null',
    isNull,
    () => null,
    (value) => value === null,
  ),
  scalar('bool', isBoolean, isTrue, (value) => typeof value === 'boolean'),
  scalar('int', isInteger, integerOf, (value) => Number.isInteger(value)),
  scalar('float', isFloat, floatOf, (value) => typeof value === 'number'),
]

const wording: Record<string, string> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  MISSING_CHAR: "could not find expected ':'",
  BAD_ALIAS: 'unknown anchor referenced',
  BAD_SCALAR_START: 'found character that cannot start any token',
}

function worded(error: YAMLParseError): string {
  const line = error.linePos?.[0].line ?? 1
  if (error.code === 'DUPLICATE_KEY') return `yaml: unmarshal errors:\n  line ${line}: mapping key already defined`
  return `yaml: line ${line}: ${wording[error.code] ?? 'did not find expected key'}`
}

/** All documents of a YAML (or JSON) text, empty ones left out. Throws YamlError. */
export async function parseDocuments(text: string): Promise<unknown[]> {
  if (/^\s*[[{]/.test(text)) {
    try {
      return [JSON.parse(text)]
    } catch {
      // Not JSON: a flow mapping in YAML perhaps.
    }
  }
  const { parseAllDocuments } = await import('yaml')
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: (tags: Tags) => [...tags, ...scalars],
    merge: true,
    logLevel: 'silent',
  })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    if (document.errors[0] !== undefined) throw new YamlError(worded(document.errors[0]))
    const value: unknown = document.toJS()
    return value === null || value === undefined || value === '' ? [] : [value]
  })
}
