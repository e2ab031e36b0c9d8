import { readsAsOther } from './scalars.ts'

const indicatorFirst = /^[,[\]{}#&*!|>'"%@`]|^[-?:]([\s]|$)|^---|^\.\.\./
const indicatorInside = /:(\s|$)|\s#/

function isUnprintable(text: string): boolean {
  return [...text].some((char) => {
    const code = char.codePointAt(0)!
    return (code < 0x20 && char !== '\n') || (code >= 0x7f && code < 0xa0) || code === 0xfeff
  })
}

/** A multi-line text as a literal block below a key or dash. */
function literal(text: string, indent: string): string {
  const lines = text.replace(/\n+$/, '').split('\n')
  const trailing = text.length - text.replace(/\n+$/, '').length
  const chomp = trailing === 0 ? '-' : trailing === 1 ? '' : '+'
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const more = trailing > 1 ? '\n'.repeat(trailing - 1) : ''
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}${more}`
}

function string(text: string, indent: string): string {
  if (isUnprintable(text)) return JSON.stringify(text)
  if (text.includes('\n')) return / (\n|$)/.test(text) ? JSON.stringify(text) : literal(text, indent)
  if (readsAsOther(text)) return JSON.stringify(text)
  const plain = !indicatorFirst.test(text) && !indicatorInside.test(text) && text.trim() === text
  return plain ? text : `'${text.replaceAll("'", "''")}'`
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

function nodes(value: object, indent: string): string {
  if (Array.isArray(value)) return value.map((one) => `${indent}- ${inline(one, `${indent}  `)}`).join('\n')
  return Object.keys(value)
    .sort()
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .map((key) => `${indent}${string(key, indent)}:${after((value as Record<string, unknown>)[key], indent)}`)
    .join('\n')
}

/** What follows `key:`. Lists stay at the key's own indentation. */
function after(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null || isEmpty(value)) return ` ${scalarOrEmpty(value, `${indent}  `)}`
  return `\n${nodes(value, Array.isArray(value) ? indent : `${indent}  `)}`
}

/** What follows `- `: a mapping or list starts on the same line. */
function inline(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null || isEmpty(value)) return scalarOrEmpty(value, indent)
  return nodes(value, indent).slice(indent.length)
}

function scalarOrEmpty(value: unknown, indent: string): string {
  if (typeof value === 'string') return string(value, indent)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}'
  return String(value)
}

/** A value as kubectl and kustomize print it: keys sorted, two spaces, lists not indented, a line break at the end. */
export function printYaml(value: unknown): string {
  return `${typeof value === 'object' && value !== null && !isEmpty(value) ? nodes(value, '') : scalarOrEmpty(value, '')}\n`
}
