import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseDocuments } from '../yaml/parse.ts'
import { type Json, KustomizeError } from './resource.ts'

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

type Check = 'string' | 'list' | 'map' | 'any'

/** The fields of a kustomization. Those under `later` exist in kustomize, but builds here do without them. */
const fields: Record<string, Check> = {
  apiVersion: 'string',
  kind: 'string',
  metadata: 'map',
  resources: 'list',
  bases: 'list',
  namespace: 'string',
  namePrefix: 'string',
  nameSuffix: 'string',
  labels: 'list',
  commonLabels: 'map',
  commonAnnotations: 'map',
  configMapGenerator: 'list',
  secretGenerator: 'list',
  generatorOptions: 'map',
  patches: 'list',
  patchesStrategicMerge: 'list',
  patchesJson6902: 'list',
  images: 'list',
  replicas: 'list',
}
const later = new Set(
  'buildMetadata components configurations crds generators helmCharts helmChartInflationGenerator helmGlobals openapi replacements sortOptions transformers validators vars'.split(
    ' ',
  ),
)

const fits = (value: unknown, check: Check): boolean => {
  if (value === null || check === 'any') return true
  if (check === 'list') return Array.isArray(value)
  if (check === 'map') return typeof value === 'object' && !Array.isArray(value)
  return typeof value === check
}

const goType = (value: unknown): string =>
  Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value
const goWant: Record<Check, string> = { string: 'string', list: '[]string', map: 'map[string]string', any: '' }

/** The folder to build, as an absolute path without symbolic links. Throws for what is no folder. */
export function buildRoot(directory: string): string {
  const path = resolve(directory)
  if (!existsSync(path))
    throw new KustomizeError(
      `must build at directory: not a valid directory: evalsymlink failure on '${directory}' : lstat ${path}: no such file or directory`,
    )
  const real = realpathSync(path)
  if (!statSync(real).isDirectory())
    throw new KustomizeError(`must build at directory: '${real}': file is not directory`)
  return real
}

/** Reads and checks a folder's kustomization. Throws KustomizeError in kustomize's words. */
export async function readKustomization(root: string): Promise<Record<string, Json>> {
  const found = names.filter((name) => existsSync(join(root, name)))
  if (found.length === 0)
    throw new KustomizeError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`,
    )
  if (found.length > 1) throw new KustomizeError(`Found multiple kustomization files under: ${root}`)
  const documents = await parseDocuments(readFileSync(join(root, found[0]!), 'utf8'))
  if (documents.length === 0) throw new KustomizeError('kustomization.yaml is empty')
  const content = documents[0] as Record<string, Json>
  for (const [name, value] of Object.entries(content)) {
    const check = fields[name]
    if (check === undefined && !later.has(name))
      throw new KustomizeError(`invalid Kustomization: json: unknown field "${name}"`)
    if (check === undefined) throw new KustomizeError(`kustomization field "${name}" is not part of the lab`)
    if (!fits(value, check))
      throw new KustomizeError(
        `invalid Kustomization: json: cannot unmarshal ${goType(value)} into Go struct field Kustomization.${name} of type ${goWant[check]}`,
      )
  }
  checkNames(content, 'labels', 'Label.labels', ['pairs', 'includeSelectors', 'includeTemplates', 'fields'])
  checkNames(content, 'images', 'Image.images', ['name', 'newName', 'tagSuffix', 'newTag', 'digest'])
  checkNames(content, 'replicas', 'Replica.replicas', ['name', 'count'])
  checkNames(content, 'patches', 'Patch.patches', ['path', 'patch', 'target', 'options'])
  return content
}

function checkNames(content: Record<string, Json>, list: string, where: string, allowed: string[]): void {
  for (const one of (content[list] ?? []) as Json[]) {
    const strange = Object.keys(one ?? {}).find((name) => !allowed.includes(name))
    if (strange !== undefined) throw new KustomizeError(`invalid Kustomization: json: unknown field "${strange}"`)
    for (const [key, value] of Object.entries(one?.pairs ?? {})) {
      if (typeof value !== 'string')
        throw new KustomizeError(
          `invalid Kustomization: json: cannot unmarshal ${goType(value)} into Go struct field ${where}.pairs.${key} of type string`,
        )
    }
  }
}

/** The text of a file a kustomization names. Throws for files that are missing or outside its folder. */
export function readInside(root: string, file: string): string {
  const path = resolve(root, file)
  if (!existsSync(path))
    throw new KustomizeError(`evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`)
  const real = realpathSync(path)
  if (relative(root, real).startsWith('..'))
    throw new KustomizeError(`security; file '${real}' is not in or below '${root}'`)
  return readFileSync(real, 'utf8')
}
