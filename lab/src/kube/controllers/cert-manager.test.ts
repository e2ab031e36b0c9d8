import { X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { verifyIssuedBy } from '../../pki/index.ts'
import type { KubeObject } from '../objects.ts'
import { goDuration } from './certificates.ts'
import { conditionOf, isTrue } from './conditions.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'
import { addCertManager } from './test-services.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const api = 'cert-manager.io/v1'
const get = (kind: string, name: string) =>
  cluster.objects.get(kind, kind === 'ClusterIssuer' ? undefined : 'cert-manager', name)
const isReady = (kind: string, name: string) => isTrue(get(kind, name), 'Ready')
const issuer = (name: string, spec: object): KubeObject => ({
  apiVersion: api,
  kind: 'ClusterIssuer',
  metadata: { name },
  spec,
})
const certificate = (name: string, issuerName: string, spec: object = {}): KubeObject => ({
  apiVersion: api,
  kind: 'Certificate',
  metadata: { name, namespace: 'cert-manager' },
  spec: {
    secretName: `${name}-tls`,
    dnsNames: [`*.${name}.test`, `${name}.test`],
    issuerRef: { name: issuerName, kind: 'ClusterIssuer' },
    ...spec,
  },
})
const pem = (secret: string, key: string) => Buffer.from(get('Secret', secret)!.data[key], 'base64').toString()

describe('cert-manager', () => {
  it('signs nothing before its three parts run', async () => {
    cluster = await startTestCluster()
    cluster.add(issuer('self', { selfSigned: {} }))
    await cluster.pass(20)
    expect(get('ClusterIssuer', 'self')!.status).toBeUndefined()
    addCertManager(cluster)
    await cluster.pass(30, () => isReady('ClusterIssuer', 'self'))
  })

  it('signs certificates with a CA it made itself', async () => {
    cluster = await startTestCluster()
    addCertManager(cluster)
    cluster.add(
      issuer('self', { selfSigned: {} }),
      certificate('root', 'self', { isCA: true, commonName: 'Home CA' }),
      issuer('home', { ca: { secretName: 'root-tls' } }),
      certificate('cloud', 'home', { duration: '2160h', renewBefore: '360h' }),
    )
    await cluster.pass(20, () => conditionOf(get('ClusterIssuer', 'home'), 'Ready')?.reason === 'ErrGetKeyPair')
    await cluster.pass(30, () => isReady('Certificate', 'cloud'))
    expect(get('Secret', 'cloud-tls')).toMatchObject({ type: 'kubernetes.io/tls' })
    expect(verifyIssuedBy(pem('cloud-tls', 'tls.crt'), pem('root-tls', 'tls.crt'))).toBe(true)
    expect(pem('cloud-tls', 'ca.crt')).toBe(pem('root-tls', 'tls.crt'))
    const issued = new X509Certificate(pem('cloud-tls', 'tls.crt'))
    expect(issued.checkHost('blog.cloud.test')).toBeDefined()
    const { notAfter, renewalTime } = get('Certificate', 'cloud')!.status
    expect(Date.parse(notAfter) - Date.parse(renewalTime)).toBe(360 * 3_600_000)
    expect(conditionOf(get('Certificate', 'cloud'), 'Issuing')).toBeUndefined()
  })

  it('issues again when the Secret is gone or the names changed', async () => {
    cluster = await startTestCluster()
    addCertManager(cluster)
    cluster.add(issuer('self', { selfSigned: {} }), certificate('cloud', 'self'))
    await cluster.pass(30, () => isReady('Certificate', 'cloud'))
    const first = pem('cloud-tls', 'tls.crt')
    cluster.objects.delete('Secret', 'cert-manager', 'cloud-tls')
    await cluster.settled()
    expect(conditionOf(get('Certificate', 'cloud'), 'Ready')).toMatchObject({ status: 'False', reason: 'DoesNotExist' })
    await cluster.pass(10, () => isReady('Certificate', 'cloud'))
    expect(pem('cloud-tls', 'tls.crt')).not.toBe(first)
    const before = get('Certificate', 'cloud')!
    cluster.objects.update({ ...before, spec: { ...before.spec, dnsNames: ['other.test'] } })
    await cluster.pass(10, () => new X509Certificate(pem('cloud-tls', 'tls.crt')).checkHost('other.test') !== undefined)
    expect(get('Certificate', 'cloud')!.status.revision).toBe(3)
  })

  it('waits for the DNS token before ACME certificates, and goes on after a kill', async () => {
    cluster = await startTestCluster()
    addCertManager(cluster)
    const solvers = [
      { dns01: { cloudflare: { apiTokenSecretRef: { name: 'cloudflare-api-token', key: 'api-token' } } } },
    ]
    cluster.add(
      issuer('acme', { acme: { server: 'https://acme.test', privateKeySecretRef: { name: 'acme' }, solvers } }),
      certificate('cloud', 'acme'),
    )
    await cluster.pass(30)
    expect(conditionOf(get('ClusterIssuer', 'acme'), 'Ready')).toMatchObject({
      status: 'False',
      message: 'secrets "cloudflare-api-token" not found',
    })
    expect(cluster.events('IssuerNotReady')).toHaveLength(1)
    cluster.add({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cloudflare-api-token', namespace: 'cert-manager' },
      data: { 'api-token': 'dG9rZW4=' },
    })
    await cluster.pass(6, () => isReady('ClusterIssuer', 'acme'))
    await cluster.pass(3)
    await cluster.restart()
    await cluster.pass(10, () => isReady('Certificate', 'cloud'))
    expect(get('Secret', 'acme')).toBeDefined()
  })
})

it('durations are read as Go writes them', () => {
  expect(goDuration('2160h0m0s')).toBe(2160 * 3_600_000)
  expect(goDuration('1h30m')).toBe(5_400_000)
})
