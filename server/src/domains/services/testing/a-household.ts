import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '../../../platform/clock.ts'
import { createDownloads } from '../../../platform/download.ts'
import { createPaths } from '../../../platform/paths.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { anEngine } from '../../../testing/engine.ts'
import { createCatalog } from '../../catalog/service.ts'
import { createConfigService } from '../../config/service.ts'
import { createConfigStore } from '../../config/store.ts'
import { createSecretsService } from '../../secrets/service.ts'
import { createSecretsStore } from '../../secrets/store.ts'
import type { InstallDeps } from '../deps.ts'

/** An instance `home` with real files, a real engine and a catalog of its own; programs are what `run` says. */
export function aHousehold(run: RunTool = () => Promise.reject(new Error('no program is run here'))) {
  const engine = anEngine()
  const paths = createPaths(join(engine.folder, 'data'))
  const places = paths.instance('home')
  const catalogFolder = join(engine.folder, 'catalog')
  const shared = { requireInstance: async () => undefined, changed: () => undefined }
  const config = createConfigService({ store: createConfigStore(paths), ...shared })
  const secrets = createSecretsService({
    store: createSecretsStore(paths, pino({ level: 'silent' })),
    masker: engine.masker,
    ...shared,
    audit: { record: () => {}, close: () => {} },
    known: async () => new Map(),
  })
  const deps = {
    instances: { require: async () => undefined, paths: () => places, changed: () => undefined },
    config,
    secrets,
    catalog: createCatalog({ settings: { catalogDirectory: catalogFolder }, paths }),
    operations: engine.operations,
    downloads: createDownloads({ folder: join(paths.cache, 'releases'), clock: systemClock }),
    reads: run,
    clock: systemClock,
  } as unknown as InstallDeps

  function place(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  place(places.config, 'cloud:\n  domain: cloud.example.com\n')

  return {
    ...engine,
    deps,
    places,
    place,
    catalog: (path: string, text: string) => place(join(catalogFolder, path), text),
    /** Every file of the instance with its text, to see that nothing changed. */
    snapshot(): Record<string, string> {
      const files = readdirSync(places.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      return Object.fromEntries(
        files.map((entry) => {
          const path = join(entry.parentPath, entry.name)
          return [relative(places.root, path), readFileSync(path, 'utf8')]
        }),
      )
    },
  }
}
