import { join } from 'node:path'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { notFound } from '../../platform/errors.ts'
import { appName, parse, serviceName } from '../../platform/names.ts'
import type { Paths } from '../../platform/paths.ts'
import type { Settings } from '../../platform/settings.ts'
import { type AppManifest, appManifest, type Entry, type ServiceManifest, serviceManifest } from './model.ts'
import { readEntries } from './store.ts'

/** What can be installed: local entries first, then the bundled ones. Read fresh: an edited entry counts at once. */
export interface Catalog {
  services(): Promise<Entry<ServiceManifest>[]>
  /** Throws NOT_FOUND. */
  service(name: string): Promise<Entry<ServiceManifest>>
  apps(): Promise<Entry<AppManifest>[]>
  app(name: string): Promise<Entry<AppManifest>>
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
    const entry = (await apps()).find(({ manifest }) => manifest.name === name)
    if (!entry) throw notFound('app', name, 'wild-cli app catalog')
    return entry
  }

  return {
    services,
    apps,
    app,
    async service(name) {
      parse(serviceName, name, 'service')
      const entry = (await services()).find(({ manifest }) => manifest.name === name)
      if (!entry) throw notFound('service', name, 'wild-cli service list')
      return entry
    },
    async icon(name) {
      const entry = await app(name).catch(() => undefined)
      return entry && readFileIfThere(join(entry.folder, entry.manifest.icon))
    },
  }
}
