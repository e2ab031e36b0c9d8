import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/kubectl.ts'
import { aContext } from '../nodes/testing/run-steps.ts'
import { certificateStep, copiesFor } from './certificates.ts'
import { fakeCluster } from './testing/fake-cluster.ts'

const name = 'wildcard-wild-cloud-tls'
const ingress = (namespace: string, ...secrets: string[]): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'x', namespace },
  spec: { tls: secrets.map((secretName) => ({ secretName })) },
})
const certificate = (namespace: string, value = 'a2V5'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name, namespace },
  data: { 'tls.crt': 'Y3J0', 'tls.key': value },
})

describe('copies of wildcard certificates', () => {
  it('are needed where an ingress names one, once per namespace', () => {
    expect(
      copiesFor([ingress('a', name), ingress('a', name), ingress('b', 'own-tls'), ingress('cert-manager', name)]),
    ).toEqual([{ secret: name, namespace: 'a' }])
  })

  const stepFor = (cluster: ReturnType<typeof fakeCluster>) =>
    certificateStep({ name: 'certificates', kubectl: () => cluster.kubectl, objects: async () => [ingress('a', name)] })

  it('are made, renewed when the original changes, and otherwise left alone', async () => {
    const cluster = fakeCluster([certificate('cert-manager')])
    const { context, warnings } = aContext(cluster.run)
    expect(await stepFor(cluster).done!(context)).toBe(false)
    await stepFor(cluster).run(context)
    expect(cluster.find('Secret', 'a', name)).toMatchObject({ type: 'kubernetes.io/tls', data: { 'tls.key': 'a2V5' } })
    expect(await stepFor(cluster).done!(context)).toBe(true)
    cluster.put(certificate('cert-manager', 'bmV3'))
    expect(await stepFor(cluster).done!(context)).toBe(false)
    await stepFor(cluster).run(context)
    expect(cluster.find('Secret', 'a', name)?.data['tls.key']).toBe('bmV3')
    expect(warnings).toEqual([])
  })

  it('are a warning, not a failure, while there is no certificate', async () => {
    const cluster = fakeCluster([])
    const { context, warnings } = aContext(cluster.run)
    await stepFor(cluster).run(context)
    expect(warnings[0]).toContain(`${name} is not there yet`)
    expect(cluster.applied).toEqual([])
  })
})
