import { join } from 'node:path'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { notFound } from '../../platform/errors.ts'
import { appName, parse, serviceName } from '../../platform/names.ts'
import type { Paths } from '../../platform/paths.ts'
import type { Settings } from '../../platform/settings.ts'
import {
  type AppManifest,
  appManifest,
  type BrokenEntry,
  type Entry,
  type ServiceManifest,
  serviceManifest,
} from './model.ts'
import { type Entries, readEntries } from './store.ts'

/** What can be installed: local entries first, then the bundled ones. Read fresh: an edited entry counts at once. */
export interface Catalog {
  /** Those that can be used. */
  services(): Promise<Entry<ServiceManifest>[]>
  /** By its name or one it went by. Throws NOT_FOUND, or CONFIG_INVALID when it is there but broken. */
  service(name: string): Promise<Entry<ServiceManifest>>
  /** Those that can be used. */
  apps(): Promise<Entry<AppManifest>[]>
  /** Throws NOT_FOUND, or CONFIG_INVALID when it is there but broken. */
  app(name: string): Promise<Entry<AppManifest>>
  /** Entries that cannot be used, and why. */
  broken(kind: 'services' | 'apps'): Promise<BrokenEntry[]>
  /** SVG text of an app's icon. */
  icon(app: string): Promise<string | undefined>
}

/** The catalog of a daemon. */
export function createCatalog(deps: {
  settings: Pick<Settings, 'catalogDirectory'>
  paths: Pick<Paths, 'localCatalog'>
}): Catalog {
  const roots = (part: string) => [
    { folder: join(deps.paths.localCatalog, part), local: true },
    { folder: join(deps.settings.catalogDirectory, part), local: false },
  ]
  const services = () => readEntries(roots('setup/cluster-services'), serviceManifest)
  const apps = () => readEntries(roots('apps'), appManifest)

  async function app(name: string): Promise<Entry<AppManifest>> {
    parse(appName, name, 'app')
    return pick(await apps(), name) ?? fail(notFound('app', name, 'wild-cli app catalog'))
  }

  return {
    services: async () => (await services()).good,
    apps: async () => (await apps()).good,
    app,
    async service(name) {
      parse(serviceName, name, 'service')
      const entries = await services()
      const renamed = entries.good.find(({ manifest }) => manifest.aliases.includes(name))
      return pick(entries, name) ?? renamed ?? fail(notFound('service', name, 'wild-cli service list'))
    },
    broken: async (kind) => (await (kind === 'apps' ? apps() : services())).broken,
    async icon(name) {
      const entry = await app(name).catch(() => undefined)
      return entry && readFileIfThere(join(entry.folder, entry.manifest.icon))
    },
  }
}

/** The entry of this name, if there is one. Throws its problem when it is broken. */
function pick<Manifest extends { name: string }>(
  { good, broken }: Entries<Manifest>,
  name: string,
): Entry<Manifest> | undefined {
  const problem = broken.find((entry) => entry.name === name)?.problem
  if (problem) throw problem
  return good.find(({ manifest }) => manifest.name === name)
}

function fail(error: Error): never {
  throw error
}
