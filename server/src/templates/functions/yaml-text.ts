import { GoTime } from '../go-time.ts'
import { isPrintable } from '../literals.ts'
import { formatFloat } from '../numbers.ts'
import { isList, isMap, sortedKeys, type Value } from '../values.ts'
import { plainScalar } from '../yaml-context.ts'

const oldBooleans = /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/** A value as block YAML with sorted keys and two spaces of indent, ending in a newline. */
export function toYaml(value: Value): string {
  if (isEmptyOrScalar(value)) return `${scalar(value, '  ', false)}\n`
  return lines(value, '')
}

function isEmptyOrScalar(value: Value): boolean {
  if (isList(value)) return value.length === 0
  return isMap(value) ? value.size === 0 : true
}

/** A collection that is not empty, every line behind `margin`. */
function lines(value: Value, margin: string): string {
  if (isList(value)) return value.map((item) => `${margin}- ${listItem(item, margin)}`).join('')
  const map = value as Map<string, Value>
  return sortedKeys(map)
    .map((key) => `${margin}${scalar(key, margin, true)}:${mapItem(map.get(key) ?? null, margin)}`)
    .join('')
}

/** What stands behind a dash: a collection begins on the same line. */
function listItem(item: Value, margin: string): string {
  const inner = `${margin}  `
  return isEmptyOrScalar(item) ? `${scalar(item, inner, false)}\n` : lines(item, inner).slice(inner.length)
}

function mapItem(item: Value, margin: string): string {
  const inner = `${margin}  `
  return isEmptyOrScalar(item) ? ` ${scalar(item, inner, false)}\n` : `\n${lines(item, inner)}`
}

function scalar(value: Value, margin: string, isKey: boolean): string {
  if (typeof value === 'string') return stringScalar(value, margin, isKey)
  if (value === null) return 'null'
  if (isList(value)) return '[]'
  if (isMap(value)) return '{}'
  if (typeof value === 'number') return floatScalar(value)
  return value instanceof GoTime ? value.toRfc3339() : String(value)
}

function floatScalar(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return formatFloat(value)
}

function stringScalar(text: string, margin: string, isKey: boolean): string {
  const special = hasSpecialCharacters(text)
  if (text.includes('\n'))
    return special || isKey || / (\n|$)/.test(text) ? doubleQuoted(text) : literalBlock(text, margin)
  if (!readsAsString(text)) return doubleQuoted(text)
  if (special || text.includes('\t')) return doubleQuoted(text)
  return mayBePlain(text) ? text : `'${text.replaceAll("'", "''")}'`
}

function hasSpecialCharacters(text: string): boolean {
  return [...text].some((character) => !isPrintable(character) && character !== '\n' && character !== '\t')
}

/** False for what a reader would take for a number, a date, a boolean or null. */
function readsAsString(text: string): boolean {
  if (text === '' || text === '<<' || oldBooleans.test(text) || sexagesimal.test(text)) return false
  return typeof plainScalar(text) === 'string'
}

function mayBePlain(text: string): boolean {
  if (/^[ ]|[ ]$/.test(text)) return false
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^(---|\.\.\.)/.test(text)) return false
  if (/^[-?:](\s|$)/.test(text)) return false
  return !/:(\s|$)/.test(text) && !/\s#/.test(text)
}

/** A text of several lines behind `|`, with the sign that keeps its end as it is. */
function literalBlock(text: string, margin: string): string {
  const indentHint = /^[ \n]/.test(text) ? '2' : ''
  const chomping = !text.endsWith('\n') ? '-' : /(^|\n)\n$/.test(text) ? '+' : ''
  const body = text.replace(/\n$/, '').split('\n')
  return `|${indentHint}${chomping}\n${body.map((line) => (line === '' ? '' : margin + line)).join('\n')}`
}

const doubleEscapes: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(text: string): string {
  const body = [...text].map((character) => {
    if (doubleEscapes[character]) return doubleEscapes[character]
    if (isPrintable(character)) return character
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
    if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
  })
  return `"${body.join('')}"`
}
