import type { LabClock } from '../lab-clock.ts'
import type { LabStore } from '../store.ts'
import { createFaults, type Faults } from './faults.ts'
import { holdCollection } from './held-collection.ts'
import { comingMoments, isRegistered, type Machine, observe } from './life.ts'
import { hasMajority, runsEtcd } from './quorum.ts'
import type { DiskWrite, EtcdRecord, MachineRecord } from './record.ts'

/** The simulated LAN: what is remembered of its machines, and what follows from it right now. */
export interface Lan {
  readonly clock: LabClock
  readonly store: LabStore
  readonly faults: Faults
  readonly prefix: string
  readonly gateway: string
  /** Every machine as it is at this moment. */
  machines(): Machine[]
  etcd(): EtcdRecord[]
  /** Changes what is remembered of one machine; on disk when this returns. */
  update(number: number, change: Partial<MachineRecord>): void
  putEtcd(record: EtcdRecord): void
  deleteEtcd(clusterId: string): void
  recordDiskWrite(write: Omit<DiskWrite, 'at'>): void
  /** Says that something outside the records changed (a fault). */
  touch(): void
  /** Called after every change, whether ordered or by the passing of time. Returns a cancel function. */
  onChange(listener: () => void): () => void
  close(): void
}

export interface LanOptions {
  store: LabStore
  clock: LabClock
  prefix: string
  gateway: string
  machines: number
}

const MACHINES = 'machines'
const ETCD = 'etcd'
const WRITES = 'disk-writes'
/** Schematic without extensions: what a plain ISO carries. */
export const PLAIN_SCHEMATIC = '376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba'
export const BOOT_VERSION = 'v1.11.5'

/** Whether an address can be a machine's on this LAN. A config may name others; nobody reaches a machine there. */
export const isOnLan = ({ prefix, gateway }: Pick<Lan, 'prefix' | 'gateway'>, address: string): boolean =>
  address.startsWith(`${prefix}.`) && address !== gateway

const keyOf = (number: number): string => String(number).padStart(3, '0')

/** Opens the LAN: machines not seen before are made, the others go on from what is stored. */
export function openLan(options: LanOptions): Lan {
  const { store, clock, prefix } = options
  const faults = createFaults(store)
  const listeners = new Set<() => void>()
  let cancelTimer = (): void => {}

  const records = holdCollection<MachineRecord>(store, MACHINES)
  const clusters = holdCollection<EtcdRecord>(store, ETCD)
  const machines = (): Machine[] =>
    observe({
      now: clock.now(),
      clock,
      prefix,
      gateway: options.gateway,
      records: records.list().slice(0, options.machines),
      etcd: clusters.list(),
      unreachable: (victim) => faults.holds('unreachable', victim),
    })

  const noteRegistrations = (): void => {
    for (const machine of machines()) {
      const clusterId = machine.facts?.clusterId
      if (machine.record.registeredIn === clusterId || !isRegistered(machine, clock.now())) continue
      records.put(keyOf(machine.record.number), { ...machine.record, registeredIn: clusterId })
    }
  }
  const noteMembers = (): void => {
    const all = machines()
    for (const etcd of clusters.list()) {
      const now = clock.now()
      const runs = all.filter((one) => one.facts?.clusterId === etcd.clusterId && runsEtcd(one, now))
      const joined = [...new Set([...(etcd.joined ?? []), ...runs.map(({ record }) => record.number)])]
      const stalledFrom = hasMajority(etcd, all, now) ? undefined : (etcd.stalledFrom ?? now)
      if (joined.length > (etcd.joined?.length ?? 0) || stalledFrom !== etcd.stalledFrom)
        clusters.put(etcd.clusterId, { ...etcd, joined, stalledFrom })
    }
  }
  const armTimer = (): void => {
    cancelTimer()
    const next = Math.min(...comingMoments(machines(), clusters.list(), { now: clock.now(), clock }))
    cancelTimer = Number.isFinite(next) ? clock.at(next, changed) : () => {}
  }
  const changed = (): void => {
    noteRegistrations()
    noteMembers()
    armTimer()
    for (const listener of [...listeners]) listener()
  }

  store.transaction(() => {
    for (let number = 1; number <= options.machines; number += 1) {
      const key = keyOf(number)
      if (records.get(key) === undefined) records.put(key, newMachine(number, clock.now()))
    }
  })
  noteRegistrations()
  noteMembers()
  armTimer()

  return {
    clock,
    store,
    faults,
    prefix,
    gateway: options.gateway,
    machines,
    etcd: clusters.list,
    update: (number, change) => {
      const key = keyOf(number)
      records.put(key, { ...records.get(key)!, ...change })
      changed()
    },
    putEtcd: (record) => {
      clusters.put(record.clusterId, record)
      changed()
    },
    deleteEtcd: (clusterId) => {
      clusters.delete(clusterId)
      changed()
    },
    recordDiskWrite: (write) => {
      const at = new Date(clock.now()).toISOString()
      const count = store.list(WRITES).length + 1
      store.put(WRITES, String(count).padStart(6, '0'), { at, ...write })
    },
    touch: changed,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      cancelTimer()
      listeners.clear()
    },
  }
}

function newMachine(number: number, now: number): MachineRecord {
  return {
    number,
    activity: 'rebooting',
    installUntil: 0,
    upFrom: now,
    stuck: false,
    talosVersion: BOOT_VERSION,
    schematic: PLAIN_SCHEMATIC,
    configVersion: 0,
    createdAt: now,
  }
}
