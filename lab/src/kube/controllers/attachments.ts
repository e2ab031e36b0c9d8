import type { KubeObject, ObjectStore } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { nameHash } from './owners.ts'
import { claimsOf, isFinished } from './pod-state.ts'
import { hasIscsi } from './provisioners.ts'

const component = 'attachdetach-controller'

interface Use {
  pod: KubeObject
  node: string
  volume: KubeObject
}

const nameFor = (volume: string, node: string): string => `csi-${nameHash([volume, node], 20)}`

/** The volumes a pod mounts that must be attached to its node first. */
function attachable(objects: ObjectStore, pod: KubeObject): KubeObject[] {
  return claimsOf(pod.spec).flatMap((name) => {
    const claim = objects.get('PersistentVolumeClaim', pod.metadata.namespace, name)
    const volume = objects.get('PersistentVolume', undefined, claim?.spec.volumeName ?? '')
    return volume?.spec.csi === undefined ? [] : [volume]
  })
}

/** Whether all volumes of a pod are attached to its node. */
export const volumesAttached = (objects: ObjectStore, pod: KubeObject): boolean =>
  attachable(objects, pod).every(
    (volume) =>
      objects.get('VolumeAttachment', undefined, nameFor(volume.metadata.name, pod.spec.nodeName)) !== undefined,
  )

const shared = (volume: KubeObject): boolean =>
  (volume.spec.accessModes ?? []).some((mode: string) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany')

function usesOf({ objects }: ControllerContext): Use[] {
  return objects.list('Pod').flatMap((pod) => {
    if (pod.spec.nodeName === undefined || isFinished(pod)) return []
    return attachable(objects, pod).map((volume) => ({ pod, node: pod.spec.nodeName, volume }))
  })
}

function detachUnused({ objects }: ControllerContext, uses: Use[]): void {
  const needed = new Set(uses.map(({ volume, node }) => nameFor(volume.metadata.name, node)))
  for (const { metadata } of objects.list('VolumeAttachment')) {
    if (!needed.has(metadata.name)) objects.delete('VolumeAttachment', undefined, metadata.name)
  }
}

function attach(context: ControllerContext, use: Use, uses: Use[]) {
  const { objects, cluster, record } = context
  const { pod, node, volume } = use
  const id = volume.metadata.name
  const name = nameFor(id, node)
  if (objects.get('VolumeAttachment', undefined, name) !== undefined) return
  const elsewhere = objects
    .list('VolumeAttachment')
    .filter(({ spec }) => spec.source.persistentVolumeName === id && spec.nodeName !== node)
  if (elsewhere.length > 0 && !shared(volume)) {
    const holders = uses.filter((one) => one.volume.metadata.name === id && one.node !== node)
    const names = [...new Set(holders.map((one) => one.pod.metadata.name))].join(', ')
    const text = `Multi-Attach error for volume "${id}" Volume is already used by pod(s) ${names}`
    return record(pod, 'Warning', 'FailedAttachVolume', text, component)
  }
  const view = cluster.nodes.find((one) => one.name === node)
  if (view !== undefined && !hasIscsi(view)) {
    const text = `AttachVolume.Attach failed for volume "${id}" : CSINode ${node} does not contain driver ${volume.spec.csi.driver}`
    return record(pod, 'Warning', 'FailedAttachVolume', text, component)
  }
  objects.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name },
    spec: { attacher: volume.spec.csi.driver, nodeName: node, source: { persistentVolumeName: id } },
    status: { attached: true },
  })
  const text = `AttachVolume.Attach succeeded for volume "${id}"`
  record(pod, 'Normal', 'SuccessfulAttachVolume', text, component)
}

/** Attaches volumes to the nodes of the pods that mount them; one that only a single node may hold waits its turn. */
export const attachments: Reconciler = {
  name: 'attachments',
  watches: ['Pod', 'PersistentVolumeClaim', 'PersistentVolume', 'VolumeAttachment', 'ClusterView'],
  reconcile: (context) => {
    const uses = usesOf(context)
    detachUnused(context, uses)
    for (const use of uses) attach(context, use, uses)
  },
}
