import { afterEach, describe, expect, it } from 'vitest'
import { isTrue } from './conditions.ts'
import { podLog } from './pod-log.ts'
import { deployment, service, startTestCluster, type TestCluster, testNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const pod = (app: string) => cluster.objects.list('Pod', { labels: { app } })[0]!
const waiting = (app: string) => pod(app).status.containerStatuses[0].state.waiting
const isReady = (app: string) => isTrue(pod(app), 'Ready')
const secret = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'default' },
  data,
})
const controlPlane = testNode('control-1', {
  role: 'controlplane',
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
})

describe('scheduling', () => {
  it('says for every node why a pod cannot be there', async () => {
    cluster = await startTestCluster([controlPlane, testNode('worker-2'), testNode('worker-3')])
    const resources = { requests: { memory: '64Gi' } }
    cluster.add(deployment('big', { containers: [{ name: 'big', image: 'big:1', resources }] }))
    cluster.add(deployment('picky', { nodeSelector: { disk: 'gold' } }))
    cluster.add(deployment('patient', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }))
    await cluster.settled()
    expect(cluster.events('FailedScheduling').sort()).toEqual([
      '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient memory. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
      '0/3 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ])
    expect(pod('big').status.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }),
    )
  })

  it('leaves cordoned nodes alone and finds the pod a place once one is free', async () => {
    cluster = await startTestCluster([testNode('worker-1')])
    const node = cluster.objects.get('Node', undefined, 'worker-1')!
    cluster.objects.update({ ...node, spec: { ...node.spec, unschedulable: true } })
    await cluster.settled()
    cluster.add(deployment('web'))
    await cluster.settled()
    expect(cluster.events('FailedScheduling')[0]).toMatch(/^0\/1 nodes are available: 1 node\(s\) were unschedulable\./)
    const { unschedulable, ...spec } = cluster.objects.get('Node', undefined, 'worker-1')!.spec
    cluster.objects.update({ ...cluster.objects.get('Node', undefined, 'worker-1')!, spec })
    await cluster.pass(20, () => isReady('web'))
  })
})

describe('a starting pod', () => {
  it('waits for the Secret its environment names, and for the key in it', async () => {
    cluster = await startTestCluster()
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'web-secrets', key: 'apps.web.password' } } }]
    cluster.add(deployment('web', { containers: [{ name: 'web', image: 'web:1', env }] }))
    await cluster.pass(10, () => waiting('web')?.reason === 'CreateContainerConfigError')
    expect(waiting('web').message).toBe('secret "web-secrets" not found')
    cluster.add(secret('web-secrets', { other: 'eA==' }))
    await cluster.settled()
    expect(waiting('web').message).toBe("couldn't find key apps.web.password in Secret default/web-secrets")
    expect(cluster.events('Failed')).toContain('Error: secret "web-secrets" not found')
    cluster.objects.update(secret('web-secrets', { 'apps.web.password': 'eA==' }))
    await cluster.pass(5, () => isReady('web'))
  })

  it('stays ContainerCreating while a volume cannot be mounted', async () => {
    cluster = await startTestCluster()
    cluster.add(deployment('web', { volumes: [{ name: 'conf', configMap: { name: 'web-conf' } }] }))
    await cluster.pass(15)
    expect(waiting('web').reason).toBe('ContainerCreating')
    expect(cluster.events('FailedMount')).toEqual([
      'MountVolume.SetUp failed for volume "conf" : configmap "web-conf" not found',
    ])
    cluster.add({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web-conf', namespace: 'default' },
      data: { a: 'b' },
    })
    await cluster.pass(15, () => isReady('web'))
  })

  it('is ready only when its database is', async () => {
    cluster = await startTestCluster()
    const env = [{ name: 'database__connection__host', value: 'db.default.svc.cluster.local' }]
    cluster.add(deployment('blog', { containers: [{ name: 'blog', image: 'ghost:5', env }] }), service('db', 3306))
    await cluster.pass(20)
    expect(pod('blog').status).toMatchObject({ phase: 'Running' })
    expect(isReady('blog')).toBe(false)
    expect(cluster.events('Unhealthy')[0]).toMatch(/^Readiness probe failed: /)
    cluster.add(deployment('db'))
    await cluster.pass(20, () => isReady('blog'))
    expect(cluster.objects.get('Endpoints', 'default', 'db')!.subsets[0].addresses).toHaveLength(1)
    expect(podLog(pod('blog')).join('\n')).toContain('Ghost booted')
  })

  it('runs its initial containers first, one after another', async () => {
    cluster = await startTestCluster()
    const initContainers = [
      { name: 'first', image: 'busybox:1' },
      {
        name: 'wait',
        image: 'busybox:1',
        command: ['sh', '-c', 'until curl -f http://backend:9500/v1; do sleep 1; done'],
      },
    ]
    cluster.add(deployment('web', { initContainers }))
    await cluster.pass(20)
    const states = pod('web').status.initContainerStatuses.map(({ state }: { state: object }) => Object.keys(state)[0])
    expect(states).toEqual(['terminated', 'running'])
    expect(waiting('web').reason).toBe('PodInitializing')
    cluster.add(deployment('backend'), service('backend', 9500))
    await cluster.pass(30, () => isReady('web'))
  })

  it('backs off longer after each crash', async () => {
    cluster = await startTestCluster()
    cluster.add(deployment('web', { containers: [{ name: 'web', image: 'exits-with-error:1' }] }))
    await cluster.pass(20, () => waiting('web')?.reason === 'CrashLoopBackOff')
    await cluster.pass(60, () => pod('web').status.containerStatuses[0].restartCount === 3)
    expect(pod('web').status.containerStatuses[0].lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(podLog(pod('web'))).toContain('the program ended with an error')
  })
})

describe('a node that goes away', () => {
  it('takes its pods out of traffic, and after five minutes they move', async () => {
    cluster = await startTestCluster()
    cluster.add(deployment('web'))
    await cluster.pass(20, () => isReady('web'))
    const home = pod('web').spec.nodeName
    const view = cluster.view.nodes.find(({ name }) => name === home)!
    view.ready = false
    await cluster.settled()
    expect(isReady('web')).toBe(false)
    expect(cluster.objects.get('Node', undefined, home)!.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }),
    )
    await cluster.pass(320, () => pod('web').spec.nodeName !== home && isReady('web'))
  })

  it('starts its containers again when it comes back', async () => {
    cluster = await startTestCluster([testNode('worker-1')])
    cluster.add(deployment('web'))
    await cluster.pass(20, () => isReady('web'))
    const { name } = pod('web').metadata
    cluster.view.nodes[0]!.ready = false
    await cluster.pass(5)
    cluster.view.nodes[0]!.ready = true
    await cluster.pass(10, () => isReady('web'))
    expect(pod('web').metadata.name).toBe(name)
    expect(pod('web').status.containerStatuses[0].restartCount).toBe(1)
  })
})
