import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import { RpcError } from '../rpc-error.ts'
import { blockTypes } from './block.ts'
import { clusterTypes } from './cluster.ts'
import { namesOf, type Resource, type ResourceType } from './model.ts'
import { networkTypes } from './network.ts'
import { runtimeTypes } from './runtime.ts'

const types = [...blockTypes, ...networkTypes, ...runtimeTypes, ...clusterTypes]

/** One document of `talosctl get -o json`, without the node. */
export interface ResourceDocument {
  metadata: Record<string, unknown>
  spec: unknown
}

/** What `talosctl get TYPE [ID]` reads from one machine. Throws RpcError: unknown type, unknown id, not allowed. */
export function getResources(
  machine: Machine,
  lan: Lan,
  wanted: string,
  id: string | undefined,
  role: 'admin' | 'reader',
): ResourceDocument[] {
  if (['rd', 'resourcedefinition', 'resourcedefinitions'].includes(wanted.toLowerCase())) return definitions(lan)
  const type = types.find((one) => namesOf(one).includes(wanted.toLowerCase()))
  if (!type) throw new RpcError('NotFound', `resource "${wanted}" is not registered`)
  if (type.sensitive && role !== 'admin') throw new RpcError('PermissionDenied', 'not authorized')
  const found = type.list(machine, lan)
  if (id === undefined) return found.map((resource) => documentOf(type, resource, machine))
  const one = found.find((resource) => resource.id === id)
  if (!one) throw new RpcError('NotFound', `resource ${type.type}(${type.namespace}/${id}@undefined) doesn't exist`)
  return [documentOf(type, one, machine)]
}

function documentOf(type: ResourceType, resource: Resource, machine: Machine): ResourceDocument {
  const at = new Date(Math.min(machine.upFrom, Date.now())).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    metadata: {
      created: at,
      // The real tool prints ids through YAML, where digits alone are a number.
      id: /^\d+$/.test(resource.id) ? Number(resource.id) : resource.id,
      namespace: type.namespace,
      owner: type.owner,
      phase: 'running',
      type: type.type,
      updated: at,
      version: resource.version ?? 1,
    },
    spec: resource.spec,
  }
}

function definitions(lan: Lan): ResourceDocument[] {
  const at = new Date(lan.clock.now()).toISOString()
  return types.map((type) => ({
    metadata: {
      created: at,
      id: type.type.toLowerCase(),
      namespace: 'meta',
      owner: null,
      phase: 'running',
      type: 'ResourceDefinitions.meta.cosi.dev',
      updated: at,
      version: 1,
    },
    spec: {
      type: type.type,
      displayType: type.type.split('.')[0],
      aliases: namesOf(type),
      defaultNamespace: type.namespace,
      sensitivity: type.sensitive ? 'sensitive' : '',
    },
  }))
}
