import { clusterSecretsOf } from '../../../server/src/domains/catalog/model.ts'
import { type AppEntry, type Entry, manifestFile } from '../entries.ts'
import { type Json, nameOf } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import { templateReferences } from '../template-references.ts'
import { appsOf, objectsOf, servicesOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

interface SecretRef {
  name: string
  key: string
  optional: boolean
  file: string
  /** `Kind namespace/name` of the object. */
  object: string
  /** Where it stands in the object. */
  place: string
}

/** Every reference to one key of a Secret: `secretKeyRef`, `apiTokenSecretRef` and their like. */
function refsIn(value: Json, from: Pick<SecretRef, 'file' | 'object'>, place = ''): SecretRef[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value as Record<string, Json>).flatMap(([field, inner]) => {
    const here = Array.isArray(value) ? `${place}[${field}]` : place === '' ? field : `${place}.${field}`
    const isRef =
      /secretKeyRef$|SecretRef$/.test(field) && typeof inner?.name === 'string' && typeof inner.key === 'string'
    if (isRef) return [{ name: inner.name, key: inner.key, optional: inner.optional === true, ...from, place: here }]
    return refsIn(inner, from, here)
  })
}

/** References of an entry's own objects, in every scenario. */
function refsOf(world: World, entry: Entry): SecretRef[] {
  const objects = scenarios.flatMap((scenario) => objectsOf(world, entry, scenario))
  return objects
    .filter(({ upstream }) => !upstream)
    .flatMap(({ object, file }) => refsIn(object, { file, object: nameOf(object) }))
}

interface Declared {
  name: string
  key: string
  optional: boolean
}

function declaredBy(entry: Entry): Declared[] {
  if (entry.kind === 'service')
    return clusterSecretsOf(entry.manifest).flatMap(({ name, keys, optional }) =>
      Object.keys(keys).map((key) => ({ name, key, optional })),
    )
  const name = `${entry.manifest.name}-secrets`
  return entry.manifest.secrets.map((secret) => ({
    name,
    key: secret.path,
    optional: secret.kind === 'supplied' && secret.optional,
  }))
}

function misread(world: World, entry: Entry): Finding[] {
  const declared = declaredBy(entry)
  return refsOf(world, entry).flatMap(({ name, key, optional, file, object, place }) => {
    const found = declared.find((one) => one.name === name && one.key === key)
    if (found === undefined) {
      const known = declared.map((one) => `${one.name}/${one.key}`).join(', ') || 'none'
      return [
        {
          file,
          object,
          key: place,
          message: `reads ${name}/${key}, which the manifest does not declare: add it to secrets, or read one of ${known}`,
        },
      ]
    }
    const mayLack = entry.kind === 'app' && found.optional && !optional
    return mayLack
      ? [{ file, object, key: place, message: `reads ${key}, which may be absent: set optional: true` }]
      : []
  })
}

function unread(world: World, entry: Entry): Finding[] {
  const read = new Set(refsOf(world, entry).map(({ name, key }) => `${name}/${key}`))
  const derived = entry.kind === 'app' ? derivedFrom(entry) : new Set<string>()
  return declaredBy(entry)
    .filter(({ name, key }) => !read.has(`${name}/${key}`) && !derived.has(key))
    .map(({ name, key }) => ({
      file: manifestFile(entry.source),
      key: 'secrets',
      message: `has ${key} of ${name}, which nothing reads: read it or remove it`,
    }))
}

/** Paths that the templates of derived secrets read. */
function derivedFrom({ manifest }: AppEntry): Set<string> {
  const templates = manifest.secrets.flatMap((secret) => (secret.kind === 'derived' ? [secret.template] : []))
  const paths = templates.flatMap((text) => templateReferences(text).references.map(({ path }) => path))
  return new Set(paths.flatMap((path) => (path.startsWith('secrets.') ? [path.slice('secrets.'.length)] : [])))
}

const looksLikeUrl = /(url|dsn)$/i

function strangeSecrets(world: World, entry: AppEntry): Finding[] {
  const file = manifestFile(entry.source)
  const { name, secrets, dependsOn } = entry.manifest
  const known = new Set(secrets.map(({ path }) => path))
  const generatedBy = (app: string) =>
    appsOf(world)
      .find(({ manifest }) => manifest.name === app)
      ?.manifest.secrets.map(({ path }) => path) ?? []
  return secrets.flatMap((secret) => {
    const owner = /^apps\.([^.]+)\./.exec(secret.path)?.[1]
    const finding = (message: string) => [{ file, key: `secrets.${secret.path}`, message }]
    if (owner !== undefined && owner !== name && !dependsOn.includes(owner))
      return finding(`belongs to ${owner}: add that to dependsOn`)
    if (owner !== undefined && owner !== name && !generatedBy(owner).includes(secret.path))
      return finding(`is not a secret of ${owner}: correct the path`)
    if (secret.kind === 'generated' && looksLikeUrl.test(secret.path))
      return finding('is an address: a random text cannot be one, derive it')
    if (secret.kind === 'generated' && owner === undefined)
      return finding('is no secret of an app: it must be supplied')
    if (secret.kind !== 'derived') return []
    return [...derivedFrom({ ...entry, manifest: { ...entry.manifest, secrets: [secret] } })]
      .filter((path) => !known.has(path))
      .flatMap((path) => finding(`reads .secrets.${path}, which is not there: add it to secrets`))
  })
}

export const secretRules: Rule[] = [
  {
    name: 'secret-reads-are-declared',
    about: 'An app reads its own `<app>-secrets` by full dotted path, a service a Secret that its manifest declares.',
    check: (world) => world.entries.flatMap((entry) => misread(world, entry)),
  },
  {
    name: 'secrets-are-read',
    about: 'Every declared secret is read somewhere.',
    check: (world) => world.entries.flatMap((entry) => unread(world, entry)),
  },
  {
    name: 'secrets-make-sense',
    about: 'Addresses are derived, the secrets of others come from a dependency, what only a person knows is supplied.',
    check: (world) => appsOf(world).flatMap((entry) => strangeSecrets(world, entry)),
  },
  {
    name: 'secret-switches-declared',
    about: 'whenSecret and unlessSecret name a supplied secret of the manifest, and come in pairs.',
    check: (world) =>
      servicesOf(world).flatMap(({ source, manifest }) => {
        const supplied = clusterSecretsOf(manifest).flatMap(({ keys }) => Object.values(keys))
        const withSecret = manifest.apply.flatMap(({ whenSecret }) => whenSecret ?? [])
        const without = manifest.apply.flatMap(({ unlessSecret }) => unlessSecret ?? [])
        return [...new Set([...withSecret, ...without])].flatMap((path) => {
          const finding = (message: string) => [{ file: manifestFile(source), key: 'apply', message }]
          if (!supplied.includes(path))
            return finding(`asks for the secret ${path}, which is not there: add it to secrets as supplied`)
          const paired = withSecret.includes(path) === without.includes(path)
          return paired
            ? []
            : finding(`says what happens with ${path} or without it, but not both: add a step for the other case`)
        })
      }),
  },
]
