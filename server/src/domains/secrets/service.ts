import { invalid, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import type { Masker } from '../../platform/masking.ts'
import { configPath, parse } from '../../platform/names.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { leaves, maskLeaves, randomSecret, secretLength } from './model.ts'
import type { SecretsStore } from './store.ts'

export interface SetSecret {
  path: string
  value?: string | null
  generate?: boolean | null
}

/** The verbs of secrets.yaml. Values leave only through `value`, `ensure` and the one answer of `generate`. */
export interface SecretsService {
  /** The tree (or what is at a path) with every leaf as `***`. Throws NOT_FOUND for an absent path. */
  masked(instance: string, path?: string): Promise<unknown>
  /** The real value, for the daemon's own use; undefined when absent or empty. */
  value(instance: string, path: string): Promise<string | undefined>
  set(instance: string, input: SetSecret, by: Author): Promise<boolean>
  /** A new random value, answered this once. Throws ALREADY_EXISTS unless `overwrite`. */
  generate(
    instance: string,
    input: { path: string; length?: number | null; overwrite?: boolean | null },
    by: Author,
  ): Promise<string>
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
      if (found === undefined)
        throw new WildError('NOT_FOUND', `${instance} has no secret "${path}".`, {
          name: path,
          hint: `wild-cli secret set ${path}`,
        })
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
      return write(instance, input.path, input.generate ? randomSecret() : input.value!, by)
    },
    async generate(instance, input, by) {
      await tree(instance)
      parseYamlPath(parse(configPath, input.path, 'path'))
      const length = parse(secretLength, input.length ?? 32, 'length')
      if (await isSection(instance, input.path))
        throw invalid('path', `path: ${input.path} is a section that holds secrets, not a secret.`)
      if (!input.overwrite && (await value(instance, input.path)) !== undefined)
        throw new WildError(
          'ALREADY_EXISTS',
          `${instance} already has a secret "${input.path}". Say overwrite to replace it.`,
          { name: input.path, field: 'path', hint: `wild-cli secret generate ${input.path} --overwrite` },
        )
      const made = randomSecret(length)
      await write(instance, input.path, made, by)
      return made
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

  async function isSection(instance: string, path: string): Promise<boolean> {
    const found = valueAt(await tree(instance), parseYamlPath(path))
    return typeof found === 'object' && found !== null
  }
}
