import type { OperationDefinition, Step, StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { invalid, WildError } from '../../../platform/errors.ts'
import { render } from '../../../templates/index.ts'
import { type AppManifest, type Entry, withDependencies } from '../../catalog/index.ts'
import { applyStep, certificateStep, compareStep, workloads } from '../../objects/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import { type DeployInput, deployInput, givenSettings } from '../model.ts'
import { checkFit } from './fit.ts'
import { namespaceAndSecrets } from './namespace-and-secrets.ts'
import { prepareApp } from './prepare.ts'
import { type AppWorld, appWorld } from './world.ts'

/** The steps of one app, in order. Databases are made ready before what uses them starts. */
export function deploySteps(w: AppWorld, force: boolean): Step[] {
  const { manifest, namespace, kubectl } = w
  const common = { of: manifest.title, namespace, kubectl, force }
  return [
    checkFit(w, force),
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

/** Dry run of one app. */
export function compareApp({ manifest: { name, title }, kubectl, objects }: AppWorld): Step {
  return compareStep({ name, title, kubectl, objects })
}

/** Tells where the app is found. Always done: it only looks. */
export function announce(w: AppWorld): Step {
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

/** An app with everything it needs, which comes first. Throws CONFIG_INVALID for a circle or what is not in the catalog. */
export async function needed(deps: InstallDeps, app: string): Promise<Entry<AppManifest>[]> {
  const entries = await deps.catalog.apps()
  const order = withDependencies(
    entries.map(({ manifest }) => manifest),
    app,
  )
  return order.map(({ name }) => entries.find(({ manifest }) => manifest.name === name)!)
}

type Settings = Record<string, unknown>

/** Was it added? */
const isAdded = (deps: InstallDeps, instance: string, app: string) =>
  exists(`${deps.instances.paths(instance).app(app)}/manifest.yaml`)

/** Locks that deploying an app takes: its own and those of everything it needs. */
export async function deployLocks(deps: InstallDeps, instance: string, app: string): Promise<string[]> {
  return (await needed(deps, app)).map(({ manifest }) => `instances/${instance}/apps/${manifest.name}`)
}

/** The steps that deploy an app and everything it needs, also as part of another operation (a restore). */
export async function deployItems(
  deps: InstallDeps,
  { instance, app, force = false, given }: { instance: string; app: string; force?: boolean; given?: Settings },
): Promise<StepItem[]> {
  const entries = await needed(deps, app)
  const last = entries.pop()!
  const worlds = await Promise.all(entries.map((entry) => appWorld(deps, instance, entry)))
  const own = await appWorld(
    deps,
    instance,
    last,
    given && !(await isAdded(deps, instance, app)) ? { given } : undefined,
  )
  return [...dependencySteps(worlds), ...deploySteps(own, force), announce(own)]
}

/** Refuses what cannot be deployed: an unknown app, one that was not added, an instance without a cluster. */
export async function refuseUndeployable(deps: InstallDeps, instance: string, app: string, add = false): Promise<void> {
  await deps.instances.require(instance)
  await deps.catalog.app(app)
  const places = deps.instances.paths(instance)
  if (!add && !(await isAdded(deps, instance, app)))
    throw new WildError('NOT_FOUND', `${app} has not been added to ${instance} yet.`, {
      name: app,
      hint: `wild-cli app add ${app}`,
    })
  if (!(await exists(places.kubeconfig)))
    throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
      hint: 'wild-cli cluster bootstrap',
    })
}

/** Refuses settings that an app which is there already does not have: another run with the same ones goes on, others are an update. */
async function refuseOthers(deps: InstallDeps, instance: string, app: string, given: Map<string, unknown>) {
  for (const [name, value] of given)
    if ((await deps.config.get(instance, `apps.${app}.${name}`)) !== value)
      throw invalid(name, `${name}: ${app} is there already; an update changes its settings.`, {
        hint: `wild-cli app update ${app} --set ${name}=VALUE`,
      })
}

/** What an app needs, each as one line with children. */
export function dependencySteps(worlds: AppWorld[]): StepItem[] {
  return worlds.map((w) => ({
    name: w.manifest.name,
    title: `Deploying ${w.manifest.title}, which it needs`,
    weight: 4,
    steps: deploySteps(w, false),
  }))
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
    async refuse({ instance, app, add, config, dryRun }) {
      await refuseUndeployable(deps, instance, app, add && !dryRun)
      const given = givenSettings((await deps.catalog.app(app)).manifest, config)
      if (given.size && !add)
        throw invalid('config', 'config: settings come with add; an app that is there takes them with an update.')
      if (given.size && (await isAdded(deps, instance, app))) await refuseOthers(deps, instance, app, given)
    },
    async steps({ instance, app, force, dryRun, add, config }) {
      if (!dryRun) return deployItems(deps, { instance, app, force, given: add ? config : undefined })
      return (await Promise.all((await needed(deps, app)).map((entry) => appWorld(deps, instance, entry)))).map(
        compareApp,
      )
    },
  }
}
