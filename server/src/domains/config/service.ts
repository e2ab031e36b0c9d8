import { notFound, WildError } from '../../platform/errors.ts'
import type { Author, Version } from '../../platform/history.ts'
import { configPath, parse } from '../../platform/names.ts'
import { unifiedDiff } from '../../platform/unified-diff.ts'
import type { Tree } from '../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { type Context, parseYamlContext } from '../../templates/index.ts'
import { type ConfigKey, configKeys, defaultOf, type Surroundings } from './keys.ts'
import type { ConfigChange } from './model.ts'
import { checkBase, checkedChanges, checkWhole, type Draft, previewOf } from './preview.ts'
import type { ConfigStore } from './store.ts'
import { type ConfigProblem, problemsOf } from './validate.ts'

/** A declared key with what it is in one instance. */
export interface KeyState extends ConfigKey {
  value?: unknown
  isSet: boolean
  /** The default as it would be for this instance now. */
  suggestion?: unknown
}

/** The verbs of config.yaml. */
export interface ConfigService {
  /** config.yaml as plain data. Throws NOT_FOUND (instance) or CONFIG_INVALID (does not parse: file, line, column). */
  tree(instance: string): Promise<Tree>
  /** config.yaml as it is, also when it does not parse. */
  text(instance: string): Promise<string>
  /** The value at a path; undefined when absent. */
  get(instance: string, path: string): Promise<unknown>
  /** The value at a path. Throws NOT_FOUND when absent. */
  value(instance: string, path: string): Promise<unknown>
  /** All changes or none; comments, order and types of the rest are kept. Returns false when nothing had to change. */
  set(instance: string, changes: ConfigChange[], by: Author): Promise<boolean>
  /** Deletes a key or a section. Throws NOT_FOUND when it is not there. */
  delete(instance: string, path: string, by: Author): Promise<void>
  /**
   * Replaces the whole text. With `base`, the SHA-256 of the text the person started from, it throws CONFLICT when
   * somebody changed the file meanwhile. A file broken by hand can be replaced; what it said stays in the history.
   */
  replace(instance: string, text: string, by: Author, base?: string): Promise<boolean>
  /**
   * What a draft (or, by its number, a version) would change, as a unified diff with known secrets as `***`; empty when
   * nothing. Changes nothing, and throws what making the change would.
   */
  preview(instance: string, draft: Draft | { version: number }): Promise<string>
  /** All problems of config.yaml, or of a text that might replace it. */
  problems(instance: string, draft?: string): Promise<ConfigProblem[]>
  /** The declared keys as they are in an instance; without one only what they are. */
  keys(instance?: string): Promise<KeyState[]>
  /** Versions, newest first. What somebody wrote by hand is among them. */
  history(instance: string): Promise<Version[]>
  /** The text of a version, known secrets as `***`. Throws NOT_FOUND. */
  versionText(instance: string, version: number): Promise<string>
  /** Unified diff from a version to another one, or to what is on disk now, known secrets as `***`; empty when alike. */
  diff(instance: string, from: number, to?: number): Promise<string>
  /** Writes a version's text again; that is a new version. False when it is what is on disk. */
  restore(instance: string, version: number, by: Author): Promise<boolean>
  /** Makes a version of what somebody wrote by hand. */
  noticeHandEdit(instance: string): Promise<void>
  /** config.yaml as templates see it. */
  context(instance: string): Promise<Context>
}

