import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployment, startTestCluster, type TestCluster } from './cluster.fixture.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(() => cluster.close())

/** Resolves when the object passes the test. */
async function until(
  path: string,
  passes: (object: { metadata?: { deletionTimestamp?: string }; code?: number }) => boolean,
): Promise<void> {
  for (;;) {
    const { body } = await cluster.call(path)
    if (passes(body)) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('lists and watches', () => {
  it('lists by selectors and in pages', async () => {
    for (const name of ['a', 'b', 'c']) {
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `page-${name}`, namespace: 'default', labels: { page: name } } as never,
      })
    }
    const path = '/api/v1/namespaces/default/configmaps'
    const names = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name)
    expect(names((await cluster.call(`${path}?labelSelector=${encodeURIComponent('page in (a,c)')}`)).body)).toEqual([
      'page-a',
      'page-c',
    ])
    expect(names((await cluster.call(`${path}?labelSelector=page,page!=a`)).body)).toEqual(['page-b', 'page-c'])
    expect(names((await cluster.call(`${path}?fieldSelector=metadata.name=page-b`)).body)).toEqual(['page-b'])
    const first = (await cluster.call(`${path}?labelSelector=page&limit=2`)).body
    expect([names(first), first.metadata.remainingItemCount]).toEqual([['page-a', 'page-b'], 1])
    const rest = (await cluster.call(`${path}?labelSelector=page&limit=2&continue=${first.metadata.continue}`)).body
    expect(names(rest)).toEqual(['page-c'])
    expect((await cluster.call('/api/v1/namespaces/none/configmaps')).body.items).toEqual([])
  })

  it('tells a watcher what happens after the version it has seen', async () => {
    const path = '/api/v1/namespaces/default/configmaps'
    const { metadata } = (await cluster.call(path)).body
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'seen', namespace: 'default' },
      data: { a: '1' },
    }
    await cluster.apply(map)
    await cluster.apply({ ...map, data: { a: '2' } } as never)
    await cluster.call(`${path}/seen`, { method: 'DELETE' })
    const watch = (version: string) =>
      `${path}?watch=true&timeoutSeconds=1&resourceVersion=${version}&fieldSelector=metadata.name=seen`
    const { body } = await cluster.call(watch(metadata.resourceVersion))
    const events = body
      .trim()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    expect(events.map((event: { type: string }) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    expect(events[1].object.data).toEqual({ a: '2' })
  })
})

describe('deletion', () => {
  it('takes a namespace with its content, after a while in which nothing new may come', async () => {
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } })
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'going' } }
    await cluster.apply(map)
    cluster.holdTime()
    const { body } = await cluster.call('/api/v1/namespaces/going', { method: 'DELETE' })
    expect(body.status.phase).toBe('Terminating')
    const late = await cluster.apply({ ...map, metadata: { ...map.metadata, name: 'late' } })
    expect(late.body.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace going because it is being terminated',
    )
    cluster.releaseTime()
    await until('/api/v1/namespaces/going', ({ code }) => code === 404)
    expect(cluster.api.objects.get('ConfigMap', 'going', 'm')).toBeUndefined()
  })

  it('takes dependents along', async () => {
    await cluster.apply(deployment())
    const owner = (await cluster.call('/apis/apps/v1/namespaces/default/deployments/web')).body
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner.metadata.uid }]
    cluster.api.objects.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-1', namespace: 'default', ownerReferences },
      spec: {},
    })
    const answer = await cluster.call('/apis/apps/v1/namespaces/default/deployments/web', { method: 'DELETE' })
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    })
    expect(cluster.api.objects.get('ReplicaSet', 'default', 'web-1')).toBeUndefined()
  })

  it('keeps a claim that a pod uses until the pod is gone', async () => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    } as never)
    const spec = {
      containers: [{ name: 'c', image: 'x' }],
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
    }
    cluster.api.objects.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'user', namespace: 'default' },
      spec,
      status: { phase: 'Running' },
    })
    const path = '/api/v1/namespaces/default/persistentvolumeclaims/data'
    expect((await cluster.call(path, { method: 'DELETE' })).body.metadata.deletionTimestamp).toBeDefined()
    expect((await cluster.call(path)).code).toBe(200)
    await cluster.call('/api/v1/namespaces/default/pods/user', { method: 'DELETE' })
    expect((await cluster.call(path)).code).toBe(404)
  })
})
