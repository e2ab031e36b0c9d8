import { exists } from '../../../platform/atomic-file.ts'
import { type Entry, inOrder, type ServiceManifest, withDependencies } from '../../catalog/index.ts'
import type { InstallDeps } from '../deps.ts'
import { commandsFor, incomplete, type Missing, missingInputs } from './inputs.ts'

/** A service that installing all leaves out, and what to do to have it. */
export interface LeftOut {
  name: string
  title: string
  reason: string
}

/** What a service and all it needs lack; what one of them has a default for is not missing. */
export async function missingWithDependencies(
  deps: Pick<InstallDeps, 'config' | 'secrets'>,
  instance: string,
  manifests: ServiceManifest[],
  name: string,
): Promise<Missing> {
  return missingOf(deps, instance, withDependencies(manifests, name))
}

async function missingOf(
  deps: Pick<InstallDeps, 'config' | 'secrets'>,
  instance: string,
  sorted: ServiceManifest[],
): Promise<Missing> {
  const found = await Promise.all(
    sorted.map((manifest, at) => missingInputs(deps, instance, manifest, sorted.slice(0, at))),
  )
  return {
    settings: [...new Set(found.flatMap(({ settings }) => settings))],
    secrets: [...new Set(found.flatMap(({ secrets }) => secrets))],
  }
}

/** Refuses, before anything is changed, to install a service when it or one it needs lacks something. */
export async function requireInputs(
  deps: Pick<InstallDeps, 'config' | 'secrets'>,
  instance: string,
  sorted: ServiceManifest[],
): Promise<void> {
  const missing = await missingOf(deps, instance, sorted)
  if (missing.settings.length + missing.secrets.length === 0) return
  throw incomplete(sorted.length === 1 ? sorted[0]!.title : 'The installation', missing)
}

/**
 * What installing all services installs, dependencies first: every core service; optional ones that lack nothing; those
 * on request that were asked for before. The rest is left out, each with its reason.
 */
export async function chooseServices(
  deps: Pick<InstallDeps, 'config' | 'secrets' | 'instances'>,
  instance: string,
  entries: Entry<ServiceManifest>[],
): Promise<{ chosen: ServiceManifest[]; leftOut: LeftOut[] }> {
  const manifests = entries.map(({ manifest }) => manifest)
  const chosen: ServiceManifest[] = []
  const leftOut: LeftOut[] = []
  for (const manifest of inOrder(manifests)) {
    const reason = manifest.core ? undefined : await whyLeftOut(manifest)
    if (reason === undefined) chosen.push(manifest)
    else leftOut.push({ name: manifest.name, title: manifest.title, reason })
  }
  return { chosen, leftOut }

  async function whyLeftOut({ name, onRequest, dependsOn }: ServiceManifest): Promise<string | undefined> {
    const folder = `${deps.instances.paths(instance).service(name)}/kustomize`
    if (onRequest && !(await exists(folder)))
      return `it is installed on request only (wild-cli service install ${name})`
    const without = leftOut.find((other) => dependsOn.includes(other.name))
    if (without) return `it needs ${without.title}, which is left out`
    const missing = await missingWithDependencies(deps, instance, manifests, name)
    const all = [...missing.settings, ...missing.secrets]
    return all.length ? `it needs ${all.join(', ')} (${commandsFor(missing).join('; ')})` : undefined
  }
}
