import { join } from 'node:path'
import type { OperationRecord } from '../../operations/engine.ts'
import { exists } from '../../platform/atomic-file.ts'
import type { Door } from '../../platform/door.ts'
import { notFound } from '../../platform/errors.ts'
import { render } from '../../templates/index.ts'
import { type AppManifest, type Entry, withDependencies } from '../catalog/index.ts'
import { compareRendered, judge, type Live, type RunStatus, readLive, writeRendered } from '../objects/index.ts'
import type { InstallDeps } from '../services/index.ts'
import { createConfigurer } from './configure.ts'
import { deployApp } from './deploy/operation.ts'
import { type AddInput, type App, defaultConfig } from './model.ts'

export interface CatalogApp {
  manifest: AppManifest
  defaultConfig: Record<string, unknown>
  requiredSecrets: string[]
}

/** The verbs of apps. */
export interface AppsService {
  catalog(): Promise<CatalogApp[]>
  catalogApp(name: string): Promise<CatalogApp>
  list(instance: string): Promise<App[]>
  /** Throws NOT_FOUND when it was not added. */
  get(instance: string, name: string): Promise<App>
  /** Writes settings (user values win), secrets and files of an app and of what it needs. Starts nothing. */
  add(input: AddInput, via: Door): Promise<App>
  deploy(
    input: { instance: string; app: string; force?: boolean; dryRun?: boolean },
    via: Door,
  ): Promise<OperationRecord>
  addedCount(instance: string): Promise<number>
}

/** Apps over catalog, files and cluster; defines `app.deploy`. */
export function createAppsService(deps: InstallDeps): AppsService {
  deps.operations.define(deployApp(deps))
  const { instances, catalog, config } = deps

  const describe = ({ manifest }: Entry<AppManifest>): CatalogApp => ({
    manifest,
    defaultConfig: defaultConfig(manifest),
    requiredSecrets: manifest.secrets.map(({ path }) => path),
  })

  async function added(instance: string): Promise<Entry<AppManifest>[]> {
    await instances.require(instance)
    const entries = await catalog.apps()
    const there = await Promise.all(
      entries.map(({ manifest }) => exists(join(instances.paths(instance).app(manifest.name), 'manifest.yaml'))),
    )
    return entries.filter((_entry, index) => there[index])
  }

  function statusOf(
    instance: string,
    { name, ready }: AppManifest,
    live: Live,
  ): { status: RunStatus; trouble?: string } {
    const busy = deps.operations.holders(`instances/${instance}/apps/${name}`).length > 0
    return judge(ready, name, live, { configured: true, busy })
  }

  async function urlOf(instance: string, { url }: AppManifest): Promise<string | undefined> {
    try {
      return url && render(url, await config.context(instance), { name: 'url' })
    } catch {
      return undefined
    }
  }

  async function show(
    instance: string,
    { manifest }: Entry<AppManifest>,
    live: Live,
    all: Entry<AppManifest>[],
  ): Promise<App> {
    const { name, title, version, notes } = manifest
    const dependencies = manifest.dependsOn.map((dependency) => {
      const entry = all.find((candidate) => candidate.manifest.name === dependency)
      return {
        name: dependency,
        status: entry ? statusOf(instance, entry.manifest, live).status : ('not_installed' as const),
      }
    })
    const settings = ((await config.get(instance, `apps.${name}`)) ?? {}) as Record<string, unknown>
    const pods = live.pods.filter(({ namespace }) => namespace === name)
    return {
      name,
      title,
      version,
      namespace: name,
      notes,
      dependencies,
      pods,
      config: settings,
      url: await urlOf(instance, manifest),
      ...statusOf(instance, manifest, live),
    }
  }

  async function get(instance: string, name: string): Promise<App> {
    await catalog.app(name)
    const all = await added(instance)
    const entry = all.find(({ manifest }) => manifest.name === name)
    if (!entry) throw notFound('added app', name, `wild-cli app add ${name}`)
    return show(instance, entry, await readLive(deps.reads, instances.paths(instance)), all)
  }

  return {
    get,
    catalog: async () => (await catalog.apps()).map(describe),
    catalogApp: async (name) => describe(await catalog.app(name)),
    async list(instance) {
      const all = await added(instance)
      const live = await readLive(deps.reads, instances.paths(instance))
      return Promise.all(all.map((entry) => show(instance, entry, live, all)))
    },
    async add({ instance, name, config: given = {} }, via) {
      await instances.require(instance)
      await catalog.app(name)
      const entries = await catalog.apps()
      const order = withDependencies(
        entries.map(({ manifest }) => manifest),
        name,
      )
      const configurers = order.map((manifest) =>
        createConfigurer(deps, instance, entries.find((entry) => entry.manifest === manifest)!),
      )
      const by = { via, reason: `app add ${name}` }
      // Everything is worked out before the first write: a setting that is missing changes nothing.
      const changes = (
        await Promise.all(
          configurers.map((configurer, index) => configurer.settings(order[index]!.name === name ? given : {})),
        )
      ).flat()
      if (changes.length) await config.set(instance, changes, by)
      for (const configurer of configurers) await configurer.makeSecrets(by)
      let wrote = changes.length > 0
      for (const configurer of configurers) {
        const plan = await configurer.files()
        const { written, removed } = await compareRendered(plan)
        if (written.length + removed.length === 0) continue
        await writeRendered(plan)
        wrote = true
      }
      if (wrote) instances.changed(instance, 'apps')
      return get(instance, name)
    },
    deploy: (input, via) => deps.operations.start('app.deploy', input, via),
    addedCount: async (instance) => (await added(instance)).length,
  }
}
