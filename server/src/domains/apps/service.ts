import { join } from 'node:path'
import type { PlannedChange } from '../../operations/define.ts'
import type { OperationRecord } from '../../operations/engine.ts'
import { exists } from '../../platform/atomic-file.ts'
import type { Door } from '../../platform/door.ts'
import { notThere } from '../../platform/errors.ts'
import { render } from '../../templates/index.ts'
import { type AppManifest, addedApp, type Entry } from '../catalog/index.ts'
import { judge, type Live, type RunStatus, readLive, workOn } from '../objects/index.ts'
import type { InstallDeps } from '../services/index.ts'
import { addApp, plannedAdd } from './add.ts'
import { describe, describeBroken } from './catalog/describe.ts'
import { type Proposal, proposal } from './catalog/proposal.ts'
import { deleteApp } from './delete/operation.ts'
import { deployApp } from './deploy/operation.ts'
import { type AddInput, type App, type CatalogApp, type DeployInput, settingsOf, type UpdateInput } from './model.ts'
import { updateApp } from './update/operation.ts'

/** The verbs of apps. */
export interface AppsService {
  catalog(): Promise<CatalogApp[]>
  catalogApp(name: string): Promise<CatalogApp>
  /** What adding it with these settings would set and need. Throws INVALID_INPUT naming a setting that is wrong. */
  proposal(instance: string, name: string, config?: Record<string, unknown>): Promise<Proposal>
  list(instance: string): Promise<App[]>
  /** Throws NOT_FOUND when it was not added. */
  get(instance: string, name: string): Promise<App>
  /** Writes settings (user values win), secrets and files of an app and of what it needs. Starts nothing. */
  add(input: AddInput, via: Door): Promise<App>
  /** What `add` would write; throws as it does. */
  plannedAdd(input: AddInput): Promise<PlannedChange[]>
  /** Changes settings of an added app and renders its files; starts nothing. Throws NOT_FOUND when it was not added. */
  configure(input: AddInput, via: Door): Promise<App>
  /** Other settings or the version of the catalog, up to the running app; back to what it was when it does not get ready. */
  update(input: Partial<UpdateInput> & { instance: string; app: string }, via: Door): Promise<OperationRecord>
  deploy(input: Partial<DeployInput> & { instance: string; app: string }, via: Door): Promise<OperationRecord>
  /** Volumes, secrets and settings stay unless `deleteData`. */
  delete(
    input: { instance: string; app: string; force?: boolean; deleteData?: boolean },
    via: Door,
  ): Promise<OperationRecord>
  addedCount(instance: string): Promise<number>
}

/** Apps over catalog, files and cluster; defines `app.deploy` and `app.delete`. */
export function createAppsService(deps: InstallDeps): AppsService {
  deps.operations.define(deployApp(deps))
  deps.operations.define(deleteApp(deps))
  deps.operations.define(updateApp(deps))
  const { instances, catalog, config } = deps

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
    const { busy, leaving } = workOn(deps.operations, `instances/${instance}/apps/${name}`)
    return judge(ready, name, live, { configured: true, busy, leaving })
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
    const { name, title, notes } = manifest
    const version = (await addedApp(instances.paths(instance).app(name), name))?.version ?? manifest.version
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
      instance,
      name,
      title,
      version,
      newVersion: version === manifest.version ? undefined : manifest.version,
      namespace: name,
      notes,
      dependencies,
      pods,
      config: settings,
      settings: settingsOf(manifest, settings),
      url: await urlOf(instance, manifest),
      ...statusOf(instance, manifest, live),
    }
  }

  async function get(instance: string, name: string): Promise<App> {
    await catalog.app(name)
    const all = await added(instance)
    const entry = all.find(({ manifest }) => manifest.name === name)
    if (!entry) throw notThere('app', name, 'added', `wild-cli app add ${name}`)
    return show(instance, entry, await readLive(deps.reads, instances.paths(instance)), all)
  }

  async function write(input: AddInput, via: Door, reason: string): Promise<App> {
    await addApp(deps, input, { via, reason: `${reason} ${input.name}` })
    return get(input.instance, input.name)
  }

  return {
    get,
    catalog: async () =>
      [...(await catalog.apps()).map(describe), ...(await catalog.broken('apps')).map(describeBroken)].sort((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
    catalogApp: async (name) => describe(await catalog.app(name)),
    proposal: (instance, name, given) => proposal(deps, instance, name, given),
    async list(instance) {
      const all = await added(instance)
      const live = await readLive(deps.reads, instances.paths(instance))
      return Promise.all(all.map((entry) => show(instance, entry, live, all)))
    },
    add: (input, via) => write(input, via, 'app add'),
    plannedAdd: (input) => plannedAdd(deps, input),
    async configure(input, via) {
      await get(input.instance, input.name)
      return write(input, via, 'app configure')
    },
    update: (input, via) => deps.operations.start('app.update', input, via),
    deploy: (input, via) => deps.operations.start('app.deploy', input, via),
    delete: (input, via) => deps.operations.start('app.delete', input, via),
    addedCount: async (instance) => (await added(instance)).length,
  }
}
