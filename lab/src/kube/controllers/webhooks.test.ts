import { afterEach, expect, it } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import { deployment, service, startTestCluster, type TestCluster } from './test-cluster.ts'
import { addCertManager } from './test-services.ts'
import { webhookRefusal } from './webhooks.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const configuration = (more: object = {}, annotations: object = {}): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'guard', annotations: { ...annotations } },
  webhooks: [
    {
      name: 'guard.example.com',
      failurePolicy: 'Fail',
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
      clientConfig: { service: { name: 'guard', namespace: 'default', path: '/check' } },
      ...more,
    },
  ],
})
const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } }
const post =
  'Internal error occurred: failed calling webhook "guard.example.com": failed to call webhook: Post "https://guard.default.svc:443/check?timeout=10s": '

it('a change is refused while a webhook that must see it cannot answer', async () => {
  cluster = await startTestCluster()
  cluster.add(configuration())
  expect(webhookRefusal(cluster.objects, 'CREATE', map)).toBe(`${post}service "guard" not found`)
  cluster.add(service('guard', 443), deployment('guard'))
  await cluster.settled()
  expect(webhookRefusal(cluster.objects, 'CREATE', map)).toBe(`${post}no endpoints available for service "guard"`)
  expect(webhookRefusal(cluster.objects, 'UPDATE', map)).toBeUndefined()
  expect(webhookRefusal(cluster.objects, 'CREATE', { ...map, kind: 'Secret' })).toBeUndefined()
  await cluster.pass(20, () => webhookRefusal(cluster.objects, 'CREATE', map) === undefined)
})

it('webhooks that may fail, or that look at other namespaces, are no hindrance', async () => {
  cluster = await startTestCluster()
  const elsewhere = { matchLabels: { 'kubernetes.io/metadata.name': 'other' } }
  cluster.add(configuration({ failurePolicy: 'Ignore' }))
  expect(webhookRefusal(cluster.objects, 'CREATE', map)).toBeUndefined()
  cluster.objects.update(configuration({ namespaceSelector: elsewhere }))
  expect(webhookRefusal(cluster.objects, 'CREATE', map)).toBeUndefined()
})

it("cert-manager's webhook is trusted only after its CA was injected", async () => {
  cluster = await startTestCluster()
  addCertManager(cluster)
  const clientConfig = { service: { name: 'cert-manager-webhook', namespace: 'cert-manager', path: '/check' } }
  cluster.add(
    configuration(
      { clientConfig },
      { 'cert-manager.io/inject-ca-from-secret': 'cert-manager/cert-manager-webhook-ca' },
    ),
  )
  const refusals = new Set<string | undefined>()
  await cluster.pass(30, () => {
    refusals.add(webhookRefusal(cluster.objects, 'CREATE', map)?.split('": ').at(-1))
    return isTrue(cluster.objects.get('Deployment', 'cert-manager', 'cert-manager'), 'Available')
  })
  await cluster.settled()
  expect(webhookRefusal(cluster.objects, 'CREATE', map)).toBeUndefined()
  expect(refusals).toContain('no endpoints available for service "cert-manager-webhook"')
})
