import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'
import { appName, instanceName } from '../../platform/names.ts'
import { type AppManifest, type AppSecret, type Setting, typed } from '../catalog/index.ts'
import type { Pod, RunStatus } from '../objects/index.ts'

export interface App {
  instance: string
  name: string
  title: string
  /** The version it was added with. */
  version: string
  /** Another version in the catalog. */
  newVersion?: string
  namespace: string
  status: RunStatus
  url?: string
  pods: Pod[]
  config: Record<string, unknown>
  settings: Setting[]
  trouble?: string
  notes?: string
  dependencies: { name: string; status: RunStatus }[]
}

/** A secret of an app as it is shown before anybody has given it. */
export interface CatalogSecret {
  path: string
  kind: AppSecret['kind']
  optional: boolean
  description?: string
}

/** An app of the catalog as it is shown; one that cannot be used has its problem as description. */
export interface CatalogApp
  extends Pick<AppManifest, 'name' | 'title' | 'description' | 'version' | 'dependsOn' | 'links'> {
  category: string
  defaultConfig: Record<string, unknown>
  settings: Setting[]
  requiredSecrets: string[]
  secrets: CatalogSecret[]
}

export const deployInput = z.strictObject({
  instance: instanceName,
  app: appName,
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  /** Add it first when it is not there yet, with these settings. */
  add: z.boolean().default(false),
  config: z.record(z.string(), z.unknown()).default({}),
})
export type DeployInput = z.output<typeof deployInput>

export const updateInput = z.strictObject({
  instance: instanceName,
  app: appName,
  /** Settings to change. */
  config: z.record(z.string(), z.unknown()).default({}),
  /** The new text wins where a file edited by hand changes the same lines. */
  force: z.boolean().default(false),
  /** false: only settings and files. */
  deploy: z.boolean().default(true),
  /** Only say what would change in the cluster. */
  dryRun: z.boolean().default(false),
})
export type UpdateInput = z.output<typeof updateInput>

export const deleteInput = z.strictObject({
  instance: instanceName,
  app: appName,
  /** Also while other apps need it. */
  force: z.boolean().default(false),
  /** Volumes and secrets go too. */
  deleteData: z.boolean().default(false),
})
export type DeleteInput = z.output<typeof deleteInput>

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

/** The settings an app has, in the order of its manifest, with what they are in `config`. */
export function settingsOf(manifest: AppManifest, config: Record<string, unknown>): Setting[] {
  const values = flatten(config)
  return Object.entries(manifest.config).map(([name, field]) => ({ ...field, name, value: values[name] }))
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
