import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { plannedFiles } from '../../objects/index.ts'
import { emptyDraft } from '../configure.ts'
import type { AppWorld } from './world.ts'

/** Settings, secrets and files of the app, as `app add` makes them; config changed since then is rendered anew. */
export function prepareApp(w: AppWorld): Step {
  const { manifest } = w
  return {
    name: 'prepare',
    title: `Preparing ${manifest.title}`,
    async needs() {
      const missing = await w.configurer.unsupplied()
      if (missing.length)
        throw new WildError('INVALID_INPUT', `${manifest.title} needs secrets only you know: ${missing.join(', ')}.`, {
          field: missing[0],
          missing,
          hint: missing.map((path) => `wild-cli secret set ${path}`).join('; '),
        })
    },
    async done() {
      const { nothing, files } = await w.configurer.pending()
      if (!nothing || files.kept.length === 0) return nothing
      return `keeping your edited ${files.kept.join(', ')}`
    },
    async plan() {
      const draft = await w.configurer.draft(emptyDraft)
      const settings = draft.settings.map(({ path, value }) => ({
        kind: 'file' as const,
        text: `config.yaml: ${path} = ${JSON.stringify(value)}`,
      }))
      const secrets = draft.secrets.map(({ path }) => ({
        kind: 'file' as const,
        text: `secrets.yaml: ${path} would be generated`,
      }))
      return [...settings, ...secrets, ...(await plannedFiles(await w.configurer.files(draft)))]
    },
    async run(ctx) {
      const kept = await w.configurer.configure({ via: 'daemon', reason: `app deploy ${manifest.name}` })
      for (const path of kept) ctx.warn(`Kept your edited file apps/${manifest.name}/${path}.`)
    },
  }
}
