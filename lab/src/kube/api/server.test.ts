import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCa } from '../../pki/index.ts'
import { clientOf, startTestCluster, type TestCluster } from './cluster.fixture.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(() => cluster.close())

const deployment = (image = 'nginx:1.27', more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 80 }], ...more }] },
    },
  },
})
const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', required: ['size'], properties: { size: { type: 'integer', minimum: 1 } } },
            },
          },
        },
      },
    ],
  },
}
const widget = (spec: object) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one', namespace: 'default' },
  spec,
})

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

describe('who may ask', () => {
  it('answers the health paths to anybody', async () => {
    for (const path of ['/readyz', '/livez', '/healthz']) {
      const answer = await cluster.call(path, { as: null })
      expect(answer).toMatchObject({ code: 200, body: 'ok' })
    }
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

describe('server-side apply', () => {
  it('leaves an object that is applied again as it was', async () => {
    const first = await cluster.apply(deployment())
    const second = await cluster.apply(deployment())
    expect([first.code, second.code]).toEqual([201, 200])
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
    expect(second.body.metadata.generation).toBe(1)
    expect(second.body.spec).toMatchObject({ replicas: 1, strategy: { type: 'RollingUpdate' } })
  })

  it('takes away what a manager applied before and drops now, and leaves what others hold', async () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]
    await cluster.apply(deployment('nginx:1.27', { env, livenessProbe: { httpGet: { path: '/', port: 80 } } }))
    const other = { ...deployment('nginx:1.27', { env: [{ name: 'C', value: '3' }] }) }
    await cluster.apply(other, 'fieldManager=other&force=true')
    const { body } = await cluster.apply(deployment('nginx:1.28', { env: env.slice(0, 1) }))
    const [container] = body.spec.template.spec.containers
    expect(container.image).toBe('nginx:1.28')
    expect(container.env).toEqual([
      { name: 'A', value: '1' },
      { name: 'C', value: '3' },
    ])
    expect(container.livenessProbe).toBeUndefined()
  })

  it('reports a conflict when it is not forced', async () => {
    const { code, body } = await cluster.apply(deployment('nginx:1.29'), 'fieldManager=helm')
    expect(code).toBe(409)
    expect(body.message).toContain('Apply failed with')
    expect(body.message).toContain('conflict with "test": .spec.template.spec.containers[name="web"].image')
  })

  it('changes nothing in a dry run', async () => {
    const before = (await cluster.call('/apis/apps/v1/namespaces/default/deployments/web')).body
    const { code, body } = await cluster.apply(deployment('nginx:9'), 'fieldManager=test&force=true&dryRun=All')
    expect(code).toBe(200)
    expect(body.spec.template.spec.containers[0].image).toBe('nginx:9')
    expect((await cluster.call('/apis/apps/v1/namespaces/default/deployments/web')).body).toEqual(before)
  })

  it('refuses fields the kind does not have', async () => {
    const { code, body } = await cluster.apply(deployment('nginx', { imagePullPolcy: 'Always' }))
    expect(code).toBe(500)
    expect(body.message).toBe(
      'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].imagePullPolcy: field not declared in schema',
    )
  })

  it('turns stringData into data', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      stringData: { 'apps.ghost.dbPassword': 'x' },
    }
    const { body } = await cluster.apply(secret)
    expect(body).toMatchObject({ type: 'Opaque', data: { 'apps.ghost.dbPassword': 'eA==' } })
    expect(body.stringData).toBeUndefined()
  })
})

describe('custom resources', () => {
  it('are not there before their definition is established, and checked after', async () => {
    expect((await cluster.apply(widget({ size: 1 }))).code).toBe(404)
    expect((await cluster.apply(widgets)).code).toBe(201)
    await until('/apis/example.com/v1/namespaces/default/widgets', ({ code }) => code === undefined)
    expect((await cluster.apply(widget({ size: 1 }))).code).toBe(201)
    expect((await cluster.apply(widget({ size: 1, colour: 'red' }))).body.message).toContain(
      '.spec.colour: field not declared in schema',
    )
    const { code, body } = await cluster.apply(widget({ size: 0 }))
    expect(code).toBe(422)
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'spec.size',
        message: 'Invalid value: 0: spec.size in body should be greater than or equal to 1',
      },
    ])
  })

  it('go with their definition', async () => {
    await cluster.call('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com', {
      method: 'DELETE',
    })
    expect(cluster.api.objects.list('Widget')).toEqual([])
    expect((await cluster.apply(widget({ size: 1 }))).code).toBe(404)
  })
})

