import type { LabClock } from '../lab-clock.ts'
import { type ConfigFacts, configFacts } from './config-facts.ts'
import { durations } from './durations.ts'
import type { Victim } from './faults.ts'
import { type Hardware, hardwareOf, withDisks } from './hardware.ts'
import { hasMajority, runsEtcd } from './quorum.ts'
import { type EtcdRecord, type MachineRecord, NEVER } from './record.ts'

/** What the lab remembers, at one moment. */
export interface Snapshot {
  now: number
  clock: Pick<LabClock, 'speed'>
  prefix: string
  gateway: string
  records: MachineRecord[]
  etcd: EtcdRecord[]
  /** Machines cut off from the network by a fault. */
  unreachable: (victim: Victim) => boolean
}

/** A machine as it is at one moment. Moments that are not foreseeable are NEVER. */
export interface Machine {
  record: MachineRecord
  hardware: Hardware
  facts?: ConfigFacts
  hostname: string
  /** The address the router gives out. */
  dhcpAddress: string
  /** Its own addresses without prefix length, the first is the main one; the VIP is not among them. */
  addresses: string[]
  /** The machine API answers. */
  up: boolean
  /** Powered and booted, whether or not the network lets anybody see it. */
  awake: boolean
  upFrom: number
  runtimeFrom: number
  kubeletFrom: number
  /** Etcd runs on it. */
  etcdFrom: number
  /** Enough members of its etcd work together: without a majority it answers nothing. */
  hasMajority: boolean
  /** The API server runs on it. */
  apiFrom: number
  registeredFrom: number
  readyFrom: number
  holdsVip: boolean
  /** A time server told it the time. */
  timeSynced: boolean
}

const FIRST_HOST = 100

/** How faults name a machine. */
export const victimOf = (number: number, facts: ConfigFacts | undefined): Victim => ({
  machine: number,
  clusterId: facts?.clusterId,
  clusterName: facts?.clusterName,
})

/** The address the simulated router gives machine `number`. */
export const dhcpAddressOf = (prefix: string, number: number): string => `${prefix}.${FIRST_HOST + number}`

/** Works out what every machine is and does at the snapshot's moment: a function of what is stored and of the time. */
export function observe(snapshot: Snapshot): Machine[] {
  const machines = snapshot.records.map((record) => machineOf(record, snapshot))
  for (const machine of machines) gateWorker(machine, machines)
  for (const etcd of snapshot.etcd) {
    const majority = hasMajority(etcd, machines, snapshot.now)
    for (const machine of machines) if (machine.facts?.clusterId === etcd.clusterId) machine.hasMajority = majority
    if (majority || keepsVip(etcd, snapshot)) giveVip(etcd, machines, snapshot.now)
  }
  return machines
}

function machineOf(record: MachineRecord, snapshot: Snapshot): Machine {
  const { now, prefix, clock } = snapshot
  const hardware = withDisks(hardwareOf(record.number), record.disks)
  const facts = configFacts(record, hardware)
  const after = (moment: number, labMs: number): number => (moment === NEVER ? NEVER : moment + labMs / clock.speed)
  const etcd = facts && snapshot.etcd.find((one) => one.clusterId === facts.clusterId)
  const isMember = facts?.role === 'controlplane' && !etcd?.left?.includes(record.number) && !record.outdatedEtcd
  const rejoin = etcd?.wiped?.includes(record.number) ? durations.etcdRefill : durations.etcdRejoin
  const kubeletFrom = facts ? after(record.upFrom, durations.kubelet) : NEVER
  const registeredFrom = etcd ? after(Math.max(etcd.apiFrom, kubeletFrom), durations.register) : NEVER
  const awake = now >= record.upFrom
  const dhcpAddress =
    record.leasedHost === undefined ? dhcpAddressOf(prefix, record.number) : `${prefix}.${record.leasedHost}`
  return {
    record,
    hardware,
    facts,
    hostname: facts?.hostname ?? `talos-${hardware.uuid.slice(9, 12)}-${hardware.uuid.slice(-3)}`,
    dhcpAddress,
    addresses: addressesOf(facts, dhcpAddress),
    awake,
    up: awake && !snapshot.unreachable(victimOf(record.number, facts)),
    upFrom: record.upFrom,
    runtimeFrom: facts ? after(record.upFrom, durations.runtime) : NEVER,
    kubeletFrom,
    etcdFrom: etcd && isMember ? Math.max(etcd.etcdFrom, after(record.upFrom, rejoin)) : NEVER,
    apiFrom: etcd && isMember ? Math.max(etcd.apiFrom, after(record.upFrom, durations.apiServerRestart)) : NEVER,
    hasMajority: false,
    registeredFrom,
    readyFrom: after(registeredFrom, durations.ready),
    holdsVip: false,
    timeSynced: record.clockOffset === undefined && reachesWorld(facts, snapshot),
  }
}

