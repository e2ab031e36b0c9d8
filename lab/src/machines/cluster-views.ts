import type { Clusters, ClusterView, NodeView } from '../kube/cluster-view.ts'
import type { LabStore } from '../store.ts'
import type { ConfigFacts } from './config-facts.ts'
import { extensionsOf } from './extensions.ts'
import type { Lan } from './lan.ts'
import { isReady, isRegistered, type Machine } from './life.ts'
import type { EtcdRecord } from './record.ts'

/** What the Kubernetes half of the lab may know: the clusters that applied machine configs describe. */
export function clusterViews(lan: Lan): Clusters {
  return {
    list: () => viewsOf(lan),
    onChange: (listener) => lan.onChange(listener),
  }
}

type Configured = Machine & { facts: ConfigFacts }

function viewsOf(lan: Lan): ClusterView[] {
  const configured = lan.machines().filter((machine): machine is Configured => machine.facts !== undefined)
  const ids = [...new Set(configured.map((machine) => machine.facts.clusterId))]
  return ids.flatMap((id) => {
    const members = configured.filter((machine) => machine.facts.clusterId === id)
    const etcd = lan.etcd().find((one) => one.clusterId === id)
    const view = viewOf(id, members, etcd, lan)
    return view ? [view] : []
  })
}

function viewOf(id: string, members: Configured[], etcd: EtcdRecord | undefined, lan: Lan): ClusterView | undefined {
  const controlPlanes = members.filter((machine) => machine.facts.role === 'controlplane')
  const first = controlPlanes[0]
  if (!first) return undefined
  const now = lan.clock.now()
  const { facts } = controlPlanes.find((machine) => machine.facts.vip !== undefined) ?? first
  const hasVip = controlPlanes.some((machine) => machine.holdsVip) || facts.vip === undefined
  return {
    id,
    name: facts.clusterName,
    vip: facts.vip ?? (URL.canParse(facts.endpoint) ? new URL(facts.endpoint).hostname : first.addresses[0]!),
    apiUp: etcd !== undefined && hasVip && controlPlanes.some((machine) => machine.up && now >= machine.apiFrom),
    etcdStalled: !controlPlanes.some((machine) => machine.hasMajority),
    ca: facts.kubernetesCa,
    kubernetesVersion: facts.apiServerVersion,
    nodes: onePerName(members).map((machine) => nodeOf(machine, lan.store, now)),
  }
}

/** Of machines with one name Kubernetes hears the one that answers: another took the place of one that is gone. */
function onePerName(members: Configured[]): Configured[] {
  const kept = new Map<string, Configured>()
  for (const machine of members) if (!kept.get(machine.hostname)?.up) kept.set(machine.hostname, machine)
  return [...kept.values()]
}

function nodeOf(machine: Configured, store: LabStore, now: number): NodeView {
  const { facts, hardware, record } = machine
  return {
    name: machine.hostname,
    ip: machine.addresses[0] ?? machine.dhcpAddress,
    role: facts.role,
    registered: isRegistered(machine, now),
    online: machine.up,
    ready: isReady(machine, now),
    clockOffset: record.clockOffset,
    talosVersion: record.talosVersion,
    kubernetesVersion: facts.kubernetesVersion,
    labels: { 'kubernetes.io/hostname': machine.hostname, ...facts.labels },
    taints: facts.taints,
    hasLonghornMount: facts.hasLonghornMount,
    extensions: extensionsOf(store, record.schematic),
    cards: record.cards,
    diskBytes: hardware.disks.find((disk) => disk.name === record.systemDisk)?.size ?? 0,
  }
}
