import { basename } from 'node:path'
import { readInside } from './file.ts'
import { type Json, KustomizeError, type Resource } from './resource.ts'

interface Generator {
  name: string
  namespace?: string
  files?: string[]
  literals?: string[]
  envs?: string[]
  env?: string
  type?: string
  behavior?: string
  options?: GeneratorOptions
}

interface GeneratorOptions {
  labels?: Record<string, string>
  annotations?: Record<string, string>
  disableNameSuffixHash?: boolean
  immutable?: boolean
}

const allowed = new Set('name namespace files literals envs env type behavior options'.split(' '))

function literal(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new KustomizeError(`invalid literal source ${text}, expected key=value`)
  const value = text.slice(at + 1)
  const quoted = /^"(.*)"$/s.exec(value) ?? /^'(.*)'$/s.exec(value)
  return [text.slice(0, at), quoted?.[1] ?? value]
}

function file(root: string, text: string): [string, string] {
  const at = text.indexOf('=')
  const path = text.slice(at + 1)
  return [at < 0 ? basename(path) : text.slice(0, at), readInside(root, path)]
}

function envFile(root: string, path: string): [string, string][] {
  const lines = readInside(root, path)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  return lines
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line, process.env[line] ?? ''] : [line.slice(0, at), line.slice(at + 1)]
    })
}

function pairs(root: string, generator: Generator): Record<string, string> {
  const found = [
    ...[...(generator.envs ?? []), ...(generator.env ? [generator.env] : [])].flatMap((path) => envFile(root, path)),
    ...(generator.literals ?? []).map(literal),
    ...(generator.files ?? []).map((text) => file(root, text)),
  ]
  const seen = new Set<string>()
  for (const [key] of found) {
    if (seen.has(key)) throw new KustomizeError(`cannot add key ${key}, another key by that name already exists`)
    seen.add(key)
  }
  return Object.fromEntries(found)
}

const base64 = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]))

/** The ConfigMap or Secret a generator describes. */
export function generate(
  root: string,
  kind: 'ConfigMap' | 'Secret',
  generator: Generator,
  common: GeneratorOptions = {},
): Resource {
  const strange = Object.keys(generator).find((key) => !allowed.has(key))
  if (strange !== undefined) throw new KustomizeError(`invalid Kustomization: json: unknown field "${strange}"`)
  if (!generator.name) throw new KustomizeError('a configmap or secret generator must have a name')
  const options = generator.options ?? {}
  const values = pairs(root, generator)
  const metadata: Json = { name: generator.name }
  if (generator.namespace) metadata.namespace = generator.namespace
  const labels = { ...common.labels, ...options.labels }
  const annotations = { ...common.annotations, ...options.annotations }
  if (Object.keys(labels).length > 0) metadata.labels = labels
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations
  const object: Json = { apiVersion: 'v1', kind, metadata }
  if (Object.keys(values).length > 0) object.data = kind === 'Secret' ? base64(values) : values
  if (kind === 'Secret') object.type = generator.type ?? 'Opaque'
  if (options.immutable ?? common.immutable) object.immutable = true
  const needsHash = !(options.disableNameSuffixHash ?? common.disableNameSuffixHash ?? false)
  return { object, originalName: generator.name, originalNamespace: generator.namespace, needsHash }
}

/** Adds generated resources to the others: `behavior` create (the default), merge or replace. */
export function addGenerated(resources: Resource[], made: Resource, behavior = 'create'): void {
  const same = resources.find(
    ({ object }) => object.kind === made.object.kind && object.metadata.name === made.object.metadata.name,
  )
  if (behavior === 'create' || behavior === '') {
    if (same !== undefined)
      throw new KustomizeError(
        `may not add resource with an already registered id: ${made.object.kind}.v1.[noGrp]/${made.object.metadata.name}.${made.object.metadata.namespace ?? '[noNs]'}`,
      )
    resources.push(made)
    return
  }
  if (same === undefined)
    throw new KustomizeError(
      `id resid.ResId{Gvk:resid.Gvk{Kind:"${made.object.kind}"}, Name:"${made.object.metadata.name}"} does not exist; cannot merge or replace`,
    )
  same.object.data = behavior === 'merge' ? { ...same.object.data, ...made.object.data } : made.object.data
}
