import { join } from 'node:path'
import type { OperationDefinition, Step, StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { clusterSecretsOf, type ServiceManifest } from '../../catalog/index.ts'
import { claimsIn, claimText, probeOf, removeStep, setAsideStep } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'
import { unmergeStep } from '../install/merge.ts'
import { createServiceWorld, type ServiceWorld } from '../install/world.ts'
import { type DeleteInput, deleteInput } from '../model.ts'
import { uninstallObjects, uninstallStep } from './uninstall.ts'
import { usersOf } from './users.ts'

/** A namespace of its own; that of the cluster itself never goes. */
const isNamespace = ({ kind, metadata }: KubeObject) => kind === 'Namespace' && metadata.name !== 'kube-system'

/** A service is there when it was rendered into the instance. */
async function isThere(deps: InstallDeps, instance: string, service: string): Promise<boolean> {
  return exists(join(deps.instances.paths(instance).service(service), 'kustomize'))
}

async function dependents(deps: InstallDeps, instance: string, service: string): Promise<string[]> {
  const found: string[] = []
  for (const { manifest } of await deps.catalog.services())
    if (manifest.dependsOn.includes(service) && (await isThere(deps, instance, manifest.name)))
      found.push(manifest.name)
  return found
}

/** What was rendered, whichever entries counted then, and what it made itself; nothing when there is no cluster. */
async function everything(w: ServiceWorld, ctx: StepContext): Promise<KubeObject[]> {
  const rendered = (await Promise.all(w.entry.manifest.apply.map((apply) => objectsOf(w, ctx, apply)))).flat()
  return rendered.length ? [...rendered, ...madeByItself(w)] : []
}

/** Objects outside any namespace that its readiness is judged by: Longhorn makes its storage class itself. */
function madeByItself(w: ServiceWorld): KubeObject[] {
  const { apply, namespace } = w.entry.manifest
  const probes = apply.flatMap(({ ready }) => ready).map((check) => probeOf(check, namespace))
  return probes.filter(({ metadata }) => !metadata.namespace)
}

async function objectsOf(
  w: ServiceWorld,
  ctx: StepContext,
  apply: ServiceManifest['apply'][number],
): Promise<KubeObject[]> {
  const places = w.deps.instances.paths(w.instance)
  const folder = join(places.service(w.entry.manifest.name), 'kustomize', apply.kustomize)
  if (!(await exists(places.kubeconfig)) || !(await exists(join(folder, 'kustomization.yaml')))) return []
  return (await w.objectsOnDisk(ctx, apply)).filter((object) => !isMergedInto(apply, object))
}

/** The object of the cluster itself that a block was put into: the block goes, the object stays. */
function isMergedInto({ mergeInto }: ServiceManifest['apply'][number], { kind, metadata }: KubeObject): boolean {
  return kind === 'ConfigMap' && metadata.name === mergeInto?.configMap && metadata.namespace === mergeInto.namespace
}

/** Refuses while something in the cluster uses what it brings; tells what data goes with it. */
function lookForUsers(w: ServiceWorld, force: boolean): Step {
  const { namespace, title } = w.entry.manifest
  return {
    name: 'users',
    title: 'Looking for what uses it',
    weight: 0,
    async needs(ctx) {
      if (force) return
      const users = await usersOf(w.kubectl(ctx), await everything(w, ctx), namespace)
      if (users.length === 0) return
      const more = users.length > 5 ? ` and ${users.length - 5} more` : ''
      throw new WildError(
        'CONFLICT',
        `${title} is in use by ${users.slice(0, 5).join(', ')}${more}. Delete what uses it first, or use force to delete it all the same: what leans on it then stops working, and data on its volumes is lost.`,
        { users, hint: 'wild-cli app list' },
      )
    },
    async done(ctx) {
      if (w.entry.manifest.apply.length === 0) return keptSettings(w.entry.manifest)
      const there = (await everything(w, ctx)).length > 0
      const volumes = there ? (await claimsIn(w.kubectl(ctx), namespace)).map(claimText) : []
      const users = there ? await usersOf(w.kubectl(ctx), await everything(w, ctx), namespace) : []
      ctx.result({ deleted_volumes: volumes, left_without: users })
      const lost = users.length
        ? [`what uses it stops working, and data on its volumes is lost: ${users.join(', ')}`]
        : []
      const own = volumes.length ? [`these volumes go with it: ${volumes.join(', ')}`] : []
      return [...lost, ...own].join('; ') || 'nothing else uses it; it keeps no volumes'
    },
    run: async () => undefined,
  }
}

/** What becomes of a service that is nothing but settings: apps go on using them. */
function keptSettings({ config }: ServiceManifest): string {
  const keys = Object.keys(config).join(', ')
  return `nothing of it is in the cluster; its settings stay in config.yaml, and apps go on using them until you change them: ${keys}`
}

/** Secrets the service declares; they are made again from secrets.yaml. */
function declaredSecrets(w: ServiceWorld): KubeObject[] {
  return clusterSecretsOf(w.entry.manifest).map(({ name, namespace }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
  }))
}