/** Config on its files; `changed` tells subscribers. */
export function createConfigService(deps: {
  store: ConfigStore
  requireInstance(instance: string): Promise<void>
  changed(instance: string): void
  /** Hides known secrets in a text: somebody may have written one here and moved it since. */
  mask?(text: string): string
  /** Network of the daemon, for defaults. */
  surroundings?: Surroundings
}): ConfigService {
  const { store, mask = (text) => text } = deps

  async function tree(instance: string): Promise<Tree> {
    await deps.requireInstance(instance)
    return (await store.file(instance).read()).tree
  }

  async function text(instance: string): Promise<string> {
    await deps.requireInstance(instance)
    return store.file(instance).raw(async (found) => found)
  }

  async function get(instance: string, path: string): Promise<unknown> {
    return valueAt(await tree(instance), parseYamlPath(parse(configPath, path, 'path')))
  }

  async function value(instance: string, path: string): Promise<unknown> {
    const found = await get(instance, path)
    if (found === undefined)
      throw new WildError('NOT_FOUND', `The configuration of ${instance} has no key "${path}".`, {
        name: path,
        hint: `wild-cli config set ${path} VALUE`,
      })
    return found
  }

  async function set(instance: string, changes: ConfigChange[], by: Author): Promise<boolean> {
    await deps.requireInstance(instance)
    const wrote = await store.file(instance).change(checkedChanges(changes), store.keep(instance, by))
    if (wrote) deps.changed(instance)
    return wrote
  }

  async function replace(instance: string, yaml: string, by: Author, base?: string): Promise<boolean> {
    await deps.requireInstance(instance)
    checkWhole(instance, yaml)
    const keep = store.keep(instance, by)
    const wrote = await store.file(instance).replace(
      yaml,
      async (before, after) => {
        checkBase(instance, before, base)
        return keep(before, after)
      },
      { evenBroken: true },
    )
    if (wrote) deps.changed(instance)
    return wrote
  }

  async function versionText(instance: string, version: number): Promise<string> {
    await deps.requireInstance(instance)
    const found = Number.isInteger(version) && version > 0 && (await store.history(instance).text(version))
    if (found === false || found === undefined)
      throw notFound(`version of config.yaml of ${instance}`, String(version), 'wild-cli config history')
    return found
  }

  return {
    tree,
    text,
    get,
    value,
    set,
    replace,
    versionText: async (instance, version) => mask(await versionText(instance, version)),
    async delete(instance, path, by) {
      await value(instance, path)
      await set(instance, [{ path, value: undefined }], by)
    },
    async preview(instance, draft) {
      const wanted = 'version' in draft ? { yaml: await versionText(instance, draft.version) } : draft
      const current = await text(instance)
      if ('changes' in wanted)
        for (const { path, value: set } of wanted.changes) if (set === undefined) await value(instance, path)
      return mask(previewOf(instance, current, wanted).replace(/^=+\n/, ''))
    },
    problems: async (instance, draft) => {
      const current = draft ?? (await text(instance))
      await deps.requireInstance(instance)
      return problemsOf(current)
    },
    async keys(instance) {
      if (instance === undefined) return configKeys.map((key) => ({ ...key, isSet: false }))
      const values = await tree(instance)
      return configKeys.map((key) => {
        const found = key.path.includes('*') ? undefined : valueAt(values, parseYamlPath(key.path))
        const isSet = found !== undefined && found !== null && found !== ''
        const suggestion = isSet ? undefined : defaultOf(key, (path) => valueAt(values, path), deps.surroundings)
        return { ...key, value: found, isSet, suggestion }
      })
    },
    async history(instance) {
      await deps.requireInstance(instance)
      await store.noticeHandEdit(instance)
      return (await store.history(instance).list()).reverse()
    },
    async diff(instance, from, to) {
      const before = await versionText(instance, from)
      const after = to === undefined ? await text(instance) : await versionText(instance, to)
      if (before === after) return ''
      const names = [`version ${from}`, to === undefined ? 'config.yaml now' : `version ${to}`] as const
      return mask(unifiedDiff(names, before, after))
    },
    async restore(instance, version, by) {
      return replace(instance, await versionText(instance, version), by)
    },
    async noticeHandEdit(instance) {
      await deps.requireInstance(instance)
      await store.noticeHandEdit(instance)
    },
    async context(instance) {
      await deps.requireInstance(instance)
      return parseYamlContext((await store.file(instance).read()).text)
    },
  }
}
