import { exists } from '../../../platform/atomic-file.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { parseManifests, quantity, type Room, requested, workloads } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { createConfigurer, emptyDraft } from '../configure.ts'
import { needed } from '../deploy/operation.ts'
import { flatten } from '../model.ts'

/** What adding an app would set and need; what is there already is not counted. */
export interface Proposal {
  values: Record<string, unknown>
  alongside: string[]
  missingSecrets: string[]
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

/** Works out what `add` would write, and writes nothing. Throws INVALID_INPUT naming a setting that is missing. */
export async function proposal(deps: InstallDeps, instance: string, name: string): Promise<Proposal> {
  await deps.instances.require(instance)
  await deps.catalog.app(name)
  const { app: folderOf } = deps.instances.paths(instance)
  let draft = emptyDraft
  const texts: string[] = []
  const alongside: string[] = []
  const missingSecrets: string[] = []
  for (const entry of await needed(deps, name)) {
    const own = entry.manifest.name === name
    const configurer = createConfigurer(deps, instance, entry)
    draft = await configurer.draft(draft)
    missingSecrets.push(...(await configurer.unsupplied()))
    if (!own && (await exists(`${folderOf(entry.manifest.name)}/manifest.yaml`))) continue
    if (!own) alongside.push(entry.manifest.name)
    const { files } = await configurer.files(draft)
    for (const [path, text] of files) if (/\.ya?ml$/.test(path)) texts.push(text)
  }
  const { cpu, memory, storage } = asked(texts.flatMap(parseManifests))
  const saved = (await deps.config.get(instance, `apps.${name}`)) ?? {}
  const values = flatten(saved as Record<string, unknown>)
  const prefix = `apps.${name}.`
  for (const { path, value } of draft.settings) if (path.startsWith(prefix)) values[path.slice(prefix.length)] = value
  return { values, alongside, missingSecrets, cores: cpu, memoryBytes: memory, storageBytes: storage }
}
