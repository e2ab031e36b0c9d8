import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createCa, issueCertificate, type KeyPair } from '../../pki/index.ts'
import { isTrue } from '../controllers/conditions.ts'
import { addressOf } from '../controllers/load-balancers.ts'
import { deployment, service, startTestCluster, type TestCluster } from '../controllers/test-cluster.ts'
import { addAddressPool, addMetallb, addTraefik } from '../controllers/test-services.ts'
import type { KubeObject } from '../objects.ts'

/** On a network of its own, so that other labs can run at the same time. */
const address = `127.${randomInt(78, 128)}.${randomInt(256)}.80`
const host = 'blog.home.test'

let cluster: TestCluster
afterEach(() => cluster.close())

interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  subject?: string
}

const ports = (): { http: number; https: number } =>
  JSON.parse(readFileSync(join(cluster.labDirectory, 'ingress.json'), 'utf8'))

/** One request to the ingress, on a connection of its own. */
function fetchFrom(scheme: 'http' | 'https', name: string, more: RequestOptions = {}): Promise<Reply> {
  const secure = scheme === 'https'
  const options: RequestOptions = {
    host: address,
    port: ports()[scheme],
    path: '/',
    agent: false,
    headers: { host: name },
    ...(secure ? { servername: name } : {}),
    ...more,
  }
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(options, (response) => {
      const socket = response.socket as typeof response.socket & { getPeerCertificate?(): { subject: { CN: string } } }
      const subject = socket.getPeerCertificate?.().subject.CN
      let body = ''
      response.setEncoding('utf8').on('data', (part) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, subject }))
    })
    request.on('error', reject).end()
  })
}
const unverified = (name = host) => fetchFrom('https', name, { rejectUnauthorized: false })

const ingress = (spec: object = {}, annotations: object = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'blog', namespace: 'default', annotations: { ...annotations } },
  spec: {
    ingressClassName: 'traefik',
    tls: [{ hosts: [host], secretName: 'wildcard-tls' }],
    rules: [
      {
        host,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'blog', port: { number: 80 } } } }],
        },
      },
    ],
    ...spec,
  },
})

async function tlsSecret(): Promise<{ ca: KeyPair; secret: KubeObject }> {
  const ca = await createCa({ organization: 'Home', algorithm: 'p256' })
  const pair = await issueCertificate({
    ca,
    commonName: '*.home.test',
    sans: ['*.home.test'],
    days: 30,
    usages: ['server'],
    algorithm: 'p256',
  })
  const data = {
    'tls.crt': Buffer.from(pair.crt).toString('base64'),
    'tls.key': Buffer.from(pair.key).toString('base64'),
  }
  return {
    ca,
    secret: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'wildcard-tls', namespace: 'default' },
      data,
    },
  }
}

async function startIngress(moreArgs: string[] = []): Promise<void> {
  cluster = await startTestCluster()
  addMetallb(cluster)
  addAddressPool(cluster, `${address}-${address}`)
  addTraefik(cluster, moreArgs)
  await cluster.pass(
    40,
    () =>
      addressOf(cluster.objects.get('Service', 'traefik', 'traefik')!) === address &&
      isTrue(cluster.objects.get('Deployment', 'traefik', 'traefik'), 'Available'),
  )
  await cluster.settled()
}

async function addBlog(): Promise<void> {
  const env = [{ name: 'url', value: `https://${host}` }]
  cluster.add(
    deployment('blog', { containers: [{ name: 'blog', image: 'ghost:5.130.5-alpine', env }] }),
    service('blog', 80),
  )
  await cluster.pass(20, () => isTrue(cluster.objects.get('Deployment', 'default', 'blog'), 'Available'))
}

