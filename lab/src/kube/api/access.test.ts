import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCa } from '../../pki/index.ts'
import { clientOf, startTestCluster, type TestCluster } from './cluster.fixture.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(() => cluster.close())

describe('who may ask', () => {
  it('answers the health paths to whoever has a certificate', async () => {
    for (const path of ['/readyz', '/livez', '/healthz']) {
      expect(await cluster.call(path)).toMatchObject({ code: 200, body: 'ok' })
      expect((await cluster.call(path, { as: null })).code).toBe(401)
    }
  })

  it('answers without etcd only what it knows itself, and says which check fails', async () => {
    cluster.view.etcdStalled = true
    for (const path of ['/readyz', '/livez', '/healthz']) {
      const { code, body } = await cluster.call(path)
      expect([code, body]).toEqual([
        500,
        expect.stringMatching(/^\[\+\]ping ok\n[\s\S]*\[-\]etcd failed: reason withheld\n/),
      ])
    }
    for (const method of ['GET', 'POST']) {
      const { code, body } = await cluster.call('/api/v1/namespaces', {
        method,
        body: method === 'GET' ? undefined : {},
      })
      expect([code, body.message]).toEqual([500, 'etcdserver: request timed out'])
    }
    expect((await cluster.call('/version')).code).toBe(200)
    expect((await cluster.call('/api/v1/namespaces', { as: null })).code).toBe(401)
    cluster.view.etcdStalled = false
    expect((await cluster.call('/api/v1/namespaces')).code).toBe(200)
  })

  it('answers 401 without a certificate and with a foreign one', async () => {
    const foreign = await clientOf(
      await createCa({ organization: 'other', algorithm: 'p256' }),
      'admin',
      'system:masters',
    )
    for (const as of [null, foreign]) {
      const answer = await cluster.call('/api/v1/namespaces', { as })
      expect(answer.code).toBe(401)
      expect(answer.body).toMatchObject({ kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' })
    }
  })

  it('forbids what no role allows', async () => {
    const node = await clientOf(cluster.ca, 'system:node:a', 'system:nodes')
    const { code, body } = await cluster.call('/api/v1/namespaces/default/secrets', { as: node })
    expect(code).toBe(403)
    expect(body.message).toBe(
      'secrets is forbidden: User "system:node:a" cannot list resource "secrets" in API group "" in the namespace "default"',
    )
  })

  it('issues service account tokens that carry the roles bound to the account', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'viewer', namespace: 'default' } }
    await cluster.apply(account)
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'viewer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'viewer', namespace: 'default' }],
    }
    expect((await cluster.apply(binding)).code).toBe(201)
    const request = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', spec: { expirationSeconds: 3600 } }
    const { code, body } = await cluster.call('/api/v1/namespaces/default/serviceaccounts/viewer/token', {
      method: 'POST',
      body: request,
    })
    expect(code).toBe(201)
    const headers = { authorization: `Bearer ${body.status.token}` }
    expect((await cluster.call('/api/v1/pods', { as: null, headers })).code).toBe(200)
    expect((await cluster.call('/api/v1/namespaces/default/pods', { as: null, headers, method: 'DELETE' })).code).toBe(
      403,
    )
    expect((await cluster.call('/api/v1/pods', { as: null, headers: { authorization: 'Bearer a.b.c' } })).code).toBe(
      401,
    )
  })
})

describe('discovery', () => {
  it('comes aggregated and plain', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const { body } = await cluster.call('/apis', { headers: { accept } })
    expect(body.kind).toBe('APIGroupDiscoveryList')
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toContain('apps')
    expect((await cluster.call('/apis')).body.kind).toBe('APIGroupList')
    expect((await cluster.call('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const { resources } = (await cluster.call('/apis/apps/v1')).body
    expect(resources.find((one: { name: string }) => one.name === 'deployments')).toMatchObject({
      kind: 'Deployment',
      namespaced: true,
      shortNames: ['deploy'],
    })
    expect((await cluster.call('/version')).body).toMatchObject({ major: '1', minor: '34', gitVersion: 'v1.34.1' })
  })
})

describe('bodies', () => {
  it('refuses protobuf with 415', async () => {
    const { code, body } = await cluster.call('/api/v1/namespaces', {
      method: 'POST',
      type: 'application/vnd.kubernetes.protobuf',
      body: 'k8s\u0000',
    })
    expect(code).toBe(415)
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'UnsupportedMediaType', code: 415 })
  })

  it('answers a path nobody serves with a Status', async () => {
    const { code, body } = await cluster.call('/apis/example.org/v1/things')
    expect(code).toBe(404)
    expect(body.message).toBe('the server could not find the requested resource')
  })
})
