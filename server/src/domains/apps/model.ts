import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'
import { appName, instanceName } from '../../platform/names.ts'
import type { AppManifest, ConfigField } from '../catalog/index.ts'
import type { Pod, RunStatus } from '../objects/index.ts'

export interface App {
  name: string
  title: string
  version: string
  namespace: string
  status: RunStatus
  url?: string
  pods: Pod[]
  config: Record<string, unknown>
  trouble?: string
  notes?: string
  dependencies: { name: string; status: RunStatus }[]
}

export const deployInput = z.strictObject({
  instance: instanceName,
  app: appName,
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
})
export type DeployInput = z.output<typeof deployInput>

export interface AddInput {
  instance: string
  name: string
  force?: boolean
  config?: Record<string, unknown>
}

/** `{smtp: {host: "x"}}` → `{"smtp.host": "x"}`: settings as the manifest names them. */
export function flatten(tree: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (value && typeof value === 'object' && !Array.isArray(value))
      Object.assign(flat, flatten(value as Record<string, unknown>, path))
    else flat[path] = value
  }
  return flat
}

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

/** What was given, checked against the manifest. Throws INVALID_INPUT for a setting the app does not have. */
export function givenSettings(manifest: AppManifest, config: Record<string, unknown>): Map<string, unknown> {
  const given = new Map<string, unknown>()
  for (const [name, value] of Object.entries(flatten(config))) {
    const field = manifest.config[name]
    if (!field)
      throw invalid(
        name,
        `${name}: ${manifest.title} has no such setting. It has: ${Object.keys(manifest.config).join(', ')}.`,
      )
    given.set(name, typed(name, field, value))
  }
  return given
}

/** Defaults as written in the manifest, nested. */
export function defaultConfig(manifest: AppManifest): Record<string, unknown> {
  const tree: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(manifest.config)) {
    const parts = name.split('.')
    const last = parts.pop()!
    let parent = tree
    for (const part of parts) {
      parent[part] ??= {}
      parent = parent[part] as Record<string, unknown>
    }
    parent[last] = field.default ?? null
  }
  return tree
}
