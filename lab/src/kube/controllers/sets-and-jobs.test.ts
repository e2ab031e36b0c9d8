import { afterEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import { deployment, service, startTestCluster, type TestCluster, testNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const pods = (app: string) => cluster.objects.list('Pod', { labels: { app } })
const template = (app: string, spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: `${app}:1.0` }], ...spec },
})
const workload = (kind: string, name: string, spec: object): KubeObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name, namespace: 'default' },
  spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
})

describe('a StatefulSet', () => {
  const get = () => cluster.objects.get('StatefulSet', 'default', 'db')!

  it('starts its pods in order and replaces them one at a time, the last first', async () => {
    cluster = await startTestCluster()
    cluster.add(workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }))
    await cluster.settled()
    expect(pods('db').map(({ metadata }) => metadata.name)).toEqual(['db-0'])
    await cluster.pass(30, () => get().status.readyReplicas === 2)
    expect(get().status.currentRevision).toBe(get().status.updateRevision)
    const next = structuredClone(get())
    next.spec.template.spec.containers[0].image = 'db:2.0'
    cluster.objects.update(next)
    await cluster.settled()
    const images = () => pods('db').map(({ spec }) => spec.containers[0].image)
    expect(images()).toEqual(['db:1.0', 'db:2.0'])
    expect(get().status.currentRevision).not.toBe(get().status.updateRevision)
    await cluster.pass(60, () => get().status.currentRevision === get().status.updateRevision)
    expect(images()).toEqual(['db:2.0', 'db:2.0'])
  })

  it('makes claims that outlive it', async () => {
    cluster = await startTestCluster()
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    cluster.add(workload('StatefulSet', 'db', { replicas: 1, serviceName: 'db', volumeClaimTemplates: [claim] }))
    await cluster.settled()
    expect(cluster.objects.get('PersistentVolumeClaim', 'default', 'data-db-0')).toBeDefined()
    cluster.objects.delete('StatefulSet', 'default', 'db')
    await cluster.settled()
    expect(pods('db')).toHaveLength(0)
    expect(cluster.objects.get('PersistentVolumeClaim', 'default', 'data-db-0')).toBeDefined()
  })
})

describe('a DaemonSet', () => {
  const get = () => cluster.objects.get('DaemonSet', 'default', 'agent')!
  const tainted = testNode('control-1', {
    role: 'controlplane',
    taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  })

  it('runs on the nodes whose taints it tolerates and whose labels it asks for', async () => {
    cluster = await startTestCluster([tainted, testNode('worker-2'), testNode('worker-3', { labels: { gpu: 'yes' } })])
    cluster.add(workload('DaemonSet', 'agent', {}))
    await cluster.pass(20, () => get().status.numberReady === 2)
    const nodes = () =>
      pods('agent')
        .map(({ spec }) => spec.nodeName)
        .sort()
    expect(nodes()).toEqual(['worker-2', 'worker-3'])
    cluster.objects.update({
      ...get(),
      spec: { ...get().spec, template: template('agent', { nodeSelector: { gpu: 'yes' } }) },
    })
    await cluster.pass(30, () => get().status.numberReady === 1 && get().status.updatedNumberScheduled === 1)
    expect(nodes()).toEqual(['worker-3'])
    expect(get().status).toMatchObject({ desiredNumberScheduled: 1, observedGeneration: 2 })
  })

  it('comes to a node that joins later', async () => {
    cluster = await startTestCluster([testNode('worker-2')])
    cluster.add(workload('DaemonSet', 'agent', {}))
    await cluster.pass(20, () => get().status.numberReady === 1)
    cluster.view.nodes.push(testNode('worker-3'))
    await cluster.pass(20, () => get().status.numberReady === 2)
  })
})

describe('a Job', () => {
  const get = () => cluster.objects.get('Job', 'default', 'init')
  const never = (spec: object = {}) => template('init', { restartPolicy: 'Never', ...spec })

  it('completes, and is cleared away when its time is over', async () => {
    cluster = await startTestCluster()
    cluster.add(workload('Job', 'init', { template: never(), ttlSecondsAfterFinished: 60 }))
    await cluster.pass(20, () => isTrue(get(), 'Complete'))
    expect(get()!.status).toMatchObject({ succeeded: 1, active: 0, failed: 0 })
    expect(pods('init')[0]!.status).toMatchObject({ phase: 'Succeeded' })
    expect(pods('init')[0]!.metadata.labels).toMatchObject({ 'job-name': 'init' })
    await cluster.pass(61, () => get() === undefined)
    expect(pods('init')).toHaveLength(0)
  })

  it('waits until the database it sets up answers', async () => {
    cluster = await startTestCluster()
    const args = ['mysql -h db.default.svc.cluster.local -e "CREATE DATABASE ghost"']
    cluster.add(
      workload('Job', 'init', { template: never({ containers: [{ name: 'init', image: 'mysql:8', args }] }) }),
    )
    await cluster.pass(60)
    expect(get()!.status).toMatchObject({ active: 1, succeeded: 0 })
    cluster.add(deployment('db'), service('db', 3306))
    await cluster.pass(30, () => isTrue(get(), 'Complete'))
  })

  it('fails once it was tried often enough', async () => {
    cluster = await startTestCluster()
    const containers = [{ name: 'init', image: 'exits-with-error:1' }]
    cluster.add(workload('Job', 'init', { template: never({ containers }), backoffLimit: 1 }))
    await cluster.pass(60, () => isTrue(get(), 'Failed'))
    expect(get()!.status).toMatchObject({ failed: 2 })
    expect(get()!.status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      }),
    )
  })

  it('is not done twice when the controllers were killed while it ran', async () => {
    cluster = await startTestCluster()
    cluster.add(workload('Job', 'init', { template: never() }))
    await cluster.pass(4)
    await cluster.restart()
    await cluster.pass(20, () => isTrue(get(), 'Complete'))
    expect(pods('init')).toHaveLength(1)
  })
})
