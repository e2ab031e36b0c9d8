import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { plannedFiles } from '../../objects/index.ts'
import { emptyDraft, plannedDraft } from '../configure.ts'
import type { AppWorld } from './world.ts'

/** Throws INVALID_INPUT that lists every secret only a person knows and nobody gave, or left as an example has it. */
export async function requireSecrets({ manifest: { title }, configurer, stays }: AppWorld): Promise<void> {
  const missing = stays ? [] : await configurer.unsupplied()
  if (missing.length === 0) return
  throw new WildError(
    'INVALID_INPUT',
    `${title} needs secrets only you know, and these are missing or still a placeholder: ${missing.join(', ')}.`,
    { field: missing[0], missing, hint: missing.map((path) => `wild-cli secret set ${path}`).join('; ') },
  )
}

/** Settings, secrets and files of the app, as `app add` makes them; config changed since then is rendered anew. */
export function prepareApp(w: AppWorld): Step {
  const { manifest } = w
  return {
    name: 'prepare',
    title: `Preparing ${manifest.title}`,
    needs: () => requireSecrets(w),
    async done() {
      if (w.stays) return `it stays at ${manifest.version}; wild-cli app update ${manifest.name} takes it to ${w.stays}`
      const { nothing, files } = await w.configurer.pending()
      if (!nothing || files.kept.length === 0) return nothing
      return `keeping your edited ${files.kept.join(', ')}`
    },
    async plan() {
      const draft = await w.configurer.draft(emptyDraft)
      const versions = w.comesFrom
        ? [{ kind: 'note' as const, text: `${manifest.title} ${w.comesFrom.version} → ${manifest.version}` }]
        : []
      return [
        ...versions,
        ...(await plannedDraft(w.deps, w.instance, draft)),
        ...(await plannedFiles(await w.configurer.files(draft))),
      ]
    },
    async run(ctx) {
      const { kept, merged, conflicts } = await w.configurer.configure({
        via: 'daemon',
        reason: `app deploy ${manifest.name}`,
      })
      const file = (path: string) => `apps/${manifest.name}/${path}`
      for (const path of merged) ctx.say(`Brought what is new into your edited file ${file(path)}.`)
      for (const path of kept)
        ctx.warn(
          conflicts.includes(path)
            ? `Kept your edited file ${file(path)}: what is new changes the same lines, so it is missing there. Its plan shows it.`
            : `Kept your edited file ${file(path)}.`,
        )
    },
  }
}
