import { durations } from '../durations.ts'
import type { Lan } from '../lan.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'
import { fillEtcd, readSnapshot } from './etcd-data.ts'

export interface BootstrapOrder {
  /** A snapshot that etcd starts with. */
  recoverFrom?: Buffer
  skipHashCheck?: boolean
}

/** Starts etcd on the first control plane of a cluster; the VIP and the API server follow. Throws RpcError. */
export function bootstrap(
  lan: Lan,
  { facts, record, runtimeFrom, timeSynced }: ConfiguredMachine,
  order: BootstrapOrder = {},
): void {
  const { clock } = lan
  if (facts.role !== 'controlplane')
    throw new RpcError('FailedPrecondition', 'bootstrap can only be performed on a control plane node')
  if (clock.now() < runtimeFrom) throw new RpcError('FailedPrecondition', 'bootstrap is not available yet')
  if (!timeSynced) throw new RpcError('FailedPrecondition', 'time is not in sync yet')
  if (record.outdatedEtcd || lan.etcd().some((one) => one.clusterId === facts.clusterId))
    throw new RpcError('AlreadyExists', 'etcd data directory is not empty')
  fillEtcd(lan, facts.clusterId, order.recoverFrom && readSnapshot(order.recoverFrom, order))
  lan.putEtcd({
    clusterId: facts.clusterId,
    bootstrappedOn: record.number,
    etcdFrom: clock.due(durations.etcdStart),
    vipFrom: clock.due(durations.vip),
    apiFrom: clock.due(durations.apiServer),
  })
}
