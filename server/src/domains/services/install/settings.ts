import { invalid } from '../../../platform/errors.ts'
import { draftContext, type Entry, type ServiceManifest, type SettingChange, typed } from '../../catalog/index.ts'
import { renderFile } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'

/**
 * Settings that are to be written: those that were given and differ, and those a service has a default for and that are
 * not set yet; a default may refer to one before it.
 */
export async function newSettings({
  deps,
  instance,
  entry,
  given,
}: {
  deps: Pick<InstallDeps, 'config'>
  instance: string
  entry: Entry<ServiceManifest>
  given: SettingChange[]
}) {
  const text = await deps.config.text(instance)
  const changes: SettingChange[] = []
  for (const change of given) if ((await deps.config.get(instance, change.path)) !== change.value) changes.push(change)
  for (const [path, field] of Object.entries(entry.manifest.config)) {
    if (given.some((change) => change.path === path) || field.default === undefined) continue
    if ((await deps.config.get(instance, path)) !== undefined) continue
    const value =
      typeof field.default === 'string'
        ? renderFile(`the default of ${path}`, field.default, draftContext(text, changes))
        : field.default
    changes.push({ path, value: typed(path, field, value) })
  }
  return changes
}

/** `{cluster: {loadBalancerIp: "x"}}` and `{"cluster.loadBalancerIp": "x"}` alike, checked against the manifest. Throws INVALID_INPUT naming the setting. */
export function givenSettings(
  { title, config: fields }: ServiceManifest,
  config: Record<string, unknown>,
): SettingChange[] {
  const changes: SettingChange[] = []
  function walk(tree: Record<string, unknown>, prefix: string): void {
    for (const [key, value] of Object.entries(tree)) {
      const path = prefix ? `${prefix}.${key}` : key
      const field = fields[path]
      if (field) changes.push({ path, value: typed(path, field, value) })
      else if (value && typeof value === 'object' && !Array.isArray(value)) walk(value as Record<string, unknown>, path)
      else
        throw invalid(
          path,
          `${path}: ${title} has no such setting. It has: ${Object.keys(fields).join(', ') || 'none'}.`,
        )
    }
  }
  walk(config, '')
  return changes
}
