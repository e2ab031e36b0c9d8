import type { OperationRecord } from '../../../operations/engine.ts'
import type { Door } from '../../../platform/door.ts'
import { invalid } from '../../../platform/errors.ts'
import { parse } from '../../../platform/names.ts'
import { applyOperation } from './apply/operation.ts'
import type { ChangesDeps } from './deps.ts'
import { rebootOperation } from './power/reboot.ts'
import { shutdownOperation } from './power/shutdown.ts'
import { resetClusterOperation } from './reset/reset-cluster.ts'
import { resetNodeOperation } from './reset/reset-node.ts'
import { restoreOperation } from './restore/operation.ts'
import { rollbackOperation } from './rollback/operation.ts'
import { type EtcdSnapshot, snapshotName } from './snapshots/model.ts'
import { snapshotOperation } from './snapshots/operation.ts'
import { findSnapshot, listSnapshots, removeSnapshot } from './snapshots/store.ts'
import { upgradeKubernetesOperation } from './upgrade/kubernetes.ts'
import { upgradeTalosOperation } from './upgrade/talos.ts'

/** What loses something must be meant: anything but true is refused. */
export function confirmed(confirm: boolean | null | undefined, loss: string): void {
  if (confirm === true) return
  throw invalid('confirm', `${loss} Say confirm: true when this is what you want.`)
}

/** One node of an instance, or all of them. */
export interface SomeNodes {
  instance: string
  node?: string | null
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
  /** Brings Talos of every node to a version, one node at a time. Throws CONFLICT for a version that does not fit. */
  upgradeTalos(input: { instance: string; version: string }, via: Door): Promise<OperationRecord>
  /** Brings Kubernetes to a version. Throws CONFLICT for a version that does not fit. */
  upgradeKubernetes(input: { instance: string; version: string }, via: Door): Promise<OperationRecord>
  /** Starts the Talos a node ran before its last upgrade. Throws MACHINE_OFFLINE when it does not answer. */
  rollBack(input: { instance: string; node: string; force?: boolean | null }, via: Door): Promise<OperationRecord>
  /** Hands all nodes, or one, the configuration that config.yaml asks for. */
  apply(input: SomeNodes, via: Door): Promise<OperationRecord>
  /** Restarts all nodes, or one. */
  reboot(input: SomeNodes, via: Door): Promise<OperationRecord>
  /** Switches all nodes off, or one. All of them must be confirmed. */
  shutDown(input: SomeNodes & { confirm?: boolean | null }, via: Door): Promise<OperationRecord>
}

/** Defines the operations that change a running cluster. */
export function createClusterChanges(deps: ChangesDeps): ClusterChanges {
  const { instances, operations } = deps
  operations.define(snapshotOperation(deps))
  operations.define(restoreOperation(deps))
  operations.define(resetClusterOperation(deps))
  operations.define(resetNodeOperation(deps))
  operations.define(upgradeTalosOperation(deps))
  operations.define(upgradeKubernetesOperation(deps))
  operations.define(rollbackOperation(deps))
  operations.define(applyOperation(deps))
  operations.define(rebootOperation(deps))
  operations.define(shutdownOperation(deps))
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
    upgradeTalos: (input, via) => operations.start('cluster.upgrade-talos', input, via),
    upgradeKubernetes: (input, via) => operations.start('cluster.upgrade-kubernetes', input, via),
    rollBack: ({ instance, node, force }, via) =>
      operations.start('node.rollback', { instance, node, force: force ?? undefined }, via),
    apply: ({ instance, node }, via) => operations.start('cluster.apply', { instance, node: node ?? undefined }, via),
    reboot: ({ instance, node }, via) => operations.start('cluster.reboot', { instance, node: node ?? undefined }, via),
    async shutDown({ instance, node, confirm }, via) {
      if (!node)
        confirmed(confirm, `Every machine of ${instance} is switched off, and only a hand switches it on again.`)
      return operations.start('cluster.shutdown', { instance, node: node ?? undefined }, via)
    },
  }
}