describe('strictness', () => {
  const causes = async (object: Parameters<TestCluster['apply']>[0]) => {
    const { code, body } = await cluster.apply(object)
    expect(code).toBe(422)
    return body.details.causes.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`)
  }

  it('names the missing namespace', async () => {
    const { code, body } = await cluster.apply({ ...deployment(), metadata: { name: 'web', namespace: 'app' } })
    expect([code, body.reason, body.message]).toEqual([404, 'NotFound', 'namespaces "app" not found'])
  })

  it('wants valid names and label values', async () => {
    const found = await causes({
      ...deployment(),
      metadata: { name: 'Web_1', namespace: 'default', labels: { app: 'a b' } } as never,
    })
    expect(found.join('\n')).toMatch(
      /metadata.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain must consist of/,
    )
    expect(found.join('\n')).toMatch(/metadata.labels: Invalid value: "a b": a valid label must be an empty string/)
  })

  it('keeps selectors', async () => {
    const changed = deployment()
    changed.spec.selector.matchLabels.app = 'other'
    changed.spec.template.metadata.labels.app = 'other'
    expect(await causes(changed)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ])
  })

  it('wants mounts to have volumes and probes to have handlers', async () => {
    const found = await causes(
      deployment('nginx', {
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        livenessProbe: { periodSeconds: 5 },
      }),
    )
    expect(found).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
      'spec.template.spec.containers[0].livenessProbe: Required value: must specify a handler type',
    ])
  })

  it('keeps job templates', async () => {
    const job = (image: string) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'init', namespace: 'default' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'init', image }] } } },
    })
    const first = await cluster.apply(job('postgres:17'))
    const again = await cluster.apply(job('postgres:17'))
    expect(again.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
    expect((await causes(job('postgres:18'))).join()).toMatch(/^spec\.template: Invalid value: .*: field is immutable$/)
  })

  it('lets claims grow only when they are bound', async () => {
    const claim = (storage: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    })
    await cluster.apply(claim('1Gi'))
    expect((await causes(claim('2Gi'))).join()).toContain('spec: Forbidden: spec is immutable after creation')
    const stored = cluster.api.objects.get('PersistentVolumeClaim', 'default', 'data')!
    cluster.api.objects.updateStatus(stored, { phase: 'Bound', capacity: { storage: '1Gi' } })
    expect((await cluster.apply(claim('2Gi'))).code).toBe(200)
    expect((await causes(claim('512Mi'))).join()).toContain('spec.resources.requests.storage: Forbidden')
  })

  it('warns of pods the namespace will not take, and refuses the pods themselves', async () => {
    const { code, headers } = await cluster.apply(deployment('nginx', { securityContext: { privileged: true } }))
    expect(code).toBe(200)
    expect(headers.warning).toContain(
      'would violate PodSecurity \\"restricted:latest\\": privileged (container \\"web\\" must not set securityContext.privileged=true)',
    )
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x' }] },
    }
    const refused = await cluster.apply(pod)
    expect(refused.code).toBe(403)
    expect(refused.body.message).toBe(
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    )
    expect((await cluster.apply({ ...pod, metadata: { name: 'p', namespace: 'kube-system' } })).code).toBe(201)
  })

  it('refuses a stale version', async () => {
    const path = '/api/v1/namespaces/default/configmaps'
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '1' } }
    const { body } = await cluster.call(path, { method: 'POST', body: map })
    await cluster.call(`${path}/m`, { method: 'PUT', body: { ...body, data: { a: '2' } } })
    const stale = await cluster.call(`${path}/m`, { method: 'PUT', body: { ...body, data: { a: '3' } } })
    expect([stale.code, stale.body.reason]).toEqual([409, 'Conflict'])
    expect((await cluster.call(path, { method: 'POST', body: map })).body.message).toBe('configmaps "m" already exists')
    const strict = await cluster.call(`${path}?fieldValidation=Strict`, {
      method: 'POST',
      body: { ...map, metadata: { name: 'n' }, dta: {} },
    })
    expect(strict.body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"',
    )
  })
})

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
    const { body } = await cluster.call('/api/v1/namespaces/going', { method: 'DELETE' })
    expect(body.status.phase).toBe('Terminating')
    const late = await cluster.apply({ ...map, metadata: { ...map.metadata, name: 'late' } })
    expect(late.body.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace going because it is being terminated',
    )
    await until('/api/v1/namespaces/going', ({ code }) => code === 404)
    expect(cluster.api.objects.get('ConfigMap', 'going', 'm')).toBeUndefined()
  })

  it('takes dependents along', async () => {
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

describe('a restart', () => {
  it('finds everything as it was left', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kept', namespace: 'default' },
      data: { a: '1' },
    }
    const before = (await cluster.apply(map as never)).body
    await cluster.restart()
    expect((await cluster.call('/api/v1/namespaces/default/configmaps/kept')).body).toEqual(before)
    const again = await cluster.apply({ ...map, data: { b: '2' } } as never)
    expect(again.body.data).toEqual({ b: '2' })
    const old = await cluster.call('/api/v1/configmaps?watch=true&resourceVersion=1')
    expect(old.body).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
  })
})
