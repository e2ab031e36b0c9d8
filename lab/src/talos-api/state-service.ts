import { stringify } from 'yaml'
import type { Lan } from '../machines/lan.ts'
import type { Perform } from '../machines/perform.ts'
import type { Reached } from '../machines/reach.ts'
import { definitions, type ResourceDocument, resourceTypes } from '../machines/resources/index.ts'
import { RpcError } from '../machines/rpc-error.ts'
import { encodeMessage, type Message, timestamp } from './messages.ts'

const DEFINITIONS = 'ResourceDefinitions.meta.cosi.dev'
/** Namespaces Talos has, whether or not the lab keeps anything there. */
const NAMESPACES =
  'runtime network network-config hardware cluster cluster-raw config k8s controlplane etcd secrets files cri kubespan perf meta'.split(
    ' ',
  )

/** Which resources are asked for; without an id, all of the type. */
export interface Wanted {
  namespace: string
  type: string
  id?: string
}

/** What cosi.resource.State tells of a machine: the documents of a type, or the one with an id. Throws RpcError. */
export async function readState(
  lan: Lan,
  perform: Perform,
  reached: Reached,
  { namespace, type, id }: Wanted,
): Promise<ResourceDocument[]> {
  if (!NAMESPACES.includes(namespace))
    throw new RpcError('PermissionDenied', `namespace "${namespace}" is not supported`)
  const notFound = new RpcError('NotFound', `resource ${type}(${namespace}/${id}@undefined) doesn't exist`)
  if (type === DEFINITIONS) {
    const all = definitions(lan)
    const found = id === undefined ? all : all.filter(({ metadata }) => metadata.id === id)
    if (id !== undefined && found.length === 0) throw notFound
    return found
  }
  const known = resourceTypes.find((one) => one.type === type)
  if (!known) throw new RpcError('PermissionDenied', `resource type "${type}" is not supported`)
  if (known.namespace === namespace) return (await perform(reached, 'get', { type, id })) as ResourceDocument[]
  if (id !== undefined) throw notFound
  return []
}

/** A document as the wire carries it. Definitions are decoded from protobuf, everything else is shown from YAML. */
export function resourceOf({ metadata, spec }: ResourceDocument): Message {
  const at = (moment: unknown): Message => timestamp(Date.parse(String(moment)))
  return {
    metadata: {
      namespace: metadata.namespace,
      type: metadata.type,
      id: String(metadata.id),
      version: String(metadata.version),
      owner: metadata.owner ?? '',
      phase: metadata.phase,
      created: at(metadata.created),
      updated: at(metadata.updated),
    },
    spec: {
      yaml_spec: stringify(spec, { indent: 4, lineWidth: 0 }),
      ...(metadata.type === DEFINITIONS ? { proto_spec: definitionBytes(spec as Message) } : {}),
    },
  }
}

function definitionBytes(spec: Message): Buffer {
  return encodeMessage('cosi.resource.ResourceDefinitionSpec', {
    resource_type: spec.type,
    display_type: spec.displayType,
    default_namespace: spec.defaultNamespace,
    aliases: spec.aliases,
    all_aliases: spec.aliases,
    print_columns: spec.printColumns.map(({ name, jsonPath }: Message) => ({ name, json_path: jsonPath })),
    sensitivity: spec.sensitivity === 'sensitive' ? 1 : 0,
  })
}
