import type { PlannedChange, Step, StepContext } from '../../../operations/define.ts'
import { secretNeedsOf } from '../../catalog/index.ts'
import { compareRendered, plannedFiles, type RenderReport, writeRendered } from '../../objects/index.ts'
import { randomSecret } from '../../secrets/index.ts'
import { incomplete, missingInputs } from './inputs.ts'
import { newSettings } from './settings.ts'
import type { ServiceWorld } from './world.ts'

/** Generated secrets that are not there yet. */
async function missingSecrets(w: ServiceWorld): Promise<string[]> {
  const missing: string[] = []
  for (const { kind, path } of secretNeedsOf(w.entry.manifest))
    if (kind === 'generated' && !(await w.deps.secrets.value(w.instance, path))) missing.push(path)
  return missing
}

/** Throws one INVALID_INPUT that lists every setting and secret that is missing. */
async function requireEverything({ deps, instance, entry }: ServiceWorld): Promise<void> {
  const missing = await missingInputs(deps, instance, entry.manifest)
  if (missing.settings.length + missing.secrets.length > 0) throw incomplete(entry.manifest.title, missing)
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
      if ((await newSettings(w)).length > 0 || (await missingSecrets(w)).length > 0) return false
      if (w.fetch && !isSame(await compareRendered(await w.templates()))) return false
      const plan = await w.plan()
      const report = plan && (await compareRendered(plan))
      if (!report || !isSame(report)) return false
      return report.kept.length === 0 || `keeping your edited ${report.kept.join(', ')}`
    },
    async plan() {
      const defaults = await newSettings(w)
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
      const before = await w.installed()
      const versions =
        before && before.version !== manifest.version
          ? [{ kind: 'note' as const, text: `${manifest.title} ${before.version} → ${manifest.version}` }]
          : []
      const templates = w.fetch ? await plannedFiles(await w.templates()) : []
      return [...versions, ...templates, ...settings, ...secrets, ...missing, ...(plan ? await plannedFiles(plan) : [])]
    },
    async run(ctx) {
      const by = { via: 'daemon', reason: `service install ${manifest.name}` }
      const defaults = await newSettings(w)
      if (defaults.length) await w.deps.config.set(w.instance, defaults, by)
      const secrets = (await missingSecrets(w)).map((path) => ({ path, generate: randomSecret }))
      if (secrets.length) await w.deps.secrets.ensure(w.instance, secrets, by)
      if (w.fetch) keeping(ctx, 'kustomize.template/', await writeRendered(await w.templates()))
      for (const { name, url } of await w.releases()) {
        const { cached } = await w.deps.downloads.fetch(url, ctx.signal)
        ctx.say(`${name}: ${cached ? 'in the cache' : 'downloaded'} (${url})`)
      }
      keeping(ctx, '', await writeRendered((await w.plan())!))
    },
  }

  function keeping(ctx: StepContext, folder: string, { kept, merged, conflicts }: RenderReport): void {
    const file = (path: string) => `setup/cluster-services/${manifest.name}/${folder}${path}`
    for (const path of merged) ctx.say(`Brought what is new into your edited file ${file(path)}.`)
    for (const path of kept)
      ctx.warn(
        conflicts.includes(path)
          ? `Kept your edited file ${file(path)}: what is new changes the same lines, so it is missing there. Its plan shows it.`
          : `Kept your edited file ${file(path)}.`,
      )
  }
}

function isSame({ written, removed }: RenderReport): boolean {
  return written.length + removed.length === 0
}
