import { createHash } from 'node:crypto'
import { momentCollection } from '../../kube/controllers/moments.ts'
import { objectCollection } from '../../kube/object-store.ts'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { type EtcdRecord, NEVER } from '../record.ts'
import { RpcError } from '../rpc-error.ts'

/** What etcd keeps of a cluster, by collection of the lab's store. */
type Contents = Record<string, { key: string; value: unknown }[]>

const pageBytes = 512
const sumBytes = 32

const collectionsOf = (clusterId: string): string[] => {
  const objects = objectCollection(clusterId)
  return [objects, `${objects}/revision`, `${objects}/applied`, momentCollection(clusterId)]
}

const sumOf = (data: Buffer): Buffer => createHash('sha256').update(data).digest()

function eraseContents(lan: Lan, clusterId: string): void {
  lan.store.transaction(() => {
    for (const collection of collectionsOf(clusterId))
      for (const { key } of lan.store.list(collection)) lan.store.delete(collection, key)
  })
}

/** Gives a cluster that is being bootstrapped its contents: none, or those of a snapshot. */
export function fillEtcd(lan: Lan, clusterId: string, snapshot?: Contents): void {
  eraseContents(lan, clusterId)
  if (!snapshot) return
  const own = Object.entries(snapshot).map(
    ([suffix, rows]) => [collectionsOf(clusterId)[Number(suffix)]!, rows] as const,
  )
  lan.store.transaction(() => {
    for (const [collection, rows] of own) for (const { key, value } of rows) lan.store.put(collection, key, value)
  })
}

/** The database file of a member: whole pages. */
function database(lan: Lan, clusterId: string): Buffer {
  const contents = collectionsOf(clusterId).map((collection) => lan.store.list(collection))
  const text = Buffer.from(JSON.stringify({ ...contents }))
  const data = Buffer.alloc(Math.ceil(text.length / pageBytes) * pageBytes, 0x20)
  text.copy(data)
  return data
}

const recordOf = (lan: Lan, { facts }: ConfiguredMachine): EtcdRecord | undefined =>
  lan.etcd().find((one) => one.clusterId === facts.clusterId)

/** A member that starts without a majority takes no calls; one that ran before goes on telling what it holds. */
function takesCalls(lan: Lan, machine: ConfiguredMachine): boolean {
  const stalledFrom = recordOf(lan, machine)?.stalledFrom ?? NEVER
  return lan.clock.now() >= machine.etcdFrom && (machine.hasMajority || machine.etcdFrom < stalledFrom)
}

/**
 * Everything etcd holds, as a file: whole pages, and their SHA-256 at the end. Throws RpcError where etcd does not run, or
 * waits for a majority since it started.
 */
export function etcdSnapshot(lan: Lan, machine: ConfiguredMachine): Buffer {
  if (machine.facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'etcd snapshot is only available on control plane nodes')
  if (!takesCalls(lan, machine))
    throw new RpcError('Unknown', 'failed to create etcd client: error building etcd client: context deadline exceeded')
  const data = database(lan, machine.facts.clusterId)
  return Buffer.concat([data, sumOf(data)])
}

const databasePath = '/var/lib/etcd/member/snap/db'

/** A file of the machine as it lies on its disk: the database of etcd. Throws RpcError for any other, and where there is none. */
export function copyFile(lan: Lan, machine: ConfiguredMachine, path: string): Buffer {
  const etcd = recordOf(lan, machine)
  if (path === databasePath && etcd && hasData(machine, etcd, lan.clock.now()))
    return database(lan, machine.facts.clusterId)
  throw new RpcError('Unknown', `lstat ${path}: no such file or directory`)
}

/** Reads a snapshot back. Throws RpcError for a file that is none, or whose sum does not fit. */
export function readSnapshot(file: Buffer, options: { skipHashCheck?: boolean } = {}): Contents {
  // A database that was copied from a disk ends without a sum.
  const plain = options.skipHashCheck === true && file.length % pageBytes === 0
  const data = plain ? file : file.subarray(0, file.length - sumBytes)
  if (!plain && file.length % pageBytes !== sumBytes)
    throw new RpcError('Unknown', `error recovering etcd snapshot: sha256 checksum not found (size ${file.length})`)
  if (!options.skipHashCheck && !sumOf(data).equals(file.subarray(data.length)))
    throw new RpcError('Unknown', 'error recovering etcd snapshot: snapshot file integrity check failed')
  try {
    return JSON.parse(data.toString('utf8')) as Contents
  } catch {
    throw new RpcError('Unknown', 'error recovering etcd snapshot: invalid database')
  }
}

/** What talosctl tells of a snapshot it saved. */
export function snapshotInfo(file: Buffer): { hash: string; revision: number; keys: number; size: number } {
  const contents = readSnapshot(file)
  return {
    hash: sumOf(file).toString('hex').slice(0, 8),
    revision: Number(contents['1']?.[0]?.value ?? 1),
    keys: Object.values(contents).flat().length,
    size: file.length - sumBytes,
  }
}

/** Whether this machine's disk holds the data of its etcd cluster. */
function hasData(machine: Machine, etcd: EtcdRecord, now: number): boolean {
  const { number } = machine.record
  if (machine.facts?.clusterId !== etcd.clusterId || machine.facts.role !== 'controlplane') return false
  if (etcd.left?.includes(number) || machine.record.outdatedEtcd) return false
  return !etcd.wiped?.includes(number) || now >= machine.etcdFrom
}

/** It answers, or comes back by itself: an empty member can get its data from it. */
const comesBack = (machine: Machine): boolean => machine.up || (!machine.awake && machine.upFrom !== NEVER)

/** The machine's copy of etcd is gone; with the last copy anybody could give it, the cluster's contents are. */
export function loseEtcdData(lan: Lan, machine: ConfiguredMachine): void {
  const { facts, record } = machine
  const etcd = recordOf(lan, machine)
  if (record.outdatedEtcd) {
    lan.update(record.number, { outdatedEtcd: undefined })
    return
  }
  if (!etcd || facts.role !== 'controlplane') return
  const now = lan.clock.now()
  const others = lan.machines().filter((one) => one.record.number !== record.number && hasData(one, etcd, now))
  if (others.some(comesBack)) {
    lan.putEtcd({ ...etcd, wiped: [...new Set([...(etcd.wiped ?? []), record.number])] })
    return
  }
  lan.deleteEtcd(facts.clusterId)
  for (const { record: left } of others) lan.update(left.number, { outdatedEtcd: true })
  eraseContents(lan, facts.clusterId)
}
