import type { Clock } from '../../platform/clock.ts'
import { asWildError } from '../../platform/errors.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import type { Catalog, ServiceManifest } from '../catalog/index.ts'
import { checkReady, keyOf, lookup, podsOf, probeOf, readLive } from '../objects/index.ts'
import { runCheck } from './checks/index.ts'
import { createLook, type HealthDeps, type Look } from './look.ts'
import { partsOf, type ServiceCheck, type ServiceHealth, verdictOf } from './model.ts'

/** How well the services are, looked at when somebody asks. */
export interface ServiceHealthService {
  /** Those that are installed, and core ones that are not. */
  all(instance: string): Promise<ServiceHealth[]>
  /** Throws NOT_FOUND. */
  of(instance: string, service: string): Promise<ServiceHealth>
}

export interface ServiceHealthDeps extends HealthDeps {
  catalog: Catalog
  reads: RunTool
  clock: Clock
}

/** Health of services over catalog and cluster. */
export function createServiceHealth(deps: ServiceHealthDeps): ServiceHealthService {
  async function health(instance: string, manifest: ServiceManifest): Promise<ServiceHealth> {
    const { name: service, title, core } = manifest
    const live = await readLive(deps.reads, deps.instances.paths(instance))
    const about = { service, title, core }
    if (live.cluster !== 'answers') {
      const message = live.cluster === 'absent' ? 'The cluster is not bootstrapped yet.' : (live.why ?? '')
      const remedy = live.cluster === 'absent' ? 'wild-cli cluster bootstrap' : 'wild-cli cluster health'
      return { ...about, status: 'unknown', checks: [{ name: 'Cluster', status: 'failing', message, remedy }] }
    }
    const look = createLook(deps, instance, manifest, deps.reads)
    const trouble = podsOf(partsOf(manifest), manifest.namespace, live).flatMap((pod) => pod.trouble ?? [])
    const checks = await checksOf(look, deps.clock.now(), trouble)
    return { ...about, status: verdictOf(checks), checks }
  }

  async function isInstalled(instance: string, manifest: ServiceManifest): Promise<boolean> {
    const look = createLook(deps, instance, manifest, deps.reads)
    if (manifest.apply.length === 0) return settingsAreThere(look)
    const marks = partsOf(manifest).filter(({ kind }) => kind === 'ConfigMap')
    const probes = (marks.length ? marks : partsOf(manifest)).map((check) => probeOf(check, manifest.namespace))
    return (await look.kubectl.getLive(probes, { repeated: true }).catch(() => [])).length > 0
  }

  return {
    async all(instance) {
      await deps.instances.require(instance)
      const manifests = (await deps.catalog.services()).map(({ manifest }) => manifest)
      const found: ServiceHealth[] = []
      // One after the other: a small board should not start a dozen programs at once.
      for (const manifest of manifests)
        if (manifest.core || (await isInstalled(instance, manifest))) found.push(await health(instance, manifest))
      return found
    },
    async of(instance, service) {
      await deps.instances.require(instance)
      return health(instance, (await deps.catalog.service(service)).manifest)
    },
  }
}

async function settingsAreThere({ manifest, setting }: Look): Promise<boolean> {
  const needed = Object.entries(manifest.config).filter(([, field]) => field.default === undefined)
  const values = await Promise.all(needed.map(([path]) => setting(path)))
  return values.every((value) => value !== '')
}

/** Every check of one service: what is waited for as one, then those its manifest lists. */
export async function checksOf(look: Look, now: number, podTrouble: string[] = []): Promise<ServiceCheck[]> {
  const parts = look.manifest.apply.length > 0 ? [await partsCheck(look, podTrouble)] : []
  const declared: ServiceCheck[] = []
  for (const check of look.manifest.health) declared.push(await runCheck(look, check, now))
  return [...parts, ...declared]
}

async function partsCheck({ manifest, kubectl, parts }: Look, podTrouble: string[]): Promise<ServiceCheck> {
  const name = 'Parts'
  const remedy = `wild-cli service install ${manifest.name}`
  const checks = await parts()
  try {
    const probes = checks.map((check) => probeOf(check, manifest.namespace))
    const find = lookup(await kubectl.getLive(probes, { repeated: true }))
    // A Job that is gone was tidied away after it was done.
    const looked = checks.map((check, at) => ({ check, what: keyOf(probes[at]!), live: find(probes[at]!) }))
    const counted = looked.filter(({ check, live }) => live !== undefined || check.kind !== 'Job')
    const wrong = counted
      .map(({ check, what, live }) => ({ what, verdict: checkReady(check, live) }))
      .filter(({ verdict }) => !verdict.ready)
    if (wrong.length === 0)
      return { name, status: 'passing', message: `All ${counted.length} parts are there and ready.`, remedy: '' }
    const said = [...new Set(podTrouble)].slice(0, 2)
    const words = said.length ? said : wrong.slice(0, 3).map(({ what, verdict }) => `${what}: ${verdict.reason}.`)
    return { name, status: 'failing', message: words.join(' '), remedy }
  } catch (error) {
    return { name, status: 'failing', message: asWildError(error).message, remedy }
  }
}
