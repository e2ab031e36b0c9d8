import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { contextFrom, render, TemplateError } from '../../templates/index.ts'
import type { AppManifest, Entry } from '../catalog/index.ts'
import { compareRendered, type RenderPlan, renderFolder, writeRendered } from '../objects/index.ts'
import { randomSecret } from '../secrets/index.ts'
import type { InstallDeps } from '../services/index.ts'
import { givenSettings, typed } from './model.ts'

type Change = { path: string; value: unknown }

/** Everything `app add` does for one app, each part knowing whether there is anything to do. */
export interface AppConfigurer {
  /** Settings that have to be written: what was given, and defaults for what is not set. User values win. */
  settings(given?: Record<string, unknown>): Promise<Change[]>
  /** Makes generated and derived secrets that are absent; returns their paths. */
  makeSecrets(by: Author): Promise<string[]>
  missingSecrets(): Promise<string[]>
  /** Supplied secrets nobody gave yet. */
  unsupplied(): Promise<string[]>
  files(): Promise<RenderPlan>
  /** True when settings, secrets and files are as they should be. */
  isConfigured(): Promise<boolean>
  /** Writes settings, secrets and files; returns files kept because they were edited by hand. */
  configure(by: Author): Promise<string[]>
}

/** The configurer of one app in one instance. */
export function createConfigurer(
  deps: InstallDeps,
  instance: string,
  { manifest, folder }: Entry<AppManifest>,
): AppConfigurer {
  const places = deps.instances.paths(instance)

  function fill(name: string, template: string, context: Parameters<typeof render>[1]): string {
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

  async function settings(given: Record<string, unknown> = {}): Promise<Change[]> {
    const values = givenSettings(manifest, given)
    const context = await deps.config.context(instance)
    const changes: Change[] = []
    for (const [name, field] of Object.entries(manifest.config)) {
      const path = `apps.${manifest.name}.${name}`
      const current = await deps.config.get(instance, path)
      if (values.has(name)) {
        if (values.get(name) !== current) changes.push({ path, value: values.get(name) })
      } else if (current === undefined && field.default !== undefined) {
        const value = typeof field.default === 'string' ? fill(name, field.default, context) : field.default
        changes.push({ path, value: typed(name, field, value) })
      }
    }
    return changes
  }

  async function missingSecrets(): Promise<string[]> {
    const missing: string[] = []
    for (const secret of manifest.secrets)
      if (secret.kind !== 'supplied' && !(await deps.secrets.value(instance, secret.path))) missing.push(secret.path)
    return missing
  }

  async function makeSecrets(by: Author): Promise<string[]> {
    const generated = manifest.secrets.filter(({ kind }) => kind === 'generated')
    const made = await deps.secrets.ensure(
      instance,
      generated.map(({ path }) => ({ path, generate: randomSecret })),
      by,
    )
    const derived = manifest.secrets.filter((secret) => secret.kind === 'derived')
    if (derived.length === 0) return made
    // Derived secrets are the one place where a template sees secrets; the text never leaves memory.
    const context = contextFrom({
      ...(await deps.config.tree(instance)),
      secrets: await deps.secrets.tree(instance),
    }) as never
    return [
      ...made,
      ...(await deps.secrets.ensure(
        instance,
        derived.map(({ path, template }) => ({ path, generate: () => fill(path, template, context) })),
        by,
      )),
    ]
  }

  async function files(): Promise<RenderPlan> {
    const verbatim = new Set(['manifest.yaml'])
    const skipped = (path: string) => verbatim.has(path) || path === manifest.icon || path === 'README.md'
    const rendered = await renderFolder(folder, await deps.config.context(instance), skipped)
    rendered.set('manifest.yaml', await readFile(join(folder, 'manifest.yaml'), 'utf8'))
    return {
      folder: places.app(manifest.name),
      note: join(places.state, 'rendered', 'apps', `${manifest.name}.json`),
      files: rendered,
    }
  }

  return {
    settings,
    makeSecrets,
    missingSecrets,
    files,
    async unsupplied() {
      const missing: string[] = []
      for (const secret of manifest.secrets)
        if (secret.kind === 'supplied' && !secret.optional && !(await deps.secrets.value(instance, secret.path)))
          missing.push(secret.path)
      return missing
    },
    async isConfigured() {
      if ((await settings()).length || (await missingSecrets()).length) return false
      const { written, removed } = await compareRendered(await files())
      return written.length + removed.length === 0
    },
    async configure(by) {
      const changes = await settings()
      if (changes.length) await deps.config.set(instance, changes, by)
      await makeSecrets(by)
      return (await writeRendered(await files())).kept
    },
  }
}
