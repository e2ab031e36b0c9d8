import type { PlannedChange } from '../../operations/define.ts'
import type { Author } from '../../platform/history.ts'
import { type AppManifest, addedApp, type Entry } from '../catalog/index.ts'
import { plannedFiles, type RenderPlan } from '../objects/index.ts'
import type { InstallDeps } from '../services/index.ts'
import { type AppConfigurer, createConfigurer, type Draft, emptyDraft, plannedDraft, writeDraft } from './configure.ts'
import { needed } from './deploy/operation.ts'
import type { AddInput } from './model.ts'

interface WorkedOut {
  draft: Draft
  /** Files of each app, by its name. */
  plans: Map<string, RenderPlan>
}

/** Everything adding writes, worked out before the first write: a setting that is missing changes nothing. */
async function workOut(deps: InstallDeps, input: AddInput): Promise<WorkedOut> {
  const { instance, name, config = {}, force } = input
  await deps.instances.require(instance)
  await deps.catalog.app(name)
  let draft = emptyDraft
  const rendered = new Map<string, AppConfigurer>()
  for (const entry of await needed(deps, name)) {
    const { manifest } = entry
    const from = await addedAs(deps, instance, entry)
    const own = manifest.name === name
    const configurer = createConfigurer(deps, instance, entry, { from: own && force ? from : undefined })
    draft = await configurer.draft(draft, own ? config : {})
    // Another version in the catalog is left to an update, unless forced.
    if (!from || from.version === manifest.version || (own && force)) rendered.set(manifest.name, configurer)
  }
  const plans = new Map<string, RenderPlan>()
  for (const [app, configurer] of rendered) plans.set(app, await configurer.files(draft))
  return { draft, plans }
}

function addedAs(deps: InstallDeps, instance: string, { manifest: { name } }: Entry<AppManifest>) {
  return addedApp(deps.instances.paths(instance).app(name), name)
}

/** Settings, secrets and files of an app and of what it needs. Throws INVALID_INPUT naming a setting that is wrong or missing, and has then changed nothing. */
export async function addApp(deps: InstallDeps, input: AddInput, by: Author): Promise<void> {
  const { draft, plans } = await workOut(deps, input)
  const { changed } = await writeDraft(deps, input.instance, draft, [...plans.values()], by)
  if (changed) deps.instances.changed(input.instance, 'apps')
}

/** What `addApp` would write; nothing when all is so already. Reads only; throws as it does. */
export async function plannedAdd(deps: InstallDeps, input: AddInput): Promise<PlannedChange[]> {
  const { draft, plans } = await workOut(deps, input)
  const files: PlannedChange[] = []
  for (const [app, plan] of plans)
    for (const change of await plannedFiles(plan)) files.push({ ...change, text: `apps/${app}/${change.text}` })
  return [...(await plannedDraft(deps, input.instance, draft)), ...files]
}
