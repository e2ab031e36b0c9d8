import type { ClusterView, NodeView } from '../cluster-view.ts'
import type { ObjectStore } from '../objects.ts'

export const longhornDriver = 'driver.longhorn.io'
export const longhornNamespace = 'longhorn-system'

/** Whether a machine can keep and mount Longhorn volumes. */
export const servesLonghorn = (view: NodeView): boolean =>
  view.ready && view.hasLonghornMount && hasIscsi(view) && view.extensions.includes('siderolabs/util-linux-tools')

/** Whether a machine has the iSCSI tools that attach Longhorn volumes. */
export const hasIscsi = (view: NodeView): boolean => view.extensions.includes('siderolabs/iscsi-tools')

/** Whether Longhorn's managers all run. */
export function longhornManagersReady(objects: ObjectStore): boolean {
  const status = objects.get('DaemonSet', longhornNamespace, 'longhorn-manager')?.status
  return (
    status !== undefined && status.desiredNumberScheduled > 0 && status.numberReady === status.desiredNumberScheduled
  )
}

/** Whether a StorageClass's provisioner is installed and able to make volumes. */
export function provisionerReady(objects: ObjectStore, cluster: ClusterView, provisioner: string): boolean {
  if (provisioner !== longhornDriver) return false
  if (objects.get('CSIDriver', undefined, longhornDriver) === undefined) return false
  return longhornManagersReady(objects) && cluster.nodes.some(servesLonghorn)
}
