import { asWildError } from '../../../platform/errors.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { addedApp } from '../../catalog/index.ts'
import { parseManifests, quantity, type Room, requested, workloads } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type AppConfigurer, createConfigurer, type Draft, emptyDraft } from '../configure.ts'
import { needed } from '../deploy/operation.ts'
import { flatten } from '../model.ts'

/** What adding an app would set and need; what is there already is not counted. */
export interface Proposal {
  values: Record<string, unknown>
  alongside: string[]
  /** Secrets only a person knows that nobody gave yet. */
  missingSecrets: string[]
  /** Paths in config.yaml that its files cannot do without, and that have no default. */
  missingSettings: string[]
  /** Secrets that would be made up. */
  madeSecrets: string[]
  cores: number
  memoryBytes: number
  storageBytes: number
}

/** What these objects ask the cluster for, all copies together. */
export function asked(objects: KubeObject[]): Room & { storage: number } {
  const sum = { cpu: 0, memory: 0, storage: 0 }
  for (const { kind, spec } of objects) {
    if (kind === 'PersistentVolumeClaim') sum.storage += quantity(spec?.resources?.requests?.storage)
    if (!workloads.has(kind)) continue
    const copies = Number(spec?.replicas ?? 1)
    const { cpu, memory } = requested(spec?.template?.spec ?? {})
    sum.cpu += cpu * copies
    sum.memory += memory * copies
    for (const claim of spec?.volumeClaimTemplates ?? [])
      sum.storage += quantity(claim.spec?.resources?.requests?.storage) * copies
  }
  return sum
}

/** Stands for a setting nobody gave yet, so that what else is missing is found too. */
const standIn = '1'

/** The files of an app, with the settings they lack filled in by something; those are noted in `missing`. */
async function textsOf(configurer: AppConfigurer, draft: Draft, missing: string[]): Promise<string[]> {
  const settings = [...draft.settings]
  for (;;) {
    try {
      const { files } = await configurer.files({ ...draft, settings })
      return [...files].filter(([path]) => /\.ya?ml$/.test(path)).map(([, text]) => text)
    } catch (error) {
      const { code, details } = asWildError(error)
      const path = details.field
      // Only a setting that is not there has a place in a file and a path; the same one twice would go on for ever.
      const lacks = code === 'INVALID_INPUT' && details.line !== undefined && typeof path === 'string'
      if (!lacks || settings.some((setting) => setting.path === path)) throw error
      settings.push({ path, value: standIn })
      missing.push(path)
    }
  }
}

/** Works out what `add` with these settings would write, and writes nothing. Throws INVALID_INPUT for a default that needs a setting which is not there. */
export async function proposal(
  deps: InstallDeps,
  instance: string,
  name: string,
  given: Record<string, unknown> = {},
): Promise<Proposal> {
  await deps.instances.require(instance)
  await deps.catalog.app(name)
  const { app: folderOf } = deps.instances.paths(instance)
  let draft = emptyDraft
  const texts: string[] = []
  const alongside: string[] = []
  const missingSecrets: string[] = []
  const missingSettings: string[] = []
  for (const entry of await needed(deps, name)) {
    const own = entry.manifest.name === name
    const configurer = createConfigurer(deps, instance, entry)
    draft = await configurer.draft(draft, own ? given : {})
    const { version } = entry.manifest
    const there = await addedApp(folderOf(entry.manifest.name), entry.manifest.name)
    // One that was added with another version stays at it: it lacks nothing that only the new one wants.
    if (!there || there.version === version) missingSecrets.push(...(await configurer.unsupplied()))
    if (!own && there) continue
    if (!own) alongside.push(entry.manifest.name)
    texts.push(...(await textsOf(configurer, draft, missingSettings)))
  }
  const { cpu, memory, storage } = asked(texts.flatMap(parseManifests))
  const saved = (await deps.config.get(instance, `apps.${name}`)) ?? {}
  const values = flatten(saved as Record<string, unknown>)
  const prefix = `apps.${name}.`
  for (const { path, value } of draft.settings) if (path.startsWith(prefix)) values[path.slice(prefix.length)] = value
  return {
    values,
    alongside,
    missingSecrets: [...new Set(missingSecrets)],
    missingSettings: [...new Set(missingSettings)],
    madeSecrets: draft.secrets.map(({ path }) => path),
    ...{ cores: cpu, memoryBytes: memory, storageBytes: storage },
  }
}
