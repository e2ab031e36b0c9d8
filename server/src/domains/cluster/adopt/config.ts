import type { KubernetesNode, Machine } from '../../nodes/index.ts'
import { mainDocument } from './secrets-bundle.ts'

/** A node of a cluster made by hand, as it and Kubernetes tell it. */
export interface FoundNode {
  node: KubernetesNode
  /** Undefined when the machine could not be asked. */
  machine?: Machine
  /** Its machine configuration as it runs; undefined when it was not handed out. */
  config?: string
}

/** The fields that have a value. */
function told<V>(fields: Record<string, V | undefined>): Record<string, V> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, V] => Boolean(entry[1])))
}

/** What a running cluster says that config.yaml says too, by path; what it does not tell is left out. */
export function clusterSettings(host: string, found: FoundNode[]): Record<string, string> {
  const plane = found.find(({ node, config }) => node.controlPlane && config)
  const { machine, cluster } = mainDocument(plane?.config) ?? {}
  const [, schematicId] = /installer\/([0-9a-f]{64}):/.exec(String(machine?.install?.image ?? '')) ?? []
  const first = found[0]!.node
  const all: Record<string, string | undefined> = {
    'cluster.name': cluster?.clusterName,
    'cluster.kubernetesVersion': first.kubeletVersion,
    'cluster.nodes.control.vip': host,
    'cluster.nodes.talos.version': first.talosVersion,
    'cluster.nodes.talos.schematicId': schematicId,
  }
  return told(all)
}

/** What config.yaml shall say about a node of a running cluster. */
export function nodeSettings(
  { node, machine, config }: FoundNode,
  schematicId: string | undefined,
): Record<string, string | boolean> {
  const disk = machine?.selectedDisk ?? mainDocument(config)?.machine?.install?.disk
  const known = machine?.disks.find(({ path }) => path === disk)
  const identity = known?.wwid || known?.serial
  const fields = {
    role: node.controlPlane ? 'controlplane' : 'worker',
    mac: machine?.mac,
    interface: machine?.interface,
    disk,
    diskSerial: known?.serial || undefined,
    diskWwid: known?.wwid || undefined,
    installedDisk: identity,
    currentIp: node.ip,
    targetIp: node.ip,
    version: machine?.version ?? node.talosVersion,
    schematicId,
    applied: true,
  }
  return told(fields)
}
