import { afterEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import { deployment, startTestCluster, type TestCluster, testNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const system = 'longhorn-system'
const claim = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  status: { phase: 'Pending' },
})
const phase = (name: string) => cluster.objects.get('PersistentVolumeClaim', 'default', name)!.status.phase
const pods = (app: string) => cluster.objects.list('Pod', { labels: { app } })

const storageClassText = `kind: StorageClass
apiVersion: storage.k8s.io/v1
metadata:
  name: longhorn
  annotations: { storageclass.kubernetes.io/is-default-class: "true" }
provisioner: driver.longhorn.io
allowVolumeExpansion: true
reclaimPolicy: Delete
volumeBindingMode: Immediate
parameters: { numberOfReplicas: "2" }
`

function addLonghorn(): void {
  const labels = { app: 'longhorn-manager' }
  const volumes = [{ name: 'longhorn', hostPath: { path: '/var/lib/longhorn/' } }]
  const volumeMounts = [{ name: 'longhorn', mountPath: '/var/lib/longhorn/', mountPropagation: 'Bidirectional' }]
  const containers = [{ name: 'longhorn-manager', image: 'longhornio/longhorn-manager:v1.8.1', volumeMounts }]
  cluster.add(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: system, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'longhorn-storageclass', namespace: system },
      data: { 'storageclass.yaml': storageClassText },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'longhorn-manager', namespace: system },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers, volumes } } },
    },
    deployment('longhorn-driver-deployer', {}, {}, system),
  )
}

describe('without a provisioner', () => {
  it('a claim stays pending and says why', async () => {
    cluster = await startTestCluster()
    cluster.add(
      claim('plain'),
      claim('unknown', { storageClassName: 'fast' }),
      claim('waiting', { storageClassName: 'longhorn' }),
      claim('manual', { storageClassName: 'manual' }),
    )
    cluster.add({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'longhorn' },
      provisioner: 'driver.longhorn.io',
    })
    cluster.add({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'manual' },
      provisioner: 'kubernetes.io/no-provisioner',
    })
    await cluster.pass(30)
    expect(['plain', 'unknown', 'waiting', 'manual'].map(phase)).toEqual(['Pending', 'Pending', 'Pending', 'Pending'])
    expect(cluster.events('FailedBinding')).toEqual([
      'no persistent volumes available for this claim and no storage class is set',
    ])
    expect(cluster.events('ProvisioningFailed').sort()).toEqual([
      'no volume plugin matched name: kubernetes.io/no-provisioner',
      'storageclass.storage.k8s.io "fast" not found',
    ])
    expect(cluster.events('ExternalProvisioning')[0]).toContain("external provisioner 'driver.longhorn.io'")
  })

  it('a claim binds to the smallest volume that fits', async () => {
    cluster = await startTestCluster()
    const volume = (name: string, storage: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage },
        storageClassName: 'nfs',
        persistentVolumeReclaimPolicy: 'Retain',
        nfs: { server: 'nas', path: '/' },
      },
    })
    cluster.add(
      volume('small', '500Mi'),
      volume('right', '2Gi'),
      volume('large', '1Ti'),
      claim('media', { storageClassName: 'nfs' }),
    )
    await cluster.settled()
    expect(phase('media')).toBe('Bound')
    expect(cluster.objects.get('PersistentVolumeClaim', 'default', 'media')!.spec.volumeName).toBe('right')
    cluster.objects.delete('PersistentVolumeClaim', 'default', 'media')
    await cluster.settled()
    expect(cluster.objects.get('PersistentVolume', undefined, 'right')!.status.phase).toBe('Released')
  })
})

describe('with Longhorn', () => {
  it('claims without a class get a volume of the default class once it is installed', async () => {
    cluster = await startTestCluster()
    cluster.add(claim('data'))
    await cluster.pass(5)
    addLonghorn()
    await cluster.settled()
    expect(cluster.objects.get('StorageClass', undefined, 'longhorn')).toBeUndefined()
    await cluster.pass(40, () => phase('data') === 'Bound')
    expect(cluster.objects.get('CSIDriver', undefined, 'driver.longhorn.io')).toBeDefined()
    const bound = cluster.objects.get('PersistentVolumeClaim', 'default', 'data')!
    expect(bound.spec).toMatchObject({ storageClassName: 'longhorn', volumeName: `pvc-${bound.metadata.uid}` })
    cluster.objects.delete('PersistentVolumeClaim', 'default', 'data')
    await cluster.settled()
    expect(cluster.objects.list('PersistentVolume')).toHaveLength(0)
  })

  it('a volume grows when its claim asks for more', async () => {
    cluster = await startTestCluster()
    addLonghorn()
    cluster.add(claim('data'))
    await cluster.pass(40, () => phase('data') === 'Bound')
    const bound = cluster.objects.get('PersistentVolumeClaim', 'default', 'data')!
    cluster.objects.update({ ...bound, spec: { ...bound.spec, resources: { requests: { storage: '5Gi' } } } })
    await cluster.pass(
      10,
      () => cluster.objects.get('PersistentVolumeClaim', 'default', 'data')!.status.capacity.storage === '5Gi',
    )
  })

  it('its managers do not run on machines without the mount or the iSCSI tools', async () => {
    cluster = await startTestCluster([
      testNode('worker-1', { hasLonghornMount: false }),
      testNode('worker-2', { extensions: [] }),
    ])
    addLonghorn()
    cluster.add(claim('data'))
    const reasons = () =>
      pods('longhorn-manager')
        .map(({ status }) => status.containerStatuses[0].state.waiting?.reason)
        .sort()
    await cluster.pass(30, () => reasons().join() === 'CrashLoopBackOff,CreateContainerError')
    expect(cluster.events('Failed').join()).toContain('is not a shared mount')
    await cluster.pass(60)
    expect(phase('data')).toBe('Pending')
  })

  it('a volume for one node at a time keeps a rolling update waiting on another node', async () => {
    cluster = await startTestCluster()
    addLonghorn()
    cluster.add(claim('data'))
    await cluster.pass(40, () => phase('data') === 'Bound')
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
    cluster.add(deployment('web', { volumes }))
    await cluster.pass(30, () => isTrue(cluster.objects.get('Deployment', 'default', 'web'), 'Available'))
    const [first] = pods('web')
    const next = structuredClone(cluster.objects.get('Deployment', 'default', 'web')!)
    next.spec.template.spec.containers[0].image = 'web:2.0'
    cluster.objects.update(next)
    await cluster.pass(60)
    expect(cluster.events('FailedAttachVolume')[0]).toBe(
      `Multi-Attach error for volume "${cluster.objects.list('PersistentVolume')[0]!.metadata.name}" Volume is already used by pod(s) ${first!.metadata.name}`,
    )
    expect(pods('web')).toHaveLength(2)
    const recreate = structuredClone(cluster.objects.get('Deployment', 'default', 'web')!)
    recreate.spec.strategy = { type: 'Recreate' }
    cluster.objects.update(recreate)
    await cluster.pass(40, () => pods('web').length === 1 && isTrue(pods('web')[0], 'Ready'))
    expect(pods('web')[0]!.spec.containers[0].image).toBe('web:2.0')
  })
})
