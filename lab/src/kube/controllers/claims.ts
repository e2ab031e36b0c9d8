import type { KubeObject } from '../objects.ts'
import { quantity } from '../quantity.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { selects } from './labels.ts'
import { provisionerReady } from './provisioners.ts'

const component = 'persistentvolume-controller'
const noProvisioner = 'kubernetes.io/no-provisioner'
const defaultClass = 'storageclass.kubernetes.io/is-default-class'

const requestOf = (claim: KubeObject): string => claim.spec.resources?.requests?.storage ?? '0'

/** A claim that names no class takes the default one, the youngest if there are several. */
function withClass({ objects }: ControllerContext, claim: KubeObject): KubeObject {
  if (claim.spec.storageClassName !== undefined) return claim
  const defaults = objects.list('StorageClass').filter((one) => one.metadata.annotations?.[defaultClass] === 'true')
  const age = (one: KubeObject) => Date.parse(one.metadata.creationTimestamp ?? '') || 0
  const chosen = defaults.sort((one, other) => age(other) - age(one))[0]
  if (chosen === undefined) return claim
  return objects.update({ ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name } })
}

const isFor = (volume: KubeObject, claim: KubeObject): boolean =>
  volume.spec.claimRef?.namespace === claim.metadata.namespace && volume.spec.claimRef?.name === claim.metadata.name

/** Whether an existing volume can serve a claim. */
function fits(volume: KubeObject, claim: KubeObject): boolean {
  const { claimRef, storageClassName = '', accessModes = [], capacity } = volume.spec
  if (claimRef?.uid !== undefined && claimRef.uid !== claim.metadata.uid) return false
  if (claimRef !== undefined && !isFor(volume, claim)) return false
  if (claim.spec.volumeName) return volume.metadata.name === claim.spec.volumeName
  if (storageClassName !== (claim.spec.storageClassName ?? '')) return false
  if (claim.spec.selector !== undefined && !selects(claim.spec.selector, volume.metadata.labels)) return false
  const modes = (claim.spec.accessModes ?? []) as string[]
  return modes.every((mode) => accessModes.includes(mode)) && quantity(capacity?.storage) >= quantity(requestOf(claim))
}

function bindTo({ objects }: ControllerContext, claim: KubeObject, volume: KubeObject): void {
  const { name, namespace, uid } = claim.metadata
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid }
  const bound = objects.update({ ...volume, spec: { ...volume.spec, claimRef } })
  objects.updateStatus(bound, { phase: 'Bound' })
  const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' }
  const next = objects.update({
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  })
  objects.updateStatus(next, { phase: 'Bound', accessModes: volume.spec.accessModes, capacity: volume.spec.capacity })
}

