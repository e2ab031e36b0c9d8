import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlannedChange } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { type Context, render, TemplateError } from '../../templates/index.ts'
import {
  type AppManifest,
  type ConfigField,
  draftContext,
  type Entry,
  type SettingChange,
  typed,
} from '../catalog/index.ts'
import { compareRendered, type RenderPlan, type RenderReport, renderFolder, writeRendered } from '../objects/index.ts'
import { randomSecret } from '../secrets/index.ts'
import type { InstallDeps } from '../services/index.ts'
import { givenSettings } from './model.ts'

/** What is to be written, worked out before anything is. Grows from app to app: each sees what the ones before it will set. */
export interface Draft {
  settings: SettingChange[]
  secrets: { path: string; value: string }[]
}

export const emptyDraft: Draft = { settings: [], secrets: [] }

export interface ConfigureOptions {
  /** Settings that were given. */
  given?: Record<string, unknown>
  /** The manifest it was added with: settings that still are what that one proposed follow the new proposal. */
  from?: AppManifest
  /** Where an edit by hand and the new text change the same lines, the new text wins; the edited file goes here. */
  putAside?: string
}

/** Everything `app add` does for one app, in a part that only works it out and a part that writes. */
export interface AppConfigurer {
  /** The draft with this app's settings (what was given, defaults for what is not set; user values win) and its absent secrets. */
  draft(before: Draft, given?: Record<string, unknown>): Promise<Draft>
  /** Its files as they will be once the draft is written. Throws INVALID_INPUT naming file, line and missing setting. */
  files(draft: Draft): Promise<RenderPlan>
  /** Supplied secrets nobody gave yet, or that still are what an example had in their place. */
  unsupplied(): Promise<string[]>
  /** What is left to do; nothing is changed. */
  pending(): Promise<{ nothing: boolean; files: RenderReport }>
  /** Writes settings, secrets and files. */
  configure(by: Author): Promise<Written>
}

export interface Written extends Pick<RenderReport, 'kept' | 'merged' | 'conflicts'> {
  changed: boolean
}

/** A draft as lines of a plan: settings with what they are now, secrets by name only. */
export async function plannedDraft(
  { config }: InstallDeps,
  instance: string,
  { settings, secrets }: Draft,
): Promise<PlannedChange[]> {
  const now = await Promise.all(settings.map(({ path }) => config.get(instance, path)))
  const was = (value: unknown) => (value === undefined || value === null ? '' : ` (now ${JSON.stringify(value)})`)
  return [
    ...settings.map(({ path, value }, at) => ({
      kind: 'file' as const,
      text: `config.yaml: ${path} = ${JSON.stringify(value)}${was(now[at])}`,
    })),
    ...secrets.map(({ path }) => ({ kind: 'file' as const, text: `secrets.yaml: ${path} would be generated` })),
  ]
}

/** Writes what a draft and the files of its apps say. */
export async function writeDraft(
  deps: InstallDeps,
  instance: string,
  { settings, secrets }: Draft,
  plans: RenderPlan[],
  by: Author,
): Promise<Written> {
  if (settings.length) await deps.config.set(instance, settings, by)
  if (secrets.length)
    await deps.secrets.ensure(
      instance,
      secrets.map(({ path, value }) => ({ path, generate: () => value })),
      by,
    )
  let changed = settings.length + secrets.length > 0
  const told: Omit<Written, 'changed'> = { kept: [], merged: [], conflicts: [] }
  for (const plan of plans) {
    const { written, removed, ...rest } = await writeRendered(plan)
    for (const how of ['kept', 'merged', 'conflicts'] as const) told[how].push(...rest[how])
    changed ||= written.length + removed.length > 0
  }
  return { changed, ...told }
}

const placeholders = /^(change[-_ ]?me|to[-_ ]?do|tbd|placeholder|example|your[-_ ].*|<.*>|x{3,}|\*+)$/i

/** No value, or what an example has in its place. */
const isPlaceholder = (value: string | undefined) => value === undefined || placeholders.test(value.trim())

