import { invalid, notFound, WildError } from '../../platform/errors.ts'
import type { Author, Version } from '../../platform/history.ts'
import { parse } from '../../platform/names.ts'
import { unifiedDiff } from '../../platform/unified-diff.ts'
import type { VersionedYaml } from '../../platform/versioned-yaml.ts'
import { type Change, changedYaml, parseYaml, type Tree } from '../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { type SettingKey, type SettingName, sections, settingKeys } from './model.ts'

export interface Setting extends Pick<SettingKey, 'key' | 'help' | 'default'> {
  /** What is in effect: the one that is set, else the default. */
  value: number
  isSet: boolean
}

/** One change of the settings. */
export type SettingsChange = { set: string; value: unknown } | { reset: string } | { restore: number }

/** The daemon's own settings, in central.yaml. */
export interface SettingsService {
  /** Puts what the file says into effect. Throws CONFIG_INVALID. */
  begin(): Promise<void>
  /** Throws CONFIG_INVALID naming the key that makes no sense, or line and column when the file does not parse. */
  list(): Promise<Setting[]>
  /** False when it already had this value. Throws INVALID_INPUT. */
  set(key: string, value: unknown, by: Author): Promise<boolean>
  /** Back to the default. False when it was not set. */
  reset(key: string, by: Author): Promise<boolean>
  /** central.yaml as it is on disk. */
  text(): Promise<string>
  /** Versions, newest first; edits made by hand are among them. */
  history(): Promise<Version[]>
  /** Unified diff from a version to another one, or to what is on disk now. Throws NOT_FOUND. */
  diff(from: number, to?: number): Promise<string>
  /** What a change would make of central.yaml, as unified diff; empty when it says so already. Throws what the change would. */
  preview(change: SettingsChange): Promise<string>
  /** Writes a version again, but for the sections that have doors of their own: they stay as they are now. */
  restore(version: number, by: Author): Promise<boolean>
}

/** Settings over central.yaml; `changed` gets all values after each change. */
export function createSettingsService(deps: {
  central: VersionedYaml
  changed(values: Record<SettingName, number>): void
}): SettingsService {
  const { file, history, keep } = deps.central

  async function list(): Promise<Setting[]> {
    return settingsOf((await file.read()).tree)
  }

  async function change(changes: Change[], by: Author): Promise<boolean> {
    const wrote = await file.change(changes, keep(by))
    await tell()
    return wrote
  }

  /** The text a version becomes when it is written again. */
  async function restored(version: number): Promise<string> {
    const wanted = await versionText(version)
    settingsOf(parseYaml(wanted, `version ${version} of central.yaml`).tree)
    const now = (await file.read()).tree
    const kept = Object.keys(sections).map((name) => ({ path: [name], value: now[name] }))
    return changedYaml(wanted, 'central.yaml', kept)
  }

  async function tell(): Promise<void> {
    const all = await list()
    deps.changed(Object.fromEntries(all.map(({ key, value }) => [key, value])) as Record<SettingName, number>)
  }

  async function versionText(version: number): Promise<string> {
    const found = Number.isInteger(version) && version > 0 ? await history.text(version) : undefined
    if (found === undefined)
      throw notFound('version of central.yaml', String(version), 'wild-cli daemon settings history')
    return found
  }

  const text = () => file.raw(async (found) => found)

  return {
    begin: tell,
    list,
    set: async (name, value, by) => change([settingAt(name, value)], by),
    reset: async (name, by) => change([defaultAt(name)], by),
    text,
    async history() {
      await deps.central.noticeHandEdit()
      return (await history.list()).reverse()
    },
    async diff(from, to) {
      const before = await versionText(from)
      const after = to === undefined ? await text() : await versionText(to)
      const names = [`version ${from}`, to === undefined ? 'central.yaml now' : `version ${to}`] as const
      return before === after ? '' : unifiedDiff(names, before, after)
    },
    async preview(wanted) {
      const now = (await file.read()).text
      const after =
        'restore' in wanted
          ? await restored(wanted.restore)
          : changedYaml(now, 'central.yaml', [
              'set' in wanted ? settingAt(wanted.set, wanted.value) : defaultAt(wanted.reset),
            ])
      return now === after ? '' : unifiedDiff(['as it is', 'as it will be'], now, after)
    },
    async restore(version, by) {
      const wrote = await file.replace(await restored(version), keep(by))
      await tell()
      return wrote
    },
  }
}

/** The change that gives a setting a value. Throws INVALID_INPUT. */
function settingAt(name: string, value: unknown): Change {
  const { key, schema } = keyNamed(name)
  return { path: parseYamlPath(key), value: parse(schema, value, name) }
}

/** The change that takes a setting back to its default. Throws INVALID_INPUT. */
const defaultAt = (name: string): Change => ({ path: parseYamlPath(keyNamed(name).key), value: undefined })

function keyNamed(name: string): SettingKey {
  const found = settingKeys.find(({ key }) => key === name)
  if (found) return found
  const elsewhere = sections[name.split('.')[0] ?? '']
  if (elsewhere) throw invalid('key', `key: ${name} is not changed here. Use: ${elsewhere}`)
  throw invalid(
    'key',
    `key: there is no setting "${name}". There are: ${settingKeys.map(({ key }) => key).join(', ')}.`,
  )
}

function settingsOf(tree: Tree): Setting[] {
  return settingKeys.map(({ key, help, default: usual, schema }) => {
    const found = valueAt(tree, parseYamlPath(key))
    if (found === undefined || found === null) return { key, help, default: usual, value: usual, isSet: false }
    const checked = schema.safeParse(found)
    if (checked.success) return { key, help, default: usual, value: checked.data, isSet: true }
    throw new WildError('CONFIG_INVALID', `central.yaml: ${key}: ${checked.error.issues[0]?.message}`, {
      file: 'central.yaml',
      field: key,
      hint: `wild-cli daemon settings unset ${key}`,
    })
  })
}
