import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocuments, YamlError } from '../yaml/parse.ts'
import { printYaml } from '../yaml/print.ts'
import { buildRoot, readInside, readKustomization } from './file.ts'
import { addGenerated, generate } from './generate.ts'
import { contentHash } from './hash.ts'
import { byOrder } from './order.ts'
import { applyPatch, type PatchEntry } from './patch.ts'
import { fixReferences } from './references.ts'
import { identity, itemsOf, type Json, KustomizeError, type Resource, resourceFrom, resourceId } from './resource.ts'
import { addAnnotations, addLabels, changeImages, rename, setNamespace, setReplicas } from './transform.ts'

type Kustomization = Record<string, Json>

/** Told about things that work but are on their way out. */
type Warn = (text: string) => void

function addAll(resources: Resource[], more: Resource[]): void {
  const known = new Set(resources.map(({ object }) => identity(object)))
  for (const one of more) {
    if (known.has(identity(one.object)))
      throw new KustomizeError(`may not add resource with an already registered id: ${resourceId(one.object)}`)
    known.add(identity(one.object))
    resources.push(one)
  }
}

async function readResources(root: string, file: string): Promise<Resource[]> {
  const text = readInside(root, file)
  try {
    return (await parseDocuments(text)).flatMap(itemsOf).map((object) => resourceFrom(object, file))
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new KustomizeError(`MalformedYAMLError: ${error.message} in File: ${file}`)
  }
}

async function accumulateFile(root: string, file: string, resources: Resource[]): Promise<void> {
  const path = resolve(root, file)
  const stage = { text: `accumulating resources from '${file}'` }
  try {
    const found = await readResources(root, file)
    stage.text = `merging resources from '${file}'`
    addAll(resources, found)
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error
    const why = existsSync(path)
      ? `must build at directory: '${realpathSync(path)}': file is not directory`
      : `must build at directory: not a valid directory: evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`
    throw new KustomizeError(`accumulating resources: accumulation err='${stage.text}: ${error.message}': ${why}`)
  }
}

async function accumulateDirectory(
  root: string,
  directory: string,
  resources: Resource[],
  above: string[],
  warn: Warn,
): Promise<void> {
  const path = realpathSync(resolve(root, directory))
  if (above.includes(path))
    throw new KustomizeError(
      `accumulating resources: accumulation err='accumulating resources from '${directory}': read ${path}: is a directory': cycle detected: candidate root '${path}' contains visited root '${path}'`,
    )
  try {
    addAll(resources, await accumulate(path, [...above, path], warn))
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error
    throw new KustomizeError(
      `accumulating resources: accumulation err='accumulating resources from '${directory}': read ${path}: is a directory': recursed accumulation of path '${path}': ${error.message}`,
    )
  }
}

async function accumulateEntry(
  root: string,
  entry: Json,
  resources: Resource[],
  above: string[],
  warn: Warn,
): Promise<void> {
  if (typeof entry !== 'string')
    throw new KustomizeError(
      'invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.resources of type string',
    )
  if (/^[a-z]+:\/\//.test(entry))
    throw new KustomizeError(
      `accumulating resources: accumulation err='accumulating resources from '${entry}': downloads are not part of a build': remote resources are not allowed`,
    )
  const path = resolve(root, entry)
  if (existsSync(path) && statSync(path).isDirectory()) await accumulateDirectory(root, entry, resources, above, warn)
  else await accumulateFile(root, entry, resources)
}

/** `patchesStrategicMerge:` entries are file names or patches in line. */
const oldStyle = (entry: string): PatchEntry => (/[\n:]/.test(entry) ? { patch: entry } : { path: entry })

async function applyPatches(root: string, kustomization: Kustomization, given: Resource[]): Promise<Resource[]> {
  let resources = given
  const entries = [
    ...(kustomization.patchesStrategicMerge ?? []).map(oldStyle),
    ...(kustomization.patches ?? []),
    ...(kustomization.patchesJson6902 ?? []),
  ]
  for (const entry of entries as PatchEntry[]) resources = await applyPatch(root, resources, entry)
  return resources
}

function transform(kustomization: Kustomization, resources: Resource[]): void {
  const { namespace, namePrefix = '', nameSuffix = '', commonAnnotations, commonLabels } = kustomization
  if (namespace) setNamespace(resources, namespace)
  if (namePrefix || nameSuffix) rename(resources, namePrefix, nameSuffix)
  for (const { pairs = {}, includeSelectors = false, includeTemplates = false } of kustomization.labels ?? [])
    addLabels(resources, pairs, includeSelectors, includeTemplates)
  if (commonLabels) addLabels(resources, commonLabels, true, true)
  if (commonAnnotations) addAnnotations(resources, commonAnnotations)
  for (const replica of kustomization.replicas ?? []) setReplicas(resources, replica)
  if (kustomization.images) changeImages(resources, kustomization.images)
}

async function accumulate(root: string, above: string[], warn: Warn): Promise<Resource[]> {
  const kustomization = await readKustomization(root)
  if (kustomization.commonLabels)
    warn(
      "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    )
  if (kustomization.patchesStrategicMerge)
    warn(
      "# Warning: 'patchesStrategicMerge' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    )
  const resources: Resource[] = []
  for (const entry of [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])])
    await accumulateEntry(root, entry, resources, above, warn)
  for (const generator of kustomization.configMapGenerator ?? [])
    addGenerated(resources, generate(root, 'ConfigMap', generator, kustomization.generatorOptions), generator.behavior)
  for (const generator of kustomization.secretGenerator ?? [])
    addGenerated(resources, generate(root, 'Secret', generator, kustomization.generatorOptions), generator.behavior)
  const patched = await applyPatches(root, kustomization, resources)
  transform(kustomization, patched)
  return patched
}

/**
 * Builds a kustomization folder: the objects in kustomize's order.
 * @param warn gets deprecation warnings
 * Throws KustomizeError with kustomize's message.
 */
export async function buildObjects(directory: string, warn: Warn = () => {}): Promise<Json[]> {
  const root = buildRoot(directory)
  const resources = await accumulate(root, [root], warn)
  for (const { object, needsHash } of resources)
    if (needsHash) object.metadata.name = `${object.metadata.name}-${contentHash(object)}`
  fixReferences(resources)
  return resources.map(({ object }) => object).sort(byOrder)
}

/** What `kustomize build` prints. */
export async function build(directory: string, warn: Warn = () => {}): Promise<string> {
  return (await buildObjects(directory, warn)).map(printYaml).join('---\n')
}
