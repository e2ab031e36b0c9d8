import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployment, startTestCluster, type TestCluster } from './cluster.fixture.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(() => cluster.close())

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
    await cluster.apply(deployment())
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
