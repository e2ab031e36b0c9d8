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

/** Everything etcd holds, as a file: whole pages, and their SHA-256 at the end. Throws RpcError where etcd does not run. */
export function etcdSnapshot(lan: Lan, machine: ConfiguredMachine): Buffer {
  if (machine.facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'etcd snapshot is only available on control plane nodes')
  if (lan.clock.now() < machine.etcdFrom)
    throw new RpcError('Unknown', 'failed to create etcd client: error building etcd client: context deadline exceeded')
  const contents = collectionsOf(machine.facts.clusterId).map((collection) => lan.store.list(collection))
  const text = Buffer.from(JSON.stringify({ ...contents }))
  const data = Buffer.alloc(Math.ceil(text.length / pageBytes) * pageBytes, 0x20)
  text.copy(data)
  return Buffer.concat([data, sumOf(data)])
}

/** Reads a snapshot back. Throws RpcError for a file that is none, or whose sum does not fit. */
export function readSnapshot(file: Buffer, options: { skipHashCheck?: boolean } = {}): Contents {
  const data = file.subarray(0, file.length - sumBytes)
  if (file.length % pageBytes !== sumBytes)
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
  if (etcd.left?.includes(number)) return false
  return !etcd.wiped?.includes(number) || now >= machine.etcdFrom
}

/** It answers, or comes back by itself: an empty member can get its data from it. */
const comesBack = (machine: Machine): boolean => machine.up || (!machine.awake && machine.upFrom !== NEVER)

/** The machine's copy of etcd is gone; with the last copy anybody could give it, the cluster's contents are. */
export function loseEtcdData(lan: Lan, { facts, record }: ConfiguredMachine): void {
  const etcd = lan.etcd().find((one) => one.clusterId === facts.clusterId)
  if (!etcd || facts.role !== 'controlplane') return
  const now = lan.clock.now()
  const others = lan
    .machines()
    .filter((one) => one.record.number !== record.number && comesBack(one) && hasData(one, etcd, now))
  if (others.length) {
    lan.putEtcd({ ...etcd, wiped: [...new Set([...(etcd.wiped ?? []), record.number])] })
    return
  }
  lan.deleteEtcd(facts.clusterId)
  eraseContents(lan, facts.clusterId)
}
