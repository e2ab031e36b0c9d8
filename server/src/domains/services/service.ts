import type { OperationRecord } from '../../operations/engine.ts'
import { exists } from '../../platform/atomic-file.ts'
import type { Door } from '../../platform/door.ts'
import {
  addedService,
  type BrokenEntry,
  type Entry,
  type ServiceManifest,
  type Setting,
  type SettingChange,
  withDependencies,
} from '../catalog/index.ts'
import { judge, type Live, podsOf, readLive, workOn } from '../objects/index.ts'
import { copyCertificates } from './certificates/operation.ts'
import { deleteService } from './delete/operation.ts'
import type { InstallDeps } from './deps.ts'
import { missingInputs } from './install/inputs.ts'
import { installAllServices, installService } from './install/operation.ts'
import { givenSettings } from './install/settings.ts'
import { shownSecrets, shownSettings } from './install/shown.ts'
import type { ConfigureInput, Related, Service, ServiceSecret, UpdateInput } from './model.ts'
import { updateService } from './update/operation.ts'

/** The verbs of core services. */
export interface ServicesService {
  list(instance: string): Promise<Service[]>
  /** Throws NOT_FOUND. */
  get(instance: string, name: string): Promise<Service>
  install(
    input: { instance: string; name: string; fetch?: boolean; deploy?: boolean },
    via: Door,
  ): Promise<OperationRecord>
  installAll(input: { instance: string; fetch?: boolean; deploy?: boolean }, via: Door): Promise<OperationRecord>
  /** The settings it asks for, with what they are. */
  settings(instance: string, name: string): Promise<Setting[]>
  /** Its secrets, without values. */
  secrets(instance: string, name: string): Promise<ServiceSecret[]>
  /** Writes settings, checked against the manifest; starts nothing. Throws NOT_FOUND, INVALID_INPUT naming the setting. */
  configure(input: ConfigureInput, via: Door): Promise<Service>
  /** The difference that `configure` would make to config.yaml; empty when none. Throws what it would. */
  planConfigure(input: ConfigureInput): Promise<string>
  /** Other settings, or the version of the catalog. */
  update(input: Partial<UpdateInput> & { instance: string; service: string }, via: Door): Promise<OperationRecord>
  /** Refused while something needs it, unless `force`. */
  delete(input: { instance: string; service: string; force?: boolean }, via: Door): Promise<OperationRecord>
  /** The wildcard certificates, next to everything that uses them. */
  copyCertificates(input: { instance: string }, via: Door): Promise<OperationRecord>
  installedCount(instance: string): Promise<number>
}

