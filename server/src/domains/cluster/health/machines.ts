import { etcd, list, nodes, passing } from '../health.ts'
import type { HealthCheck } from '../model.ts'
import { type HealthFacts, ofKind, some } from './facts.ts'

const pressures: Record<string, string> = {
  DiskPressure: 'its disk is full',
  MemoryPressure: 'it has too little memory',
  PIDPressure: 'it runs too many processes',
}

/** Nodes, with what the ready ones complain about. */
export function nodesCheck(facts: HealthFacts): HealthCheck {
  const check = nodes(facts)
  if (check.status !== 'passing') return check
  const live = ofKind(facts, 'Node') ?? []
  const pressed = live.flatMap(({ metadata, status }) => {
    const conditions = (status?.conditions ?? []) as { type: string; status: string }[]
    return conditions.flatMap(({ type, status: value }) =>
      value === 'True' && pressures[type] ? [`${metadata.name}: ${pressures[type]}`] : [],
    )
  })
  const closed = live
    .filter(({ spec }) => spec?.unschedulable)
    .map(({ metadata }) => `${metadata.name} takes no new pods (cordoned)`)
  if (pressed.length + closed.length === 0) return check
  return {
    name: check.name,
    status: 'warning',
    message: some([...pressed, ...closed]),
    remedy: pressed.length
      ? 'Kubernetes moves pods away from it. Remove apps or volumes it does not need, or give it more room.'
      : 'If nobody works on it, let it take pods again: kubectl uncordon NODE',
  }
}

/** etcd: health of its members, members nobody knows, and members that are still learning. */
export function etcdCheck(facts: HealthFacts): HealthCheck {
  const check = etcd(facts)
  const waits = Object.entries(facts.waitsFor).map(([node, what]) => `${node} waits for ${what}`)
  if (check.status !== 'passing')
    return waits.length ? { ...check, message: `${check.message} (${list(waits)})` } : check
  const members = facts.members ?? []
  const known = facts.etcd.map(({ node }) => node)
  const strangers = members
    .filter(({ hostname }) => hostname && !known.includes(hostname))
    .map(({ hostname }) => hostname)
  const learners = members.filter(({ learner }) => learner).map(({ hostname }) => hostname)
  const absent = members.length ? known.filter((node) => !members.some(({ hostname }) => hostname === node)) : []
  if (strangers.length)
    return {
      name: check.name,
      status: 'warning',
      message: `etcd has a member that is no control plane of this instance: ${list(strangers)}`,
      remedy: `If that machine is gone for good, take it out: talosctl etcd members tells its id, talosctl etcd remove-member ID removes it.`,
    }
  if (absent.length || learners.length)
    return {
      name: check.name,
      status: 'warning',
      message: some([
        ...absent.map((node) => `${node} is not a member yet`),
        ...learners.map((node) => `${node} is still catching up`),
      ]),
      remedy: 'This ends by itself within minutes; if it lasts, restart the named machine.',
    }
  const even = facts.etcd.length > 1 && facts.etcd.length % 2 === 0
  return even
    ? passing(check.name, `${check.message}; an even number survives no more failures than ${facts.etcd.length - 1}`)
    : check
}

/** Kubelets renew a lease every ten seconds, and a node counts as lost after forty. */
const aheadMs = 15_000
const behindMs = 90_000
/** With a clock this far off certificates are refused. */
const brokenMs = 60 * 60_000

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 2) return 'about a minute'
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}

/**
 * Clocks of the ready nodes against that of this device, by the moment each wrote into its lease. To the minute: a
 * message must not change by itself.
 */
export function clockChecks(facts: HealthFacts): HealthCheck[] {
  const name = 'Clocks'
  const leases = ofKind(facts, 'Lease')?.filter(({ metadata }) => metadata.namespace === 'kube-node-lease')
  if (!leases?.length) return []
  const ready = (facts.nodes ?? []).filter((node) => node.ready).map((node) => node.name)
  const off = leases.flatMap(({ metadata, spec }) => {
    const ahead = Date.parse(String(spec?.renewTime ?? '')) - facts.now
    if (!ready.includes(metadata.name) || Number.isNaN(ahead) || (ahead < aheadMs && ahead > -behindMs)) return []
    return [{ name: metadata.name, ahead }]
  })
  if (off.length === 0) return [passing(name, 'The clocks of all nodes agree with this device')]
  const all = off.length === ready.length && off.length > 1
  return [
    {
      name,
      status: off.some(({ ahead }) => Math.abs(ahead) > brokenMs) ? 'failing' : 'warning',
      message: all
        ? `All nodes are ${inWords(Math.abs(off[0]!.ahead))} ${off[0]!.ahead > 0 ? 'ahead of' : 'behind'} this device`
        : some(
            off.map(
              (each) => `${each.name} is ${inWords(Math.abs(each.ahead))} ${each.ahead > 0 ? 'ahead' : 'behind'}`,
            ),
          ),
      remedy: all
        ? 'All nodes agree, so the clock of this device is wrong: set it, or let it ask a time server.'
        : 'The machine cannot reach a time server, or its battery is empty: check that it reaches the internet (UDP 123), then restart it.',
    },
  ]
}

const minor = (version: string): string => version.replace(/^v/, '').split('.').slice(0, 2).join('.')

/** Versions of Talos, Kubernetes and talosctl that do not go together. */
export function versionChecks(facts: HealthFacts): HealthCheck[] {
  const name = 'Versions'
  const known = facts.nodes
  if (!known?.length) return []
  const distinct = (values: string[]) => [...new Set(values.filter(Boolean))].sort()
  const talos = distinct(known.map(({ talosVersion }) => talosVersion))
  const kubelet = distinct(known.map(({ kubeletVersion }) => kubeletVersion))
  const why = [
    ...(talos.length > 1 ? [`nodes run different versions of Talos: ${list(talos)}`] : []),
    ...(kubelet.length > 1 ? [`nodes run different versions of Kubernetes: ${list(kubelet)}`] : []),
    ...(facts.talosctl && talos.length && !talos.some((version) => minor(version) === minor(facts.talosctl!))
      ? [`talosctl on this device is ${facts.talosctl}, the machines run ${list(talos)}`]
      : []),
  ]
  if (why.length === 0)
    return [passing(name, `Talos ${talos[0] ?? 'is not used'}, Kubernetes ${kubelet[0] ?? 'unknown'} everywhere`)]
  return [
    {
      name,
      status: 'warning',
      message: some(why),
      remedy:
        talos.length + kubelet.length > 2
          ? 'An upgrade stopped half-way, or a node was added with another version: run the upgrade again to finish it.'
          : 'Put the talosctl that fits the machines on the PATH of the daemon: commands may be refused or mean something else.',
    },
  ]
}
