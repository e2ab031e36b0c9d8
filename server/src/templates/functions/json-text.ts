import { GoTime } from '../go-time.ts'
import { exponentForm, plainForm } from '../numbers.ts'
import { isList, isMap, sortedKeys, type Value } from '../values.ts'

const shortEscapes: Record<string, string> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

function jsonString(text: string): string {
  const escaped = text.replace(/["\\<>&\u0000-\u001f\u2028\u2029\ud800-\udfff]/gu, (character) => {
    const code = character.charCodeAt(0)
    return shortEscapes[character] ?? `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

/** Floats keep a decimal point, so that they stay floats. */
function jsonFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) return exponentForm(value)
  const text = plainForm(value)
  return text.includes('.') ? text : `${text}.0`
}

/** A value as JSON with sorted keys; `<`, `>` and `&` are escaped. An indent makes it pretty. */
export function toJson(value: Value, indent = '', margin = ''): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return jsonString(value)
  if (typeof value === 'number') return jsonFloat(value)
  const inner = margin + indent
  if (isList(value))
    return bracketed(
      '[',
      ']',
      value.map((item) => toJson(item, indent, inner)),
      indent,
      margin,
    )
  if (isMap(value)) {
    const colon = indent ? ': ' : ':'
    const entries = sortedKeys(value).map(
      (key) => jsonString(key) + colon + toJson(value.get(key) ?? null, indent, inner),
    )
    return bracketed('{', '}', entries, indent, margin)
  }
  if (value instanceof GoTime) return jsonString(value.toRfc3339())
  return typeof value === 'object' ? jsonString(String(value)) : String(value)
}

function bracketed(open: string, close: string, items: string[], indent: string, margin: string): string {
  if (items.length === 0 || !indent) return open + items.join(',') + close
  const inner = `\n${margin}${indent}`
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`
}
