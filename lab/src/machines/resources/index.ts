import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import { RpcError } from '../rpc-error.ts'
import { blockTypes } from './block.ts'
import { clusterTypes } from './cluster.ts'
import { printColumns } from './columns.ts'
import { namesOf, type Resource, type ResourceType } from './model.ts'
import { networkTypes } from './network.ts'
import { runtimeTypes } from './runtime.ts'

/** Every type of resources the machines have, besides the definitions of these types. */
export const resourceTypes = [...blockTypes, ...networkTypes, ...runtimeTypes, ...clusterTypes]

/** The type of the definitions, which is one of them. */
const DEFINITION: Pick<ResourceType, 'type' | 'namespace' | 'aliases' | 'sensitive'> = {
  type: 'ResourceDefinitions.meta.cosi.dev',
  namespace: 'meta',
  aliases: [],
}

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
  if (namesOf(DEFINITION).includes(wanted.toLowerCase())) return definitions(lan)
  const type = resourceTypes.find((one) => namesOf(one).includes(wanted.toLowerCase()))
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

/** What `talosctl get rd` reads: which types there are, and how they are named and shown. */
export function definitions(lan: Lan): ResourceDocument[] {
  const at = new Date(lan.clock.now()).toISOString()
  return [...resourceTypes, DEFINITION].map((type) => ({
    metadata: {
      created: at,
      id: type.type.toLowerCase(),
      namespace: 'meta',
      owner: null,
      phase: 'running',
      type: DEFINITION.type,
      updated: at,
      version: 1,
    },
    spec: {
      type: type.type,
      displayType: type.type.split('.')[0],
      aliases: namesOf(type),
      defaultNamespace: type.namespace,
      printColumns: (printColumns[type.type] ?? []).map(([name, path]) => ({ name, jsonPath: `{.${path}}` })),
      sensitivity: type.sensitive ? 'sensitive' : '',
    },
  }))
}
