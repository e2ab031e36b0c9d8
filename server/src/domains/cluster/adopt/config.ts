import { stringify } from 'yaml'
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

/** What config.yaml of the instance shall say about the cluster. */
export function adoptedConfig(host: string, found: FoundNode[]): string {
  const plane = found.find(({ node, config }) => node.controlPlane && config)
  const { machine, cluster } = mainDocument(plane?.config) ?? {}
  const image = String(machine?.install?.image ?? '')
  const [, schematicId] = /installer\/([0-9a-f]{64}):/.exec(image) ?? []
  const first = found[0]!.node
  return stringify({
    cluster: {
      ...(cluster?.clusterName ? { name: cluster.clusterName } : {}),
      ...(first.kubeletVersion ? { kubernetesVersion: first.kubeletVersion } : {}),
      nodes: {
        control: { vip: host },
        talos: {
          ...(first.talosVersion ? { version: first.talosVersion } : {}),
          ...(schematicId ? { schematicId } : {}),
        },
        active: Object.fromEntries(found.map((each) => [each.node.name, record(each, schematicId)])),
      },
    },
  })
}

function record({ node, machine, config }: FoundNode, schematicId: string | undefined) {
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
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value))
}
