import type { OperationRecord } from '../../../operations/engine.ts'
import type { Door } from '../../../platform/door.ts'
import { invalid } from '../../../platform/errors.ts'
import { parse } from '../../../platform/names.ts'
import type { ChangesDeps } from './deps.ts'
import { resetClusterOperation } from './reset/reset-cluster.ts'
import { resetNodeOperation } from './reset/reset-node.ts'
import { restoreOperation } from './restore/operation.ts'
import { type EtcdSnapshot, snapshotName } from './snapshots/model.ts'
import { snapshotOperation } from './snapshots/operation.ts'
import { findSnapshot, listSnapshots, removeSnapshot } from './snapshots/store.ts'

/** What loses something must be meant: anything but true is refused. */
export function confirmed(confirm: boolean | null | undefined, loss: string): void {
  if (confirm === true) return
  throw invalid('confirm', `${loss} Say confirm: true when this is what you want.`)
}

/** Changes of a running cluster. Every one throws NOT_FOUND for an unknown instance. */
export interface ClusterChanges {
  /** Snapshots of etcd, newest first. */
  snapshots(instance: string): Promise<EtcdSnapshot[]>
  saveSnapshot(input: { instance: string; name?: string | null }, via: Door): Promise<OperationRecord>
  /** Removes a snapshot for good. Throws NOT_FOUND. */
  deleteSnapshot(instance: string, snapshot: string): Promise<true>
  /** Puts etcd back to a snapshot. Throws INVALID_INPUT unless it is confirmed. */
  restoreSnapshot(
    input: { instance: string; snapshot: string; confirm?: boolean | null; skipOffline?: boolean | null },
    via: Door,
  ): Promise<OperationRecord>
  /** Wipes every machine of the cluster. Throws INVALID_INPUT unless it is confirmed. */
  reset(
    input: { instance: string; confirm?: boolean | null; graceful?: boolean | null; skipOffline?: boolean | null },
    via: Door,
  ): Promise<OperationRecord>
  /** Wipes one node, which can be set up again. Throws INVALID_INPUT unless it is confirmed, CONFLICT for the last control plane. */
  resetNode(
    input: { instance: string; node: string; confirm?: boolean | null; graceful?: boolean | null },
    via: Door,
  ): Promise<OperationRecord>
}

/** Defines the operations that change a running cluster. */
export function createClusterChanges(deps: ChangesDeps): ClusterChanges {
  const { instances, operations } = deps
  operations.define(snapshotOperation(deps))
  operations.define(restoreOperation(deps))
  operations.define(resetClusterOperation(deps))
  operations.define(resetNodeOperation(deps))
  const folder = (instance: string) => deps.paths.instance(instance).etcdSnapshots
  return {
    async snapshots(instance) {
      await instances.require(instance)
      return listSnapshots(folder(instance))
    },
    saveSnapshot: ({ instance, name }, via) =>
      operations.start('cluster.etcd-snapshot', { instance, name: name ?? undefined }, via),
    async deleteSnapshot(instance, name) {
      await instances.require(instance)
      await removeSnapshot(await findSnapshot(folder(instance), parse(snapshotName, name, 'snapshot')))
      instances.changed(instance, 'cluster')
      return true
    },
    async restoreSnapshot({ instance, snapshot, confirm, skipOffline }, via) {
      confirmed(confirm, 'What changed in the cluster since the snapshot is lost.')
      const how = { skipOffline: skipOffline ?? undefined }
      return operations.start('cluster.etcd-restore', { instance, snapshot, ...how }, via)
    },
    async reset({ instance, confirm, graceful, skipOffline }, via) {
      confirmed(confirm, `Every machine of ${instance} loses its configuration and data.`)
      const how = { graceful: graceful ?? undefined, skipOffline: skipOffline ?? undefined }
      return operations.start('cluster.reset', { instance, ...how }, via)
    },
    async resetNode({ instance, node, confirm, graceful }, via) {
      confirmed(confirm, `${node} loses its configuration and data.`)
      return operations.start('node.reset', { instance, node, graceful: graceful ?? undefined }, via)
    },
  }
}