/** Services over catalog, files and cluster; defines their operations. */
export function createServicesService(deps: InstallDeps): ServicesService {
  deps.operations.define(installService(deps))
  deps.operations.define(installAllServices(deps))
  deps.operations.define(copyCertificates(deps))
  deps.operations.define(deleteService(deps))
  deps.operations.define(updateService(deps))

  async function describe(
    instance: string,
    { manifest }: Entry<ServiceManifest>,
    all: Entry<ServiceManifest>[],
    live: Live,
  ): Promise<Omit<Service, 'needs' | 'neededBy'>> {
    const { name, title, description, about, namespace, core, onRequest, dependsOn, apply, token } = manifest
    const checks = apply.flatMap(({ ready }) => ready)
    const pods = podsOf(checks, namespace, live)
    const installed = await addedService(deps.instances.paths(instance).service(name), name)
    const version = installed?.version ?? manifest.version
    const before = neededBy(all, name)
    const { busy, leaving } = workOn(deps.operations, `instances/${instance}/services/${name}`)
    // Files that cannot be read are told where they are shown; how a service does is known without them.
    const missing = await missingInputs(deps, instance, manifest, before).catch(() => ({ settings: [], secrets: [] }))
    // A service of settings only is there once they are.
    const configured = apply.length
      ? await exists(`${deps.instances.paths(instance).service(name)}/kustomize`)
      : missing.settings.length === 0
    return {
      instance,
      name,
      title,
      description,
      about,
      version,
      newVersion: version === manifest.version ? undefined : manifest.version,
      namespace,
      core,
      onRequest,
      dependencies: dependsOn,
      pods,
      missingSettings: missing.settings,
      missingSecrets: missing.secrets,
      settingsOnly: apply.length === 0,
      takesToken: token !== undefined,
      ...judge(checks, namespace, live, { configured, busy, leaving }),
    }
  }

  async function list(instance: string): Promise<Service[]> {
    await deps.instances.require(instance)
    const live = await readLive(deps.reads, deps.instances.paths(instance))
    const all = await deps.catalog.services()
    const good = await Promise.all(all.map((entry) => describe(instance, entry, all, live)))
    const broken = (await deps.catalog.broken('services')).map((entry) => describeBroken(instance, entry))
    return related([...good, ...broken]).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async function get(instance: string, asked: string): Promise<Service> {
    const { manifest } = await deps.catalog.service(asked)
    return (await list(instance)).find(({ name }) => name === manifest.name)!
  }

  async function configuration(
    instance: string,
    service: string,
    config: Record<string, unknown>,
  ): Promise<{ name: string; changes: SettingChange[] }> {
    await deps.instances.require(instance)
    const { manifest } = await deps.catalog.service(service)
    return { name: manifest.name, changes: givenSettings(manifest, config) }
  }

  return {
    list,
    get,
    settings: async (instance, name) => shownSettings(deps, instance, await deps.catalog.service(name)),
    secrets: async (instance, name) => shownSecrets(deps, instance, (await deps.catalog.service(name)).manifest),
    async configure({ instance, service, config }, via) {
      const { changes, name } = await configuration(instance, service, config)
      if (changes.length) await deps.config.set(instance, changes, { via, reason: `service configure ${name}` })
      return get(instance, name)
    },
    async planConfigure({ instance, service, config }) {
      const { changes } = await configuration(instance, service, config)
      return changes.length ? deps.config.preview(instance, { changes }) : ''
    },
    install: (input, via) => deps.operations.start('service.install', input, via),
    copyCertificates: (input, via) => deps.operations.start('service.copy-certificates', input, via),
    installAll: (input, via) => deps.operations.start('service.install-all', input, via),
    update: (input, via) => deps.operations.start('service.update', input, via),
    delete: (input, via) => deps.operations.start('service.delete', input, via),
    installedCount: async (instance) =>
      (await list(instance)).filter(({ status }) => !['not_installed', 'configured'].includes(status)).length,
  }
}

/** Manifests of what a service needs; none when they make no sense, which the catalog check reports. */
function neededBy(all: Entry<ServiceManifest>[], name: string): ServiceManifest[] {
  try {
    const manifests = all.map(({ manifest }) => manifest)
    return withDependencies(manifests, name).slice(0, -1)
  } catch {
    return []
  }
}

/** Each with those it needs and those that need it. */
function related(services: Omit<Service, 'needs' | 'neededBy'>[]): Service[] {
  const shown = ({ name, title, status }: Related): Related => ({ name, title, status })
  return services.map((service) => ({
    ...service,
    needs: services.filter(({ name }) => service.dependencies.includes(name)).map(shown),
    neededBy: services.filter(({ dependencies }) => dependencies.includes(service.name)).map(shown),
  }))
}

/** An entry that cannot be used, with its problem. */
function describeBroken(instance: string, { name, problem }: BrokenEntry): Omit<Service, 'needs' | 'neededBy'> {
  return {
    instance,
    name,
    title: name,
    description: problem.message,
    version: '',
    namespace: '',
    core: false,
    onRequest: false,
    dependencies: [],
    pods: [],
    missingSettings: [],
    missingSecrets: [],
    settingsOnly: false,
    takesToken: false,
    status: 'not_installed',
    trouble: problem.message,
  }
}
