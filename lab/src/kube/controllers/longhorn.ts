import { parse } from 'yaml'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { nameHash } from './owners.ts'
import { longhornDriver, longhornManagersReady, longhornNamespace, servesLonghorn } from './provisioners.ts'

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
        metadata: { name: view.name, namespace: longhornNamespace },
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

/** What Longhorn does by itself once it runs: its CSI driver, its StorageClass, its nodes. */
export const longhorn: Reconciler = {
  name: 'longhorn',
  watches: [
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
    if (!longhornManagersReady(objects)) return
    recordNodes(context)
    if (!isTrue(objects.get('Deployment', longhornNamespace, 'longhorn-driver-deployer'), 'Available')) return
    deployDriver(context)
    makeStorageClass(context)
  },
}
