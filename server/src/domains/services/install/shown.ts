import { type Entry, type ServiceManifest, type Setting, secretNeedsOf } from '../../catalog/index.ts'
import type { InstallDeps } from '../deps.ts'
import type { ServiceSecret } from '../model.ts'
import { newSettings } from './settings.ts'

/** The settings of a service as a form asks for them: what they are, and what they would be when nobody says. */
export async function shownSettings(
  deps: Pick<InstallDeps, 'config'>,
  instance: string,
  entry: Entry<ServiceManifest>,
): Promise<Setting[]> {
  // A default that leans on a setting nobody gave yet cannot be worked out; the form shows none then.
  const defaults = await newSettings({ deps, instance, entry, given: [] }).catch(() => [])
  return Promise.all(
    Object.entries(entry.manifest.config).map(async ([name, field]) => ({
      ...field,
      name,
      default: defaults.find(({ path }) => path === name)?.value as Setting['default'],
      value: (await deps.config.get(instance, name)) ?? undefined,
    })),
  )
}

/** The secrets of a service, and whether each is there. */
export async function shownSecrets(
  { secrets }: Pick<InstallDeps, 'secrets'>,
  instance: string,
  manifest: ServiceManifest,
): Promise<ServiceSecret[]> {
  return Promise.all(
    secretNeedsOf(manifest).map(async (need) => ({
      ...need,
      isSet: Boolean(await secrets.value(instance, need.path)),
    })),
  )
}
