import { invalid } from '../../platform/errors.ts'
import { applyChange, type Change, parseYaml } from '../../platform/yaml-file.ts'
import { parseYamlPath } from '../../platform/yaml-path.ts'
import { type Context, parseYamlContext } from '../../templates/index.ts'
import type { ConfigField } from './model.ts'

const patterns: Partial<Record<ConfigField['type'], { pattern: RegExp; like: string }>> = {
  hostname: { pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, like: 'blog.example.com' },
  quantity: { pattern: /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$/, like: '10Gi' },
  email: { pattern: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, like: 'you@example.com' },
  timezone: { pattern: /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/, like: 'Europe/Berlin' },
}

/** A value of the field's type. Throws INVALID_INPUT naming the field. */
export function typed(name: string, field: ConfigField, value: unknown): unknown {
  if (field.type === 'integer') return integer(name, value)
  if (field.type === 'boolean') return boolean(name, value)
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(name, `${name}: write text.`)
  const text = String(value)
  const rule = patterns[field.type]
  if (rule && !rule.pattern.test(text))
    throw invalid(name, `${name}: "${text}" is not a ${field.type} (like ${rule.like}).`)
  if (field.choices && !field.choices.includes(text))
    throw invalid(name, `${name}: "${text}" is none of ${field.choices.join(', ')}.`)
  return text
}

function integer(name: string, value: unknown): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw invalid(name, `${name}: write a whole number.`)
  return number
}

function boolean(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw invalid(name, `${name}: write true or false.`)
}

/** A setting that is to be written. */
export interface SettingChange {
  path: string
  value: unknown
}

/** config.yaml as templates will see it once these changes are written: what needs them can be worked out before. */
export function draftContext(text: string, changes: SettingChange[]): Context {
  if (changes.length === 0) return parseYamlContext(text)
  const { document } = parseYaml(text, 'config.yaml')
  for (const { path, value } of changes) applyChange(document, { path: parseYamlPath(path), value } satisfies Change)
  return parseYamlContext(document.toString())
}
