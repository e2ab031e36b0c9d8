import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployment, startTestCluster, type TestCluster } from './cluster.fixture.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(() => cluster.close())

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
