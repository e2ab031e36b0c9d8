import { join } from 'node:path'
import { exists } from '../../platform/atomic-file.ts'
import { notThere, WildError } from '../../platform/errors.ts'
import { parse } from '../../platform/names.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../tools/kubectl.ts'
import type { Catalog, ReadyCheck } from '../catalog/index.ts'
import type { InstancesService } from '../instances/index.ts'
import { parseManifests } from '../objects/index.ts'
import { type WorkloadInput, workloadInput } from './model.ts'

export interface PlaceDeps {
  instances: InstancesService
  catalog: Catalog
}

/** Where a service or app is: in the cluster and on disk. */
export interface Place extends WorkloadInput {
  title: string
  namespace: string
  checks: ReadyCheck[]
  /** The folder of its files. */
  folder: string
  /** The kustomizations that make its objects. */
  kustomizations: string[]
  kubectl(run: RunTool): Kubectl
  /** Its objects as the files on disk say. */
  objects(run: RunTool): Promise<KubeObject[]>
  /** Those, each with the kustomization that makes it. */
  made(run: RunTool): Promise<Made[]>
}

/** An object, and the folder of the kustomization that makes it. */
export interface Made {
  object: KubeObject
  folder: string
}

/** Finds a service or app. Throws NOT_FOUND when it is not in the catalog, or not in the instance; CONFLICT without a cluster. */
export async function placeOf({ instances, catalog }: PlaceDeps, given: WorkloadInput): Promise<Place> {
  const {
    instance,
    kind,
    name: asked,
  } = parse(workloadInput, { instance: given.instance, kind: given.kind, name: given.name })
  await instances.require(instance)
  const places = instances.paths(instance)
  const { manifest } = kind === 'app' ? await catalog.app(asked) : await catalog.service(asked)
  const { name, title } = manifest
  const folder = kind === 'app' ? places.app(name) : places.service(name)
  const kustomizations =
    'apply' in manifest ? manifest.apply.map(({ kustomize }) => join(folder, 'kustomize', kustomize)) : [folder]
  if (!(await exists(folder)))
    throw notThere(
      kind,
      name,
      kind === 'app' ? 'added' : 'installed',
      `wild-cli ${kind} ${kind === 'app' ? 'add' : 'install'} ${name}`,
    )
  if (!(await exists(places.kubeconfig)))
    throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
      hint: 'wild-cli cluster bootstrap',
    })
  const kubectl = (run: RunTool) => createKubectl(run, { kubeconfig: places.kubeconfig, home: places.home })
  async function made(run: RunTool): Promise<Made[]> {
    const objects: Made[] = []
    for (const path of kustomizations)
      if (await exists(join(path, 'kustomization.yaml')))
        for (const object of parseManifests(await kubectl(run).kustomize(path))) objects.push({ object, folder: path })
    return objects
  }
  return {
    instance,
    kind,
    name,
    title,
    namespace: 'apply' in manifest ? manifest.namespace : name,
    checks: 'apply' in manifest ? manifest.apply.flatMap(({ ready }) => ready) : manifest.ready,
    folder,
    kustomizations,
    kubectl,
    made,
    objects: async (run) => (await made(run)).map(({ object }) => object),
  }
}