/** The configurer of one app in one instance. */
export function createConfigurer(
  deps: InstallDeps,
  instance: string,
  { manifest, folder }: Entry<AppManifest>,
  options: ConfigureOptions = {},
): AppConfigurer {
  const places = deps.instances.paths(instance)
  const isSet = async (path: string) => (await deps.secrets.value(instance, path)) !== undefined

  function fill(name: string, template: string, context: Context): string {
    try {
      return render(template, context, { name: `${manifest.name} ${name}` })
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      throw new WildError(
        'INVALID_INPUT',
        `The default of ${name} for ${manifest.title} needs a setting that is not there yet: ${error.message}`,
        { field: name, hint: `wild-cli config set apps.${manifest.name}.${name} VALUE` },
      )
    }
  }

  async function settings(before: SettingChange[], given: Record<string, unknown>): Promise<SettingChange[]> {
    const values = givenSettings(manifest, given)
    const text = await deps.config.text(instance)
    const pathOf = (name: string) => `apps.${manifest.name}.${name}`
    const changes: SettingChange[] = []
    // What was given counts for defaults that refer to it, wherever it stands in the manifest.
    for (const [name, value] of values)
      if (value !== (await deps.config.get(instance, pathOf(name)))) changes.push({ path: pathOf(name), value })
    for (const [name, field] of Object.entries(manifest.config)) {
      if (values.has(name) || field.default === undefined) continue
      const current = await deps.config.get(instance, pathOf(name))
      if (current !== undefined && !(await followsProposal(name, field, current))) continue
      const value =
        typeof field.default === 'string'
          ? fill(name, field.default, draftContext(text, [...before, ...changes]))
          : field.default
      if (current !== typed(name, field, value)) changes.push({ path: pathOf(name), value: typed(name, field, value) })
    }
    return changes
  }

  /** A setting nobody chose: it still is what the version it was added with proposed, and this one proposes something else. */
  async function followsProposal(name: string, field: ConfigField, current: unknown): Promise<boolean> {
    const before = options.from?.config[name]?.default
    if (before === undefined || before === field.default) return false
    if (typeof before !== 'string') return before === current
    try {
      const context = draftContext(await deps.config.text(instance), [])
      return render(before, context, { name: `${manifest.name} ${name}` }) === String(current)
    } catch {
      // What the old proposal needed is gone: the setting is taken for a choice.
      return false
    }
  }

  /** Absent secrets with their values. Derived ones wait until everything only a person knows is there. */
  async function newSecrets(draft: Draft): Promise<Draft['secrets']> {
    const made = [...draft.secrets]
    const absent = async (path: string) => !(await isSet(path)) && !made.some((secret) => secret.path === path)
    for (const { path, kind } of manifest.secrets)
      if (kind === 'generated' && (await absent(path))) made.push({ path, value: randomSecret() })
    const waits = (await unsupplied()).length > 0
    for (const secret of manifest.secrets)
      if (secret.kind === 'derived' && !waits && (await absent(secret.path)))
        made.push({
          path: secret.path,
          value: fill(secret.path, secret.template, await secretContext({ ...draft, secrets: made })),
        })
    return made
  }

  /** Derived secrets are the one place where a template sees secrets; the text never leaves memory. */
  async function secretContext(draft: Draft): Promise<Context> {
    const context = draftContext(await deps.config.text(instance), draft.settings)
    const known = JSON.stringify(await deps.secrets.tree(instance))
    return new Map([...context, ['secrets', draftContext(known, draft.secrets)]])
  }

  async function unsupplied(): Promise<string[]> {
    const missing: string[] = []
    for (const secret of manifest.secrets)
      if (
        secret.kind === 'supplied' &&
        !secret.optional &&
        isPlaceholder(await deps.secrets.value(instance, secret.path))
      )
        missing.push(secret.path)
    return missing
  }

  async function draft(before: Draft, given = options.given ?? {}): Promise<Draft> {
    const changed = { ...before, settings: [...before.settings, ...(await settings(before.settings, given))] }
    return { ...changed, secrets: await newSecrets(changed) }
  }

  async function files(own: Draft): Promise<RenderPlan> {
    const skipped = (path: string) => ['manifest.yaml', 'README.md', manifest.icon].includes(path)
    const context = draftContext(await deps.config.text(instance), own.settings)
    const rendered = await renderFolder(folder, context, skipped, manifest.name)
    rendered.set('manifest.yaml', await readFile(join(folder, 'manifest.yaml'), 'utf8'))
    return {
      folder: places.app(manifest.name),
      note: join(places.state, 'rendered', 'apps', `${manifest.name}.json`),
      files: rendered,
      ...(options.putAside ? { putAside: options.putAside } : {}),
    }
  }

  return {
    draft,
    files,
    unsupplied,
    async pending() {
      const own = await draft(emptyDraft)
      const report = await compareRendered(await files(own))
      const open = own.settings.length + own.secrets.length + report.written.length + report.removed.length
      return { nothing: open === 0, files: report }
    },
    async configure(by) {
      const own = await draft(emptyDraft)
      return writeDraft(deps, instance, own, [await files(own)], by)
    },
  }
}
