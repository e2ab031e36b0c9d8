import type { OperationDefinition, StepGroup } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { clusterSecretsOf, type Entry, type ServiceManifest, withDependencies } from '../../catalog/index.ts'
import { applyStep, certificateStep } from '../../objects/index.ts'
import { healthStep, outsideStep } from '../../service-health/index.ts'
import type { InstallDeps } from '../deps.ts'
import { type InstallAllInput, type InstallInput, installAllInput, installInput } from '../model.ts'
import { asksOfCluster, fitsStep } from './fits.ts'
import { mergeStep } from './merge.ts'
import { prepareService } from './prepare.ts'
import { deploySecrets } from './secrets.ts'
import { chooseServices, requireInputs } from './selection.ts'
import { createServiceWorld } from './world.ts'

const sideBySide = 2

/** Everything one service takes, as one line with children. */
export async function installGroup(
  deps: InstallDeps,
  instance: string,
  entry: Entry<ServiceManifest>,
  options: { fetch: boolean; deploy: boolean },
  w = createServiceWorld(deps, instance, entry, options.fetch),
): Promise<StepGroup> {
  const { manifest } = entry
  const group = {
    name: manifest.name,
    title: `${options.deploy ? 'Installing' : 'Configuring'} ${manifest.title}`,
    after: manifest.dependsOn,
    optional: !manifest.core,
  }
  // A service of settings only has nothing in the cluster.
  if (!options.deploy || manifest.apply.length === 0) return { ...group, steps: [prepareService(w)] }
  const entries = await w.entries()
  const health = { deps, instance, manifest }
  const outside = outsideStep(health)
  const all = async (ctx: Parameters<typeof w.objects>[0]) =>
    (await Promise.all(entries.map((apply) => w.objects(ctx, apply)))).flat()
  return {
    ...group,
    steps: [
      ...(asksOfCluster(manifest) ? [fitsStep(w)] : []),
      prepareService(w),
      ...(outside ? [outside] : []),
      ...(clusterSecretsOf(manifest).length ? [deploySecrets(w)] : []),
      ...entries.flatMap((apply) => [
        applyStep({
          name: apply.kustomize,
          title: apply.title,
          of: manifest.title,
          namespace: manifest.namespace,
          kubectl: w.kubectl,
          objects: (ctx) => w.objects(ctx, apply),
          ready: apply.ready,
        }),
        ...(apply.mergeInto ? [mergeStep(w, apply, apply.mergeInto)] : []),
      ]),
      certificateStep({ name: 'certificates', kubectl: w.kubectl, objects: all }),
      ...(manifest.health.length ? [healthStep(health)] : []),
    ],
  }
}

/** Refuses before anything is recorded: nothing can be installed where there is no cluster. Throws CONFLICT. */
export async function requireCluster(deps: InstallDeps, instance: string, deploy: boolean): Promise<void> {
  await deps.instances.require(instance)
  if (deploy && !(await exists(deps.instances.paths(instance).kubeconfig)))
    throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
      hint: 'wild-cli cluster bootstrap',
    })
}

/** The services of the catalog by name. */
export async function catalogOf(deps: InstallDeps): Promise<Map<string, Entry<ServiceManifest>>> {
  return new Map((await deps.catalog.services()).map((entry) => [entry.manifest.name, entry]))
}

/** What is locked while a service is worked on. */
export const lockOf = (instance: string, service: string) => `instances/${instance}/services/${service}`

/** `service.install`: one service, with what it needs first. */
export function installService(deps: InstallDeps): OperationDefinition<InstallInput> {
  const needed = async (name: string) =>
    withDependencies(
      [...(await catalogOf(deps)).values()].map(({ manifest }) => manifest),
      name,
    )
  return {
    type: 'service.install',
    title: ({ name, instance, deploy }) => `${deploy ? 'Install' : 'Configure'} ${name} in ${instance}`,
    input: installInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ name }) => name,
    locks: async ({ instance, name }) => (await needed(name)).map((service) => lockOf(instance, service.name)),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    complete: async (input) => ({ ...input, name: (await deps.catalog.service(input.name)).manifest.name }),
    async refuse({ instance, name, deploy }) {
      await requireCluster(deps, instance, deploy)
      await requireInputs(deps, instance, deploy ? await needed(name) : [(await deps.catalog.service(name)).manifest])
    },
    async steps({ instance, name, fetch, deploy }) {
      const entries = await catalogOf(deps)
      const wanted = deploy ? await needed(name) : [(await deps.catalog.service(name)).manifest]
      const groups: StepGroup[] = []
      for (const { name: service } of wanted)
        groups.push({
          ...(await installGroup(deps, instance, entries.get(service)!, { fetch: fetch && service === name, deploy })),
          optional: false,
        })
      return groups
    },
  }
}

/** `service.install-all`: every service of the catalog in dependency order, independent ones side by side. */
export function installAllServices(deps: InstallDeps): OperationDefinition<InstallAllInput> {
  return {
    type: 'service.install-all',
    title: ({ instance, deploy }) => `${deploy ? 'Install' : 'Configure'} all services in ${instance}`,
    input: installAllInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    locks: async ({ instance }) => [...(await catalogOf(deps)).keys()].map((service) => lockOf(instance, service)),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    parallel: sideBySide,
    async refuse({ instance, deploy }) {
      await requireCluster(deps, instance, deploy)
      const { chosen } = await chooseServices(deps, instance, await deps.catalog.services())
      await requireInputs(deps, instance, chosen)
    },
    async steps({ instance, fetch, deploy }, ctx) {
      for (const { problem } of await deps.catalog.broken('services')) ctx.warn(problem.message)
      const entries = await catalogOf(deps)
      const { chosen, leftOut } = await chooseServices(deps, instance, [...entries.values()])
      for (const { title, reason } of leftOut) ctx.say(`${title} is left out: ${reason}.`)
      ctx.result({ left_out: leftOut.map(({ name, reason }) => ({ name, reason })) })
      const steps: StepGroup[] = []
      for (const { name } of chosen)
        steps.push(await installGroup(deps, instance, entries.get(name)!, { fetch, deploy }))
      return steps
    },
  }
}
