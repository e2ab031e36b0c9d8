import { parse } from 'yaml'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { nameHash } from './owners.ts'
import { longhornDriver, longhornManagersReady, longhornNamespace, servesLonghorn } from './provisioners.ts'

const finalizer = 'longhorn.io'
const confirmation = 'deleting-confirmation-flag'
const uninstaller = 'longhorn-uninstall'
const configName = 'longhorn-storageclass'

function deployDriver({ objects }: ControllerContext): void {
  if (objects.get('CSIDriver', undefined, longhornDriver) !== undefined) return
  objects.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: longhornDriver },
    spec: {
      attachRequired: true,
      podInfoOnMount: true,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
    },
  })
}

/** The StorageClass that Longhorn's own ConfigMap describes; it is made anew when the ConfigMap changes. */
function makeStorageClass({ objects, log }: ControllerContext) {
  const text = objects.get('ConfigMap', longhornNamespace, configName)?.data?.['storageclass.yaml']
  if (text === undefined) return
  const wanted = parse(text) as KubeObject | null
  if (wanted?.kind !== 'StorageClass' || wanted.metadata?.name === undefined) {
    return log(`longhorn: ConfigMap ${longhornNamespace}/${configName} holds no StorageClass`)
  }
  const name = wanted.metadata.name
  const annotations = { ...wanted.metadata.annotations, 'longhorn.io/last-applied-configmap': nameHash(text, 20) }
  const known = objects.get('StorageClass', undefined, name)
  if (known?.metadata.annotations?.['longhorn.io/last-applied-configmap'] === nameHash(text, 20)) return
  if (known !== undefined) objects.delete('StorageClass', undefined, name)
  objects.create({ ...wanted, metadata: { ...wanted.metadata, annotations } })
}

const condition = (type: string, status: boolean) => ({
  type,
  status: status ? 'True' : 'False',
  reason: '',
  message: '',
})

/** Longhorn's own record of each node, once its CRD is there. */
function recordNodes({ objects, cluster }: ControllerContext): void {
  if (!isTrue(objects.get('CustomResourceDefinition', undefined, 'nodes.longhorn.io'), 'Established')) return
  const manager = objects.list('Pod', { namespace: longhornNamespace, labels: { app: 'longhorn-manager' } })
  for (const view of cluster.nodes) {
    if (!manager.some((pod) => pod.spec.nodeName === view.name)) continue
    const known = objects.get('Node.longhorn.io', longhornNamespace, view.name)
    const node =
      known ??
      objects.create({
        apiVersion: 'longhorn.io/v1beta2',
        kind: 'Node',
        metadata: { name: view.name, namespace: longhornNamespace, finalizers: [finalizer] },
        spec: {
          name: view.name,
          allowScheduling: true,
          disks: { 'default-disk': { path: '/var/lib/longhorn/', allowScheduling: true } },
        },
      })
    const ready = servesLonghorn(view)
    objects.updateStatus(node, { conditions: [condition('Ready', ready), condition('Schedulable', ready)] })
  }
}

/** Its settings, of which one guards against deleting everything. */
function recordSettings({ objects }: ControllerContext): void {
  if (!isTrue(objects.get('CustomResourceDefinition', undefined, 'settings.longhorn.io'), 'Established')) return
  if (objects.get('Setting', longhornNamespace, confirmation) !== undefined) return
  const metadata = { name: confirmation, namespace: longhornNamespace }
  objects.create({ apiVersion: 'longhorn.io/v1beta2', kind: 'Setting', metadata, value: 'false' })
}

/** Whether Longhorn may be uninstalled: somebody has confirmed it. */
export const mayUninstall = (objects: ControllerContext['objects']): boolean =>
  (objects.get('Setting', longhornNamespace, confirmation) as { value?: unknown } | undefined)?.value === 'true'

/** What the uninstaller has done once it is through: managers, driver, settings and nodes are gone, with what held them. */
function clearAway({ objects }: ControllerContext): void {
  objects.delete('DaemonSet', longhornNamespace, 'longhorn-manager')
  objects.delete('Deployment', longhornNamespace, 'longhorn-driver-deployer')
  objects.delete('CSIDriver', undefined, longhornDriver)
  for (const kind of ['Node.longhorn.io', 'Setting'])
    for (const { metadata } of objects.list(kind, { namespace: longhornNamespace }))
      objects.delete(kind, metadata.namespace, metadata.name)
}

/** What Longhorn does by itself once it runs: its CSI driver, its StorageClass, its nodes. */
export const longhorn: Reconciler = {
  name: 'longhorn',
  watches: [
    'Job',
    'Deployment',
    'DaemonSet',
    'ConfigMap',
    'StorageClass',
    'CSIDriver',
    'CustomResourceDefinition',
    'ClusterView',
  ],
  reconcile: (context) => {
    const { objects } = context
    if (isTrue(objects.get('Job', longhornNamespace, uninstaller), 'Complete')) return clearAway(context)
    if (!longhornManagersReady(objects)) return
    recordSettings(context)
    recordNodes(context)
    if (!isTrue(objects.get('Deployment', longhornNamespace, 'longhorn-driver-deployer'), 'Available')) return
    deployDriver(context)
    makeStorageClass(context)
  },
}
