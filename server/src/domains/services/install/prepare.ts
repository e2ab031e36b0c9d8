import type { PlannedChange, Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { render } from '../../../templates/index.ts'
import { compareRendered, plannedFiles, writeRendered } from '../../objects/index.ts'
import type { ServiceWorld } from './world.ts'

/** Settings a service has a default for and that are not set yet, with the value they would get. */
async function missingDefaults(w: ServiceWorld): Promise<{ path: string; value: unknown }[]> {
  const context = await w.deps.config.context(w.instance)
  const changes: { path: string; value: unknown }[] = []
  for (const [path, field] of Object.entries(w.entry.manifest.config)) {
    if ((await w.deps.config.get(w.instance, path)) !== undefined || field.default === undefined) continue
    const value =
      typeof field.default === 'string' ? render(field.default, context, { name: `default of ${path}` }) : field.default
    changes.push({ path, value })
  }
  return changes
}

/** Throws one INVALID_INPUT that lists every setting and secret that is missing. */
async function requireEverything(w: ServiceWorld): Promise<void> {
  const { manifest } = w.entry
  const settings = [...manifest.requiresConfig]
  for (const [path, field] of Object.entries(manifest.config)) if (field.default === undefined) settings.push(path)
  const unset: string[] = []
  for (const path of settings)
    if ([undefined, null, ''].includes((await w.deps.config.get(w.instance, path)) as never)) unset.push(path)
  const secret: string[] = []
  for (const { keys, optional } of manifest.secrets)
    for (const path of Object.values(keys))
      if (!optional && !(await w.deps.secrets.value(w.instance, path))) secret.push(path)
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
      if (w.fetch || (await missingDefaults(w)).length > 0) return false
      for (const { url } of manifest.upstream) if (!(await w.deps.downloads.has(url))) return false
      const { written, removed } = await compareRendered(await w.plan())
      return written.length + removed.length === 0
    },
    async plan() {
      const settings = (await missingDefaults(w)).map(({ path, value }) => ({
        kind: 'file' as const,
        text: `config.yaml: ${path} = ${JSON.stringify(value)}`,
      }))
      const missing: PlannedChange[] = []
      for (const { name, url } of manifest.upstream)
        if (!(await w.deps.downloads.has(url)))
          missing.push({ kind: 'note', text: `${name} would be downloaded from ${url}` })
      // Files that hold a release can only be compared once it is there.
      return [...settings, ...missing, ...(missing.length ? [] : await plannedFiles(await w.plan()))]
    },
    async run(ctx) {
      const defaults = await missingDefaults(w)
      if (defaults.length)
        await w.deps.config.set(w.instance, defaults, { via: 'daemon', reason: `service install ${manifest.name}` })
      if (w.fetch) await w.fetchTemplates()
      for (const { name, url } of manifest.upstream) {
        const { cached } = await w.deps.downloads.fetch(url, ctx.signal)
        ctx.say(`${name}: ${cached ? 'in the cache' : 'downloaded'} (${url})`)
      }
      const { kept } = await writeRendered(await w.plan())
      for (const path of kept) ctx.warn(`Kept your edited file setup/cluster-services/${manifest.name}/${path}.`)
    },
  }
}
