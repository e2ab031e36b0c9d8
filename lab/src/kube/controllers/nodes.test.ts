import { afterEach, describe, expect, it } from 'vitest'
import { isTrue } from './conditions.ts'
import { startTestCluster, type TestCluster, testNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const noSchedule = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' as const }
const node = (name: string) => cluster.objects.get('Node', undefined, name)!

describe('a new cluster', () => {
  it('has nodes with what the machines say, and the pods of kube-system', async () => {
    cluster = await startTestCluster([
      testNode('control-1', { role: 'controlplane', taints: [noSchedule] }),
      testNode('worker-2', { labels: { disk: 'fast' } }),
    ])
    await cluster.pass(30, () => isTrue(cluster.objects.get('Deployment', 'kube-system', 'coredns'), 'Available'))
    await cluster.pass(10)
    expect(node('worker-2').metadata.labels).toMatchObject({ disk: 'fast', 'kubernetes.io/hostname': 'worker-2' })
    expect(node('worker-2').status.nodeInfo).toMatchObject({ osImage: 'Talos (v1.11.5)', kubeletVersion: 'v1.34.1' })
    expect(node('worker-2').status.capacity).toMatchObject({ cpu: '4' })
    expect(node('control-1').spec.taints).toEqual([noSchedule])
    const names = cluster.objects.list('Pod', { namespace: 'kube-system' }).map(({ metadata }) => metadata.name)
    expect(names).toContain('kube-apiserver-control-1')
    expect(cluster.objects.get('DaemonSet', 'kube-system', 'kube-proxy')!.status).toMatchObject({
      desiredNumberScheduled: 2,
      numberReady: 2,
    })
    expect(cluster.objects.get('ConfigMap', 'kube-system', 'coredns')!.data.Corefile).toContain(
      'kubernetes cluster.local',
    )
    expect(cluster.objects.get('ConfigMap', 'default', 'kube-root-ca.crt')!.data['ca.crt']).toBe('test')
  })
})

it('follows the labels and taints of the machine config and leaves those of people alone', async () => {
  cluster = await startTestCluster([testNode('worker-1', { labels: { disk: 'fast' }, taints: [noSchedule] })])
  const mine = { key: 'mine', effect: 'NoSchedule' }
  const before = node('worker-1')
  cluster.objects.update({
    ...before,
    metadata: { ...before.metadata, labels: { ...before.metadata.labels, team: 'home' } },
    spec: { ...before.spec, taints: [...before.spec.taints, mine] },
  })
  cluster.view.nodes[0]!.labels = { zone: 'attic' }
  cluster.view.nodes[0]!.taints = []
  await cluster.settled()
  expect(node('worker-1').metadata.labels).toMatchObject({ zone: 'attic', team: 'home' })
  expect(node('worker-1').metadata.labels).not.toHaveProperty('disk')
  expect(node('worker-1').spec.taints).toEqual([mine])
})

it('keeps what a person wrote into the Corefile', async () => {
  cluster = await startTestCluster()
  const map = cluster.objects.get('ConfigMap', 'kube-system', 'coredns')!
  cluster.objects.update({ ...map, data: { Corefile: 'mine' } })
  await cluster.restart()
  expect(cluster.objects.get('ConfigMap', 'kube-system', 'coredns')!.data.Corefile).toBe('mine')
})

it('moves nothing while the API is down', async () => {
  cluster = await startTestCluster()
  await cluster.pass(60)
  cluster.view.apiUp = false
  cluster.objects.delete(
    'Pod',
    'kube-system',
    cluster.objects.list('Pod', { labels: { 'k8s-app': 'kube-dns' } })[0]!.metadata.name,
  )
  await cluster.settled()
  expect(cluster.objects.list('Pod', { labels: { 'k8s-app': 'kube-dns' } })).toHaveLength(1)
  cluster.view.apiUp = true
  await cluster.settled()
  expect(cluster.objects.list('Pod', { labels: { 'k8s-app': 'kube-dns' } })).toHaveLength(2)
})
