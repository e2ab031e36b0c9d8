import { invalid, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { configPath, parse } from '../../platform/names.ts'
import { parseYaml, type Tree } from '../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { type Context, parseYamlContext } from '../../templates/index.ts'
import { checkKnown } from './model.ts'
import type { ConfigStore } from './store.ts'

export interface ConfigChange {
  path: string
  /** undefined deletes the key. */
  value: unknown
}

/** The verbs of config.yaml. */
export interface ConfigService {
  /** config.yaml as plain data. Throws NOT_FOUND (instance) or CONFIG_INVALID (does not parse: file, line, column). */
  tree(instance: string): Promise<Tree>
  text(instance: string): Promise<string>
  /** The value at a path; undefined when absent. */
  get(instance: string, path: string): Promise<unknown>
  /** The value at a path. Throws NOT_FOUND when absent. */
  value(instance: string, path: string): Promise<unknown>
  /** All changes or none; comments, order and types of the rest are kept. Returns false when nothing had to change. */
  set(instance: string, changes: ConfigChange[], by: Author): Promise<boolean>
  replace(instance: string, text: string, by: Author): Promise<boolean>
  /** config.yaml as templates see it. */
  context(instance: string): Promise<Context>
}

/** Config on its files; `changed` tells subscribers. */
export function createConfigService(deps: {
  store: ConfigStore
  requireInstance(instance: string): Promise<void>
  changed(instance: string): void
}): ConfigService {
  const { store } = deps

  async function tree(instance: string): Promise<Tree> {
    await deps.requireInstance(instance)
    return (await store.file(instance).read()).tree
  }

  async function get(instance: string, path: string): Promise<unknown> {
    return valueAt(await tree(instance), parseYamlPath(parse(configPath, path, 'path')))
  }

  return {
    tree,
    get,
    async text(instance) {
      await deps.requireInstance(instance)
      return (await store.file(instance).read()).text
    },
    async value(instance, path) {
      const value = await get(instance, path)
      if (value === undefined)
        throw new WildError('NOT_FOUND', `The configuration of ${instance} has no key "${path}".`, {
          name: path,
          hint: `wild-cli config set ${path} VALUE`,
        })
      return value
    },
    async set(instance, changes, by) {
      await deps.requireInstance(instance)
      if (changes.length === 0) throw invalid('changes', 'changes: nothing to set.')
      const parsed = changes.map(({ path, value }) => ({ path: parseYamlPath(parse(configPath, path, 'path')), value }))
      for (const { path, value } of parsed) checkKnown(path, value)
      const wrote = await store.file(instance).change(parsed, store.keep(instance, by))
      if (wrote) deps.changed(instance)
      return wrote
    },
    async replace(instance, text, by) {
      await deps.requireInstance(instance)
      checkKnown([], parseYaml(text, `config.yaml of ${instance}`, 'INVALID_INPUT').tree)
      const wrote = await store.file(instance).replace(text, store.keep(instance, by))
      if (wrote) deps.changed(instance)
      return wrote
    },
    async context(instance) {
      await deps.requireInstance(instance)
      return parseYamlContext((await store.file(instance).read()).text)
    },
  }
}
