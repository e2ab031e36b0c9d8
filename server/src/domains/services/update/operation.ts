import type { OperationDefinition, Step, StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { invalid, WildError } from '../../../platform/errors.ts'
import { withDependencies } from '../../catalog/index.ts'
import { compareRendered, compareStep, leftoverObjects, removeStep } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'
import { catalogOf, installGroup, lockOf, requireCluster } from '../install/operation.ts'
import { requireInputs } from '../install/selection.ts'
import { givenSettings } from '../install/settings.ts'
import { createServiceWorld, type ServiceWorld } from '../install/world.ts'
import { type UpdateInput, updateInput } from '../model.ts'

/** Refuses while edits by hand and the new version change the same lines; `force` puts the edits aside. */
function refuseConflicts(w: ServiceWorld): Step {
  const { name } = w.entry.manifest
  async function look() {
    const plans = [await w.plan(w.given), ...(w.fetch ? [await w.templates()] : [])]
    const reports = await Promise.all(plans.flatMap((plan) => (plan ? [compareRendered(plan)] : [])))
    const all = (how: 'conflicts' | 'merged' | 'kept') => reports.flatMap((report) => report[how])
    return { conflicts: all('conflicts'), merged: all('merged'), kept: all('kept') }
  }
  return {
    name: 'edits',
    title: 'Looking at files edited by hand',
    weight: 0,
    async needs() {
      const { conflicts } = await look()
      if (conflicts.length === 0) return
      const files = conflicts.map((path) => `setup/cluster-services/${name}/${path}`).join(', ')
      throw new WildError(
        'CONFLICT',
        `You edited ${files} where the new version changes the same lines. Make the change there yourself (the plan shows it), or use force to take the new text; yours is then put aside.`,
        { field: 'force', files: conflicts, hint: `wild-cli service update ${name} --plan` },
      )
    },
    async done() {
      const { merged, kept } = await look()
      if (merged.length) return `what is new is brought into ${merged.join(', ')}`
      return kept.length ? `${kept.join(', ')} ${kept.length === 1 ? 'stays' : 'stay'} as edited` : 'there are none'
    },
    run: async () => undefined,
  }
}

/** Removes what the service no longer has, in a namespace that is its alone. */
async function removeLeftovers(deps: InstallDeps, w: ServiceWorld): Promise<Step[]> {
  const { namespace, title } = w.entry.manifest
  const sharers = (await deps.catalog.services()).filter(({ manifest }) => manifest.namespace === namespace)
  if (namespace === 'kube-system' || sharers.length > 1) return []
  const objects = async (ctx: StepContext) =>
    (await Promise.all((await w.entries()).map((apply) => w.objects(ctx, apply)))).flat()
  return [
    removeStep({
      name: 'leftovers',
      title: 'Removing what is no longer part of it',
      of: title,
      kubectl: w.kubectl,
      objects: leftoverObjects({ namespace, kubectl: w.kubectl, objects }),
    }),
  ]
}

/** `service.update`: other settings, or the version of the catalog. */
export function updateService(deps: InstallDeps): OperationDefinition<UpdateInput> {
  const needed = async (name: string) =>
    withDependencies(
      (await deps.catalog.services()).map(({ manifest }) => manifest),
      name,
    )

  return {
    type: 'service.update',
    title: ({ service, instance, dryRun }) =>
      `${dryRun ? 'Compare' : 'Update'} ${service} ${dryRun ? 'with' : 'in'} ${instance}`,
    input: updateInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ service }) => service,
    locks: async ({ instance, service }) => (await needed(service)).map(({ name }) => lockOf(instance, name)),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    complete: async (input) => ({ ...input, service: (await deps.catalog.service(input.service)).manifest.name }),
    async refuse({ instance, service, version, config, deploy }) {
      await requireCluster(deps, instance, deploy)
      const { manifest } = await deps.catalog.service(service)
      if (!(await exists(`${deps.instances.paths(instance).service(service)}/kustomize`)))
        throw new WildError('NOT_FOUND', `${manifest.title} is not installed in ${instance}.`, {
          name: service,
          hint: `wild-cli service install ${service}`,
        })
      if (version !== undefined && version.replace(/^v/, '') !== manifest.version.replace(/^v/, ''))
        throw invalid('version', `version: the catalog has ${manifest.title} ${manifest.version} only.`)
      givenSettings(manifest, config)
      await requireInputs(deps, instance, deploy ? await needed(service) : [manifest])
    },
    async steps({ instance, service, config, fetch, deploy, force, dryRun }) {
      const entries = await catalogOf(deps)
      const entry = entries.get(service)!
      const own = `${deps.instances.paths(instance).service(service)}/kustomize.template`
      const given = givenSettings(entry.manifest, config)
      // A copy of the templates is brought up to date too, or the new version would not be in it.
      const w = createServiceWorld(deps, instance, entry, fetch ?? (await exists(own)), { given, force })
      if (dryRun)
        return (await w.entries()).map((apply) =>
          compareStep({
            name: apply.kustomize,
            title: `${entry.manifest.title}, ${apply.kustomize},`,
            kubectl: w.kubectl,
            objects: (ctx) => w.objects(ctx, apply),
          }),
        )
      const options = { fetch: w.fetch, deploy }
      const group = await installGroup(deps, instance, entry, options, w)
      if (!deploy) return [refuseConflicts(w), ...group.steps]
      const before = (await needed(service)).filter(({ name }) => name !== service)
      const groups = await Promise.all(
        before.map(({ name }) => installGroup(deps, instance, entries.get(name)!, { fetch: false, deploy: true })),
      )
      return [
        ...groups.map((each) => ({ ...each, optional: false })),
        refuseConflicts(w),
        ...group.steps,
        ...(await removeLeftovers(deps, w)),
      ]
    },
  }
}
