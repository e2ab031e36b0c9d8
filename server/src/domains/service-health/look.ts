import { saidBy, WildError } from '../../platform/errors.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../tools/kubectl.ts'
import type { HealthCheckSpec, ReadyCheck, ServiceManifest } from '../catalog/index.ts'
import type { ConfigService } from '../config/index.ts'
import type { InstancesService } from '../instances/index.ts'
import type { SecretsService } from '../secrets/index.ts'

export interface HealthDeps {
  instances: Pick<InstancesService, 'paths' | 'require'>
  config: Pick<ConfigService, 'get' | 'text'>
  secrets: Pick<SecretsService, 'value'>
}

/** One service being looked at: what its checks share. Everything is read once per look. */
export interface Look {
  manifest: ServiceManifest
  kubectl: Kubectl
  /** Live objects of a kind; none when the cluster does not know the kind. */
  list(apiVersion: string, kind: string, namespace?: string): Promise<KubeObject[]>
  /** What is waited for here: steps for or without a secret that is not so do not count. */
  parts(): Promise<ReadyCheck[]>
  /** A setting as text; empty when it is not set. */
  setting(path: string): Promise<string>
  /** config.yaml as it is. */
  configText(): Promise<string>
}

export type CheckOf<Name extends HealthCheckSpec['check']> = Extract<HealthCheckSpec, { check: Name }>

const unknownKind = /the server doesn't have a resource type|no matches for kind/i

/** `node.v1beta2.longhorn.io`: a kind as kubectl takes it without mistaking it for another of the same name. */
function typeName(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', '']
  return [kind.toLowerCase(), version, group].filter(Boolean).join('.')
}

/** What checks of one service look through. */
export function createLook(deps: HealthDeps, instance: string, manifest: ServiceManifest, run: RunTool): Look {
  const { kubeconfig, home } = deps.instances.paths(instance)
  const kubectl = createKubectl(run, { kubeconfig, home })
  const read = new Map<string, Promise<KubeObject[]>>()

  async function get(apiVersion: string, kind: string, namespace?: string): Promise<KubeObject[]> {
    const where = namespace === undefined ? { allNamespaces: true } : { namespace }
    try {
      return await kubectl.get(typeName(apiVersion, kind), { ...where, repeated: true })
    } catch (error) {
      if (error instanceof WildError && unknownKind.test(saidBy(error))) return []
      throw error
    }
  }

  return {
    manifest,
    kubectl,
    list(apiVersion, kind, namespace) {
      const key = `${apiVersion} ${kind} ${namespace ?? ''}`
      const known = read.get(key) ?? get(apiVersion, kind, namespace)
      read.set(key, known)
      return known
    },
    async parts() {
      const isSet = async (path: string) => Boolean(await deps.secrets.value(instance, path))
      const counted: ReadyCheck[] = []
      for (const { whenSecret, unlessSecret, ready } of manifest.apply) {
        if (whenSecret && !(await isSet(whenSecret))) continue
        if (unlessSecret && (await isSet(unlessSecret))) continue
        counted.push(...ready)
      }
      return counted
    },
    async setting(path) {
      const value = await deps.config.get(instance, path)
      return value === undefined || value === null ? '' : String(value)
    },
    configText: () => deps.config.text(instance),
  }
}
