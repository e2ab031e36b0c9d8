import type { OperationDefinition, Step, StepItem } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { leftoverObjects, removeStep } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { announce, compareApp, dependencySteps, deploySteps, needed, refuseUndeployable } from '../deploy/operation.ts'
import { prepareApp } from '../deploy/prepare.ts'
import { type AppWorld, appWorld } from '../deploy/world.ts'
import { givenSettings, type UpdateInput, updateInput } from '../model.ts'
import { backupFirst } from './backup-first.ts'
import { forgetWayBack, goBack, keepWayBack } from './way-back.ts'

/** Refuses while edits by hand and the new version change the same lines; `force` puts the edits aside. */
function refuseConflicts(w: AppWorld): Step {
  return {
    name: 'edits',
    title: 'Looking at files edited by hand',
    weight: 0,
    async needs() {
      const { conflicts } = (await w.configurer.pending()).files
      if (conflicts.length === 0) return
      const files = conflicts.map((path) => `apps/${w.manifest.name}/${path}`).join(', ')
      throw new WildError(
        'CONFLICT',
        `You edited ${files} where the new version changes the same lines. Make the change there yourself (the plan shows it), or use force to take the new text; yours is then put aside.`,
        { field: 'force', files: conflicts, hint: `wild-cli app update ${w.manifest.name} --plan` },
      )
    },
    async done() {
      const { kept, merged } = (await w.configurer.pending()).files
      if (merged.length) return `what is new is brought into ${merged.join(', ')}`
      return kept.length ? `${kept.join(', ')} ${kept.length === 1 ? 'stays' : 'stay'} as edited` : 'there are none'
    },
    run: async () => undefined,
  }
}

/** The steps after the files are written: when the app does not get through them it goes back to what it was. */
function withWayBack(w: AppWorld, steps: Step[]): Step[] {
  return steps.map((step) => ({ ...step, undo: (ctx) => goBack(w, ctx) }))
}

async function updateSteps(w: AppWorld): Promise<StepItem[]> {
  const { manifest, namespace, kubectl, objects } = w
  return [
    refuseConflicts(w),
    ...(await backupFirst(w)),
    keepWayBack(w),
    ...withWayBack(w, deploySteps(w, false)),
    removeStep({
      name: 'leftovers',
      title: 'Removing what is no longer part of it',
      of: manifest.title,
      kubectl,
      objects: leftoverObjects({ namespace, kubectl, objects }),
    }),
    forgetWayBack(w),
    announce(w),
  ]
}

/** `app.update`: other settings, or the version of the catalog; back to what it was when it does not become ready. */
export function updateApp(deps: InstallDeps): OperationDefinition<UpdateInput> {
  return {
    type: 'app.update',
    title: ({ app, instance, dryRun }) =>
      `${dryRun ? 'Compare' : 'Update'} ${app} ${dryRun ? 'with' : 'in'} ${instance}`,
    input: updateInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: async ({ instance, app }) =>
      (await needed(deps, app)).map(({ manifest }) => `instances/${instance}/apps/${manifest.name}`),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse({ instance, app, config }) {
      await refuseUndeployable(deps, instance, app)
      givenSettings((await deps.catalog.app(app)).manifest, config)
    },
    async steps({ instance, app, config, force, deploy, dryRun }) {
      const entries = await needed(deps, app)
      const own = await appWorld(deps, instance, entries.pop()!, { given: config, force })
      if (dryRun) return [compareApp(own)]
      if (!deploy) return [refuseConflicts(own), prepareApp(own)]
      const worlds = await Promise.all(entries.map((entry) => appWorld(deps, instance, entry)))
      return [...dependencySteps(worlds), ...(await updateSteps(own))]
    },
  }
}