/** Its parts in the reverse order of installing, then the namespaces that were its own. */
function removal(w: ServiceWorld): Step[] {
  const { manifest } = w.entry
  const { kubectl } = w
  const common = { of: manifest.title, kubectl }
  const parts = [...manifest.apply].reverse().flatMap((apply) => [
    ...(apply.mergeInto ? [unmergeStep(w, apply, apply.mergeInto)] : []),
    removeStep({
      ...common,
      name: apply.kustomize,
      title: `Removing: ${apply.title}`,
      objects: async (ctx) => (await objectsOf(w, ctx, apply)).filter(({ kind }) => kind !== 'Namespace'),
    }),
  ])
  const rest = removeStep({
    ...common,
    name: 'namespace',
    title: 'Removing its secrets and namespace',
    async objects(ctx) {
      const objects = await everything(w, ctx)
      if (objects.length === 0) return []
      const helpers = (await uninstallObjects(w, ctx)).filter(({ metadata }) => !metadata.namespace)
      return [...madeByItself(w), ...declaredSecrets(w), ...helpers, ...objects.filter(isNamespace)]
    },
  })
  const { uninstall } = manifest
  const own = async (ctx: StepContext) =>
    (await Promise.all(manifest.apply.map((apply) => objectsOf(w, ctx, apply))))
      .flat()
      .filter((one) => !isNamespace(one))
  return [...(uninstall ? [uninstallStep(w, uninstall, own)] : []), ...parts, rest]
}

/** `service.delete`: a service and all its objects, resource definitions and their objects included. */
export function deleteService(deps: InstallDeps): OperationDefinition<DeleteInput> {
  return {
    type: 'service.delete',
    title: ({ service, instance }) => `Delete ${service} in ${instance}`,
    input: deleteInput as never,
    tools: ['kubectl'],
    // A service may go by an older name.
    complete: async (input) => ({ ...input, service: (await deps.catalog.service(input.service)).manifest.name }),
    instance: ({ instance }) => instance,
    target: ({ service }) => service,
    locks: ({ instance, service }) => [`instances/${instance}/services/${service}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse({ instance, service, force }) {
      await deps.instances.require(instance)
      const { manifest } = await deps.catalog.service(service)
      if (!(await isThere(deps, instance, service)))
        throw new WildError('NOT_FOUND', `${manifest.title} is not installed in ${instance}.`, {
          name: service,
          hint: 'wild-cli service list',
        })
      // One that only adds a block to a text of the cluster takes it out again.
      if (manifest.namespace === 'kube-system' && !manifest.apply.some(({ mergeInto }) => mergeInto))
        throw new WildError('CONFLICT', `${manifest.title} is part of the cluster itself and cannot be deleted.`, {
          field: 'service',
          name: service,
        })
      const users = force ? [] : await dependents(deps, instance, service)
      if (users.length)
        throw new WildError(
          'CONFLICT',
          `${service} is needed by ${users.join(', ')}. Delete ${users.length === 1 ? 'that' : 'those'} first, or use force to delete it all the same.`,
          { field: 'service', name: service, dependents: users, hint: `wild-cli service delete ${users[0]}` },
        )
    },
    async steps({ instance, service, force }) {
      const w = createServiceWorld(deps, instance, await deps.catalog.service(service), false)
      const places = deps.instances.paths(instance)
      const note = (part: string) => join(places.state, 'rendered', part, `${service}.json`)
      return [
        lookForUsers(w, force),
        ...removal(w),
        setAsideStep({
          of: w.entry.manifest.title,
          places,
          folder: places.service(service),
          notes: [note('services'), note('templates')],
          afterwards: () => deps.instances.changed(instance, 'services'),
        }),
      ]
    },
  }
}
