import type { PlannedChange, Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { draftContext, type ServiceManifest, type SettingChange, typed } from '../../catalog/index.ts'
import { compareRendered, plannedFiles, type RenderReport, renderFile, writeRendered } from '../../objects/index.ts'
import { randomSecret } from '../../secrets/index.ts'
import type { InstallDeps } from '../deps.ts'
import type { ServiceWorld } from './world.ts'

/** Settings a service has a default for and that are not set yet; a default may refer to one before it. */
async function missingDefaults(w: ServiceWorld): Promise<SettingChange[]> {
  const text = await w.deps.config.text(w.instance)
  const changes: SettingChange[] = []
  for (const [path, field] of Object.entries(w.entry.manifest.config)) {
    if ((await w.deps.config.get(w.instance, path)) !== undefined || field.default === undefined) continue
    const value =
      typeof field.default === 'string'
        ? renderFile(`the default of ${path}`, field.default, draftContext(text, changes))
        : field.default
    changes.push({ path, value: typed(path, field, value) })
  }
  return changes
}

/** Generated secrets that are not there yet. */
async function missingSecrets(w: ServiceWorld): Promise<string[]> {
  const missing: string[] = []
  for (const { kind, keys } of w.entry.manifest.secrets)
    for (const path of kind === 'generated' ? Object.values(keys) : [])
      if (!(await w.deps.secrets.value(w.instance, path))) missing.push(path)
  return missing
}

/** Settings and secrets a service cannot be installed without, that nobody gave and that have no default. */
export async function missingInputs(
  { config, secrets }: Pick<InstallDeps, 'config' | 'secrets'>,
  instance: string,
  manifest: ServiceManifest,
): Promise<{ settings: string[]; secrets: string[] }> {
  const hasDefault = (path: string) => manifest.config[path]?.default !== undefined
  const needed = new Set(
    [...manifest.requiresConfig, ...Object.keys(manifest.config)].filter((path) => !hasDefault(path)),
  )
  const missing = { settings: [] as string[], secrets: [] as string[] }
  for (const path of needed)
    if ([undefined, null, ''].includes((await config.get(instance, path)) as never)) missing.settings.push(path)
  for (const { keys, kind, optional } of manifest.secrets)
    for (const path of Object.values(keys))
      if (kind === 'supplied' && !optional && !(await secrets.value(instance, path))) missing.secrets.push(path)
  return missing
}

/** Throws one INVALID_INPUT that lists every setting and secret that is missing. */
async function requireEverything(w: ServiceWorld): Promise<void> {
  const { manifest } = w.entry
  const { settings: unset, secrets: secret } = await missingInputs(w.deps, w.instance, manifest)
  if (unset.length + secret.length === 0) return
  const parts = [
    ...unset.map((path) => `wild-cli config set ${path} VALUE`),
    ...secret.map((path) => `wild-cli secret set ${path}`),
  ]
  throw new WildError(
    'INVALID_INPUT',
    `${manifest.title} needs settings that are not there yet: ${[...unset, ...secret].join(', ')}.`,
    {
      field: unset[0] ?? secret[0],
      missing: [...unset, ...secret],
      hint: parts.join('; '),
    },
  )
}

/** Settings get their defaults, releases are downloaded, templates rendered. Nothing is written that is already so. */
export function prepareService(w: ServiceWorld): Step {
  const { manifest } = w.entry
  return {
    name: 'prepare',
    title: `Preparing ${manifest.title}`,
    tries: 1,
    needs: () => requireEverything(w),
    async done() {
      if ((await missingDefaults(w)).length > 0 || (await missingSecrets(w)).length > 0) return false
      if (w.fetch && !isSame(await compareRendered(await w.templates()))) return false
      const plan = await w.plan()
      const report = plan && (await compareRendered(plan))
      if (!report || !isSame(report)) return false
      return report.kept.length === 0 || `keeping your edited ${report.kept.join(', ')}`
    },
    async plan() {
      const defaults = await missingDefaults(w)
      const settings = defaults.map(({ path, value }) => ({
        kind: 'file' as const,
        text: `config.yaml: ${path} = ${JSON.stringify(value)}`,
      }))
      const secrets = (await missingSecrets(w)).map((path) => ({
        kind: 'file' as const,
        text: `secrets.yaml: ${path} would be generated`,
      }))
      const missing: PlannedChange[] = []
      for (const { name, url } of await w.releases())
        if (!(await w.deps.downloads.has(url)))
          missing.push({ kind: 'note', text: `${name} would be downloaded from ${url}` })
      // Files that hold a release can only be compared once it is there.
      const plan = await w.plan(defaults)
      return [...settings, ...secrets, ...missing, ...(plan ? await plannedFiles(plan) : [])]
    },
    async run(ctx) {
      const by = { via: 'daemon', reason: `service install ${manifest.name}` }
      const defaults = await missingDefaults(w)
      if (defaults.length) await w.deps.config.set(w.instance, defaults, by)
      const secrets = (await missingSecrets(w)).map((path) => ({ path, generate: randomSecret }))
      if (secrets.length) await w.deps.secrets.ensure(w.instance, secrets, by)
      if (w.fetch) keeping(ctx, 'kustomize.template/', (await writeRendered(await w.templates())).kept)
      for (const { name, url } of await w.releases()) {
        const { cached } = await w.deps.downloads.fetch(url, ctx.signal)
        ctx.say(`${name}: ${cached ? 'in the cache' : 'downloaded'} (${url})`)
      }
      keeping(ctx, '', (await writeRendered((await w.plan())!)).kept)
    },
  }

  function keeping(ctx: StepContext, folder: string, kept: string[]): void {
    for (const path of kept) ctx.warn(`Kept your edited file setup/cluster-services/${manifest.name}/${folder}${path}.`)
  }
}

function isSame({ written, removed }: RenderReport): boolean {
  return written.length + removed.length === 0
}
