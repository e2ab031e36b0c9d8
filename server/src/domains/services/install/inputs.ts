import { WildError } from '../../../platform/errors.ts'
import { type ServiceManifest, secretNeedsOf } from '../../catalog/index.ts'
import type { InstallDeps } from '../deps.ts'

/** Paths of config.yaml and secrets.yaml that nobody gave. */
export interface Missing {
  settings: string[]
  secrets: string[]
}

/** The commands that set them. */
export const commandsFor = ({ settings, secrets }: Missing): string[] => [
  ...settings.map((path) => `wild-cli config set ${path} VALUE`),
  ...secrets.map((path) => `wild-cli secret set ${path}`),
]

/** INVALID_INPUT that names every setting and secret that is missing, and the commands that set them. */
export function incomplete(title: string, missing: Missing): WildError {
  const all = [...missing.settings, ...missing.secrets]
  return new WildError('INVALID_INPUT', `${title} needs settings that are not there yet: ${all.join(', ')}.`, {
    field: all[0],
    missing: all,
    hint: commandsFor(missing).join('; '),
  })
}

/** Settings and secrets a service cannot be installed without, that nobody gave and for which neither it nor what is installed before it has a default. */
export async function missingInputs(
  { config, secrets }: Pick<InstallDeps, 'config' | 'secrets'>,
  instance: string,
  manifest: ServiceManifest,
  before: ServiceManifest[] = [],
): Promise<Missing> {
  const hasDefault = (path: string) => [manifest, ...before].some((one) => one.config[path]?.default !== undefined)
  const needed = new Set(
    [...manifest.requiresConfig, ...Object.keys(manifest.config)].filter((path) => !hasDefault(path)),
  )
  const missing: Missing = { settings: [], secrets: [] }
  for (const path of needed)
    if ([undefined, null, ''].includes((await config.get(instance, path)) as never)) missing.settings.push(path)
  for (const { path, kind, optional } of secretNeedsOf(manifest))
    if (kind === 'supplied' && !optional && !(await secrets.value(instance, path))) missing.secrets.push(path)
  return missing
}