function provision(context: ControllerContext, claim: KubeObject, storageClass: KubeObject): void {
  const { objects, moments, record } = context
  const { name, namespace, uid } = claim.metadata
  const provisioner = storageClass.provisioner
  const id = `${namespace}/${name}`
  record(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${id}"`, provisioner)
  if (!moments.reached(claim, 'provisioned', 3000)) return
  const volume = objects.create({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: requestOf(claim) },
      csi: {
        driver: provisioner,
        fsType: storageClass.parameters?.fsType ?? 'ext4',
        volumeAttributes: { ...storageClass.parameters },
        volumeHandle: `pvc-${uid}`,
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Available' },
  })
  record(
    claim,
    'Normal',
    'ProvisioningSucceeded',
    `Successfully provisioned volume ${volume.metadata.name}`,
    provisioner,
  )
  bindTo(context, claim, volume)
}

/** Says why the claim stays pending. */
function wait(
  { objects, record }: ControllerContext,
  claim: KubeObject,
  warning: boolean,
  reason: string,
  text: string,
): void {
  record(claim, warning ? 'Warning' : 'Normal', reason, text, component)
  objects.updateStatus(claim, { phase: 'Pending' })
}

function bind(context: ControllerContext, pending: KubeObject) {
  const { objects, cluster } = context
  const claim = withClass(context, pending)
  const volumes = objects.list('PersistentVolume').filter((volume) => fits(volume, claim))
  const size = (volume: KubeObject) => quantity(volume.spec.capacity?.storage)
  const volume = volumes.sort((one, other) => size(one) - size(other))[0]
  if (volume !== undefined) return bindTo(context, claim, volume)
  if (claim.spec.volumeName)
    return wait(context, claim, true, 'FailedBinding', `volume "${claim.spec.volumeName}" not found`)

  const className = claim.spec.storageClassName ?? ''
  if (className === '') {
    const text = 'no persistent volumes available for this claim and no storage class is set'
    return wait(context, claim, false, 'FailedBinding', text)
  }
  const storageClass = objects.get('StorageClass', undefined, className)
  if (storageClass === undefined) {
    return wait(context, claim, true, 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`)
  }
  const first = claim.metadata.annotations?.['volume.kubernetes.io/selected-node']
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && first === undefined) {
    return wait(
      context,
      claim,
      false,
      'WaitForFirstConsumer',
      'waiting for first consumer to be created before binding',
    )
  }
  if (storageClass.provisioner === noProvisioner) {
    const text = `no volume plugin matched name: ${noProvisioner}`
    return wait(context, claim, true, 'ProvisioningFailed', text)
  }
  if (provisionerReady(objects, cluster, storageClass.provisioner)) return provision(context, claim, storageClass)
  const text = `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  wait(context, claim, false, 'ExternalProvisioning', text)
}

/** A bound claim that asks for more gets it when its class allows expansion. */
function expand(context: ControllerContext, claim: KubeObject): void {
  const { objects, moments, record } = context
  const wanted = requestOf(claim)
  if (quantity(wanted) <= quantity(claim.status?.capacity?.storage)) return
  const storageClass = objects.get('StorageClass', undefined, claim.spec.storageClassName ?? '')
  const volume = objects.get('PersistentVolume', undefined, claim.spec.volumeName)
  if (storageClass?.allowVolumeExpansion !== true || volume === undefined) return
  if (!moments.reached(claim, 'expanded', 3000, wanted)) return
  objects.update({ ...volume, spec: { ...volume.spec, capacity: { storage: wanted } } })
  objects.updateStatus(claim, { ...claim.status, capacity: { storage: wanted } })
  record(claim, 'Normal', 'FileSystemResizeSuccessful', 'MountVolume.NodeExpandVolume succeeded for volume', 'kubelet')
}

/** Binds claims to volumes: to one that fits, or to a new one of a provisioner that is installed and ready. */
export const claims: Reconciler = {
  name: 'claims',
  watches: ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass', 'CSIDriver', 'DaemonSet', 'ClusterView'],
  reconcile: (context) => {
    const { objects } = context
    for (const claim of objects.list('PersistentVolumeClaim')) {
      if (claim.status?.phase !== 'Bound') bind(context, claim)
      else if (objects.get('PersistentVolume', undefined, claim.spec.volumeName)) expand(context, claim)
      else objects.updateStatus(claim, { ...claim.status, phase: 'Lost' })
    }
  },
}

/** Volumes whose claim is gone are deleted or kept, as their reclaim policy says. */
export const volumes: Reconciler = {
  name: 'volumes',
  watches: ['PersistentVolumeClaim', 'PersistentVolume'],
  reconcile: ({ objects }) => {
    for (const volume of objects.list('PersistentVolume')) {
      const { claimRef, persistentVolumeReclaimPolicy } = volume.spec
      if (claimRef?.uid === undefined) {
        if (volume.status?.phase === undefined) objects.updateStatus(volume, { phase: 'Available' })
        continue
      }
      const claim = objects.get('PersistentVolumeClaim', claimRef.namespace, claimRef.name)
      if (claim?.metadata.uid === claimRef.uid) continue
      if (persistentVolumeReclaimPolicy === 'Delete')
        objects.delete('PersistentVolume', undefined, volume.metadata.name)
      else objects.updateStatus(volume, { phase: 'Released' })
    }
  },
}
