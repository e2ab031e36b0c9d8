import type { OperationRecord } from '../../operations/engine.ts'
import { exists } from '../../platform/atomic-file.ts'
import type { Door } from '../../platform/door.ts'
import { addedService, type BrokenEntry, type Entry, type ServiceManifest, withDependencies } from '../catalog/index.ts'
import { judge, type Live, podsOf, readLive, workOn } from '../objects/index.ts'
import { copyCertificates } from './certificates/operation.ts'
import { deleteService } from './delete/operation.ts'
import type { InstallDeps } from './deps.ts'
import { missingInputs } from './install/inputs.ts'
import { installAllServices, installService } from './install/operation.ts'
import type { Service, UpdateInput } from './model.ts'
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
  ): Promise<Service> {
    const { name, title, description, namespace, core, onRequest, dependsOn, apply } = manifest
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
      name,
      title,
      description,
      version,
      newVersion: version === manifest.version ? undefined : manifest.version,
      namespace,
      core,
      onRequest,
      dependencies: dependsOn,
      pods,
      missingSettings: missing.settings,
      missingSecrets: missing.secrets,
      ...judge(checks, namespace, live, { configured, busy, leaving }),
    }
  }

  async function list(instance: string): Promise<Service[]> {
    await deps.instances.require(instance)
    const live = await readLive(deps.reads, deps.instances.paths(instance))
    const all = await deps.catalog.services()
    const good = await Promise.all(all.map((entry) => describe(instance, entry, all, live)))
    const broken = (await deps.catalog.broken('services')).map(describeBroken)
    return [...good, ...broken].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  return {
    list,
    async get(instance, name) {
      await deps.instances.require(instance)
      const entry = await deps.catalog.service(name)
      const all = await deps.catalog.services()
      return describe(instance, entry, all, await readLive(deps.reads, deps.instances.paths(instance)))
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

/** An entry that cannot be used, with its problem. */
function describeBroken({ name, problem }: BrokenEntry): Service {
  return {
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
    status: 'not_installed',
    trouble: problem.message,
  }
}