describe('the ingress', () => {
  it('answers HTTPS with the certificate of the TLS Secret and the page of the app', async () => {
    await startIngress()
    const { ca, secret } = await tlsSecret()
    cluster.add(secret, ingress())
    await addBlog()
    const reply = await fetchFrom('https', host, { ca: ca.crt })
    expect(reply).toMatchObject({ status: 200, subject: '*.home.test' })
    expect(reply.body).toContain('<title>Ghost</title>')
    expect(reply.body).toContain('ghost:5.130.5-alpine')
    expect(reply.body).toContain(cluster.objects.list('Pod', { labels: { app: 'blog' } })[0]!.metadata.name)
    expect(cluster.objects.get('Ingress', 'default', 'blog')!.status.loadBalancer.ingress).toEqual([{ ip: address }])
  })

  it('shows its own certificate when the Secret is missing, and 404 for hosts it does not know', async () => {
    await startIngress()
    cluster.add(ingress())
    await addBlog()
    expect(await unverified()).toMatchObject({ status: 200, subject: 'TRAEFIK DEFAULT CERT' })
    expect(await unverified('other.home.test')).toMatchObject({ status: 404, body: '404 page not found\n' })
    await expect(fetchFrom('https', host)).rejects.toThrow(/self-signed/)
    expect(await fetchFrom('http', host)).toMatchObject({ status: 404 })
  })

  it('answers 503 while no pod of the app is ready', async () => {
    await startIngress()
    cluster.add(ingress(), service('blog', 80))
    await cluster.settled()
    expect(await unverified()).toMatchObject({ status: 503, body: 'no available server\n' })
    await addBlogPods()
    expect(await unverified()).toMatchObject({ status: 200 })
  })

  it('sends people from HTTP to HTTPS when its arguments say so', async () => {
    await startIngress([
      '--entryPoints.web.http.redirections.entryPoint.to=:443',
      '--entryPoints.web.http.redirections.entryPoint.scheme=https',
    ])
    const suffix = ports().https === 443 ? '' : `:${ports().https}`
    expect(await fetchFrom('http', host, { path: '/post?a=1' })).toMatchObject({
      status: 301,
      headers: { location: `https://${host}${suffix}/post?a=1` },
    })
  })

  it('has no route for an Ingress that names a Middleware that does not exist', async () => {
    await startIngress()
    cluster.add(
      ingress({}, { 'traefik.ingress.kubernetes.io/router.middlewares': 'traefik-internal-only@kubernetescrd' }),
    )
    await addBlog()
    expect(await unverified()).toMatchObject({ status: 404 })
    const middleware = (sourceRange: string[]): KubeObject => ({
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: 'internal-only', namespace: 'traefik' },
      spec: { ipAllowList: { sourceRange } },
    })
    cluster.add(middleware(['127.0.0.0/8']))
    await cluster.settled()
    expect(await unverified()).toMatchObject({ status: 200 })
    cluster.objects.update(middleware(['10.0.0.0/8']))
    await cluster.settled()
    expect(await unverified()).toMatchObject({ status: 403 })
  })

  it('serves IngressRoutes by their Host and path', async () => {
    await startIngress()
    const route = (match: string) => ({ kind: 'Rule', match, services: [{ name: 'blog', port: 80 }] })
    cluster.add({
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'IngressRoute',
      metadata: { name: 'blog', namespace: 'default' },
      spec: { entryPoints: ['websecure'], routes: [route(`Host(\`${host}\`) && PathPrefix(\`/posts\`)`)], tls: {} },
    })
    await addBlog()
    expect(await unverified()).toMatchObject({ status: 404 })
    expect(await fetchFrom('https', host, { rejectUnauthorized: false, path: '/posts/1' })).toMatchObject({
      status: 200,
    })
  })

  it('is there again after a kill, and gone when Traefik is', async () => {
    await startIngress()
    cluster.add(ingress())
    await addBlog()
    await cluster.restart()
    expect(await unverified()).toMatchObject({ status: 200 })
    cluster.objects.delete('Namespace', undefined, 'traefik')
    await cluster.settled()
    await expect(unverified()).rejects.toThrow(/ECONNREFUSED/)
  })
})

async function addBlogPods(): Promise<void> {
  cluster.add(deployment('blog', { containers: [{ name: 'blog', image: 'ghost:5.130.5-alpine' }] }))
  await cluster.pass(20, () => isTrue(cluster.objects.get('Deployment', 'default', 'blog'), 'Available'))
}