/** Time servers are beyond the router: a configuration that names another one leads nowhere. */
function reachesWorld(facts: ConfigFacts | undefined, { gateway }: Snapshot): boolean {
  return facts?.gateway === undefined || facts.gateway === gateway
}

function addressesOf(facts: ConfigFacts | undefined, dhcpAddress: string): string[] {
  const fixed = (facts?.addresses ?? []).map((address) => address.split('/')[0]!)
  return facts === undefined || facts.dhcp ? [...new Set([...fixed, dhcpAddress])] : fixed
}

/** A worker's API needs a certificate that only a control plane of its cluster can issue. */
function gateWorker(machine: Machine, machines: Machine[]): void {
  const { facts } = machine
  if (facts?.role !== 'worker' || machine.record.registeredIn === facts.clusterId) return
  machine.up &&= machines.some(
    (other) => other.awake && other.facts?.role === 'controlplane' && other.facts.osCa.crt === facts.osCa.crt,
  )
}

/** The lease of the election outlives the majority for a while. */
const leaseEnd = ({ stalledFrom = NEVER }: EtcdRecord, { clock }: Pick<Snapshot, 'clock'>): number =>
  stalledFrom === NEVER ? NEVER : stalledFrom + durations.vipLease / clock.speed

const keepsVip = (etcd: EtcdRecord, snapshot: Snapshot): boolean => snapshot.now < leaseEnd(etcd, snapshot)

function giveVip(etcd: EtcdRecord, machines: Machine[], now: number): void {
  if (now < etcd.vipFrom) return
  const holder = machines.find(
    (one) => one.facts?.clusterId === etcd.clusterId && one.facts.vip !== undefined && runsEtcd(one, now),
  )
  if (holder) holder.holdsVip = true
}

/** Whether the Kubernetes node of this machine exists; it outlives reboots. */
export function isRegistered(machine: Machine, now: number): boolean {
  if (machine.facts === undefined) return false
  return machine.record.registeredIn === machine.facts.clusterId || (machine.awake && now >= machine.registeredFrom)
}

/** Whether its kubelet reports Ready. */
export const isReady = (machine: Machine, now: number): boolean => machine.up && now >= machine.readyFrom

/** Future moments at which something about these machines changes by itself. */
export function comingMoments(
  machines: Machine[],
  etcd: EtcdRecord[],
  { now, clock }: Pick<Snapshot, 'now' | 'clock'>,
): number[] {
  const moments = machines.flatMap((one) => [
    one.record.installUntil,
    one.upFrom,
    one.runtimeFrom,
    one.kubeletFrom,
    one.etcdFrom,
    one.apiFrom,
    one.registeredFrom,
    one.readyFrom,
  ])
  const all = [...moments, ...etcd.flatMap((one) => [one.etcdFrom, one.vipFrom, one.apiFrom, leaseEnd(one, { clock })])]
  return all.filter((moment) => moment > now && moment !== NEVER)
}
