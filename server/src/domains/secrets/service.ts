import type { Audit } from '../../platform/audit.ts'
import type { Door } from '../../platform/door.ts'
import { invalid, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import type { Masker } from '../../platform/masking.ts'
import { configPath, parse } from '../../platform/names.ts'
import { formatYamlPath, parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import {
  charsetName,
  type KnownSecret,
  type ListedSecret,
  leafPaths,
  leaves,
  maskLeaves,
  randomSecret,
  revealReason,
  type SecretList,
  secretLength,
} from './model.ts'
import type { SecretsStore } from './store.ts'

export interface SetSecret {
  path: string
  value?: string | null
  generate?: boolean | null
}

export interface GenerateSecret {
  path: string
  /** Characters; 32 unless told. */
  length?: number | null
  /** What of; letters and digits unless told. */
  charset?: string | null
  overwrite?: boolean | null
}

/** The verbs of secrets.yaml. Values leave only through `value`, `tree`, the one answer of `generate`, and `reveal`. */
export interface SecretsService {
  /** The tree (or what is at a path) with every leaf as `***`. Throws NOT_FOUND for an absent path. */
  masked(instance: string, path?: string): Promise<unknown>
  /** The real value, for the daemon's own use; undefined when absent or empty. */
  value(instance: string, path: string): Promise<string | undefined>
  set(instance: string, input: SetSecret, by: Author): Promise<boolean>
  /** A new random value, answered this once. Throws ALREADY_EXISTS unless `overwrite`. */
  generate(instance: string, input: GenerateSecret, by: Author): Promise<string>
  /**
   * Which secrets there are and of what kind, then those that its apps and services declare and nobody set; and what was
   * wrong with the permissions of their files.
   */
  list(instance: string): Promise<SecretList>
  /** The value at a path, noted in the audit log with door and path. Throws NOT_FOUND, or INVALID_INPUT for a section. */
  reveal(instance: string, input: { path: string; reason?: string | null }, via: Door): Promise<string>
  /** Removes one secret. Throws NOT_FOUND, or INVALID_INPUT for a section. */
  delete(instance: string, path: string, by: Author): Promise<void>
  /** Makes what is absent, in one write; never overwrites. Returns the paths newly made. */
  ensure(instance: string, wanted: { path: string; generate(): string }[], by: Author): Promise<string[]>
  /** Everything that must never be seen: secrets.yaml, Talos and Kubernetes keys. Also hands it to the masker. */
  allValues(instance: string): Promise<string[]>
  /** The whole tree, for derived secrets rendered in memory. */
  tree(instance: string): Promise<Record<string, unknown>>
}

/** Secrets on their files; each value read or made is told to the masker first. */
export function createSecretsService(deps: {
  store: SecretsStore
  masker: Masker
  requireInstance(instance: string): Promise<void>
  changed(instance: string): void
  audit: Audit
  /** What the catalog knows of secrets, by path. */
  known(instance: string): Promise<Map<string, KnownSecret>>
}): SecretsService {
  const { store, masker } = deps

  async function tree(instance: string): Promise<Record<string, unknown>> {
    await deps.requireInstance(instance)
    await store.repairModes(instance)
    const { tree: values } = await store.file(instance).read()
    masker.add(leaves(values))
    return values
  }

  async function write(instance: string, path: string, value: string, by: Author): Promise<boolean> {
    masker.add([value])
    const wrote = await store.file(instance).change([{ path: parseYamlPath(path), value }], store.keep(instance, by))
    if (wrote) deps.changed(instance)
    return wrote
  }

  async function value(instance: string, path: string): Promise<string | undefined> {
    const found = valueAt(await tree(instance), parseYamlPath(path))
    return found === undefined || found === null || found === '' || typeof found === 'object'
      ? undefined
      : String(found)
  }

  return {
    tree,
    value,
    async masked(instance, path) {
      const values = await tree(instance)
      if (path === undefined) return maskLeaves(values)
      const found = valueAt(values, parseYamlPath(parse(configPath, path, 'path')))
      if (found === undefined) throw noSecret(instance, path)
      return maskLeaves(found)
    },
    async set(instance, input, by) {
      await tree(instance)
      parseYamlPath(parse(configPath, input.path, 'path'))
      if (input.generate && input.value) throw invalid('value', 'value: give a value or generate: true, not both.')
      if (!input.generate && !input.value)
        throw invalid('value', 'value: the value is empty. Give one, or generate: true.')
      if (await isSection(instance, input.path))
        throw invalid('path', `path: ${input.path} is a section that holds secrets, not a secret.`)
      const wrote = await write(instance, input.path, input.generate ? randomSecret() : input.value!, by)
      await store.noteGenerated(instance, pathName(input.path), input.generate === true)
      return wrote
    },
    async generate(instance, input, by) {
      await tree(instance)
      parseYamlPath(parse(configPath, input.path, 'path'))
      const length = parse(secretLength, input.length ?? 32, 'length')
      const charset = parse(charsetName, input.charset ?? 'alnum', 'charset')
      if (await isSection(instance, input.path))
        throw invalid('path', `path: ${input.path} is a section that holds secrets, not a secret.`)
      if (!input.overwrite && (await value(instance, input.path)) !== undefined)
        throw new WildError(
          'ALREADY_EXISTS',
          `${instance} already has a secret "${input.path}". Say overwrite to replace it.`,
          { name: input.path, field: 'path', hint: `wild-cli secret generate ${input.path} --overwrite` },
        )
      const made = randomSecret(length, charset)
      await write(instance, input.path, made, by)
      await store.noteGenerated(instance, pathName(input.path), true)
      return made
    },
    async list(instance) {
      const values = await tree(instance)
      const [known, generated] = await Promise.all([deps.known(instance), store.generated(instance)])
      const secrets: ListedSecret[] = leafPaths(values).map(({ path, value: found }) => ({
        path,
        kind: generated.has(path) ? 'generated' : 'supplied',
        optional: false,
        set: found !== null && found !== '',
        ...(known.has(path) ? about(known.get(path)!) : {}),
      }))
      const there = new Set(secrets.map(({ path }) => path))
      for (const [path, declared] of known)
        if (declared.wanted && !there.has(path)) secrets.push({ path, set: false, ...about(declared) })
      return { secrets, warnings: store.warnings(instance) }
    },
    async reveal(instance, input, via) {
      const reason = parse(revealReason, input.reason ?? '', 'reason').trim()
      const found = await leaf(instance, input.path)
      const key = pathName(input.path)
      deps.audit.record({
        action: 'secret.reveal',
        door: via,
        instance,
        key,
        ...(reason ? { reason: masker.text(reason) } : {}),
      })
      return found
    },
    async delete(instance, path, by) {
      await leaf(instance, path)
      const wrote = await store
        .file(instance)
        .change([{ path: parseYamlPath(path), value: undefined }], store.keep(instance, by))
      await store.noteGenerated(instance, pathName(path), false)
      if (wrote) deps.changed(instance)
    },
    async ensure(instance, wanted, by) {
      const values = await tree(instance)
      const missing = wanted.filter(({ path }) =>
        [undefined, null, ''].includes(valueAt(values, parseYamlPath(path)) as never),
      )
      if (missing.length === 0) return []
      const changes = missing.map(({ path, generate }) => ({ path: parseYamlPath(path), value: generate() }))
      masker.add(changes.map((change) => change.value))
      await store.file(instance).change(changes, store.keep(instance, by))
      deps.changed(instance)
      return missing.map(({ path }) => path)
    },
    async allValues(instance) {
      const values = [...leaves(await tree(instance)), ...(await store.clusterSecrets(instance))]
      masker.add(values)
      return values
    },
  }

  /** The value of one secret. Throws NOT_FOUND, or INVALID_INPUT for a section. */
  async function leaf(instance: string, path: string): Promise<string> {
    await deps.requireInstance(instance)
    const segments = parseYamlPath(parse(configPath, path, 'path'))
    const found = valueAt(await tree(instance), segments)
    if (found === undefined) throw noSecret(instance, path)
    if (typeof found === 'object' && found !== null)
      throw invalid('path', `path: ${path} is a section that holds secrets; name one of them.`)
    return found === null ? '' : String(found)
  }

  async function isSection(instance: string, path: string): Promise<boolean> {
    const found = valueAt(await tree(instance), parseYamlPath(path))
    return typeof found === 'object' && found !== null
  }
}

/** What is told of a secret that the catalog knows. */
function about({ wanted: _wanted, ...told }: KnownSecret): Omit<KnownSecret, 'wanted'> {
  return told
}

/** A path as `list` writes it, however it was quoted. */
function pathName(path: string): string {
  return formatYamlPath(parseYamlPath(path))
}

function noSecret(instance: string, path: string): WildError {
  return new WildError('NOT_FOUND', `${instance} has no secret "${path}".`, {
    name: path,
    hint: `wild-cli secret set ${path}`,
  })
}
