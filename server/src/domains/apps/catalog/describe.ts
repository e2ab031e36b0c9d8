import type { AppManifest, BrokenEntry, Entry } from '../../catalog/index.ts'
import { type CatalogApp, defaultConfig, settingsOf } from '../model.ts'

/** An app of the catalog as it is shown. */
export const describe = ({ manifest }: Entry<AppManifest>): CatalogApp => ({
  ...manifest,
  defaultConfig: defaultConfig(manifest),
  settings: settingsOf(manifest, {}),
  requiredSecrets: manifest.secrets.map(({ path }) => path),
  secrets: manifest.secrets.map((secret) => ({ optional: false, ...secret })),
})

/** One that is there but cannot be used: its problem says why. */
export const describeBroken = ({ name, problem }: BrokenEntry): CatalogApp => ({
  name,
  title: name,
  description: problem.message,
  version: '',
  category: '',
  dependsOn: [],
  links: {},
  defaultConfig: {},
  settings: [],
  requiredSecrets: [],
  secrets: [],
})
