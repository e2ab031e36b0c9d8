import type { OperationDefinition, Step, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { render } from '../../../templates/index.ts'
import { type AppManifest, type Entry, withDependencies } from '../../catalog/index.ts'
import { applyStep, certificateStep, workloads } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type DeployInput, deployInput } from '../model.ts'
import { compareWithCluster } from './compare.ts'
import { namespaceAndSecrets } from './namespace-and-secrets.ts'
import { prepareApp } from './prepare.ts'
import { type AppWorld, createAppWorld } from './world.ts'

/** The steps of one app, in order. Databases are made ready before what uses them starts. */
function deploySteps(w: AppWorld, force: boolean): Step[] {
  const { manifest, namespace, kubectl } = w
  const common = { of: manifest.title, namespace, kubectl, force }
  return [
    prepareApp(w),
    namespaceAndSecrets(w),
    certificateStep({ name: 'certificates', kubectl, objects: w.objects }),
    applyStep({
      ...common,
      name: 'settings',
      title: 'Storage, settings and database',
      objects: async (ctx) => (await w.objects(ctx)).filter(({ kind }) => !workloads.has(kind)),
      ready: [],
    }),
    applyStep({
      ...common,
      name: 'start',
      title: `Starting ${manifest.title}`,
      objects: async (ctx) => (await w.objects(ctx)).filter(({ kind }) => workloads.has(kind)),
      ready: manifest.ready,
    }),
  ]
}

/** Tells where the app is found. Always done: it only looks. */
function announce(w: AppWorld): Step {
  return {
    name: 'announce',
    title: 'Address',
    weight: 0,
    async done(ctx) {
      const { url, notes, title } = w.manifest
      const address = url && render(url, await w.deps.config.context(w.instance), { name: 'url' })
      ctx.result({ ...(address ? { url: address } : {}), ...(notes ? { notes } : {}) })
      return address ?? `${title} is used inside the cluster only`
    },
    run: async () => undefined,
  }
}

/** An app and everything it needs, what is needed first. */
async function neededBy(deps: InstallDeps, app: string): Promise<Entry<AppManifest>[]> {
  const entries = await deps.catalog.apps()
  const order = withDependencies(
    entries.map(({ manifest }) => manifest),
    app,
  )
  return order.map(({ name }) => entries.find(({ manifest }) => manifest.name === name)!)
}

/** Locks that deploying an app takes: its own and those of everything it needs. */
export async function deployLocks(deps: InstallDeps, instance: string, app: string): Promise<string[]> {
  return (await neededBy(deps, app)).map(({ manifest }) => `instances/${instance}/apps/${manifest.name}`)
}

/** The steps that deploy an app and everything it needs, also as part of another operation (a restore). */
export async function deployItems(
  deps: InstallDeps,
  { instance, app, force = false }: { instance: string; app: string; force?: boolean },
): Promise<StepItem[]> {
  const worlds = (await neededBy(deps, app)).map((entry) => createAppWorld(deps, instance, entry))
  const own = worlds.pop()!
  const dependencies: StepItem[] = worlds.map((w) => ({
    name: w.manifest.name,
    title: `Deploying ${w.manifest.title}, which it needs`,
    weight: 4,
    steps: deploySteps(w, false),
  }))
  return [...dependencies, ...deploySteps(own, force), announce(own)]
}

/** `app.deploy`: an app and everything it needs. */
export function deployApp(deps: InstallDeps): OperationDefinition<DeployInput> {
  return {
    type: 'app.deploy',
    title: ({ app, instance, dryRun }) =>
      `${dryRun ? 'Compare' : 'Deploy'} ${app} ${dryRun ? 'with' : 'in'} ${instance}`,
    input: deployInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: ({ instance, app }) => deployLocks(deps, instance, app),
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse({ instance, app }) {
      await deps.instances.require(instance)
      await deps.catalog.app(app)
      const places = deps.instances.paths(instance)
      if (!(await exists(`${places.app(app)}/manifest.yaml`)))
        throw new WildError('NOT_FOUND', `${app} has not been added to ${instance} yet.`, {
          name: app,
          hint: `wild-cli app add ${app}`,
        })
      if (!(await exists(places.kubeconfig)))
        throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
          hint: 'wild-cli cluster bootstrap',
        })
    },
    async steps({ instance, app, force, dryRun }) {
      if (!dryRun) return deployItems(deps, { instance, app, force })
      return (await neededBy(deps, app)).map((entry) => compareWithCluster(createAppWorld(deps, instance, entry)))
    },
  }
}
