import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { KubeObject } from './kube-object.ts'
import { bundled } from './lint.ts'
import { bare, grown, type Scenario } from './scenarios.ts'
import { readSources } from './sources.ts'
import { makeWorld, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await makeWorld(await readSources(bundled.catalog), bundled)
})

function objects(entry: string, scenario: Scenario, part?: string): KubeObject[] {
  const builds = world.builds.filter(
    (build) =>
      build.entry.manifest.name === entry && build.scenario === scenario && (part === undefined || build.part === part),
  )
  return builds.flatMap((build) => build.objects.map(({ object }) => object))
}

function one(entry: string, kind: string, name: string, scenario = bare): KubeObject {
  const found = objects(entry, scenario).find((object) => object.kind === kind && object.metadata.name === name)
  if (found === undefined) throw new Error(`${entry} has no ${kind} ${name}`)
  return found
}

const environment = (object: KubeObject): Record<string, string | undefined> =>
  Object.fromEntries(
    object.spec.template.spec.containers[0].env.map(({ name, value }: { name: string; value?: string }) => [
      name,
      value,
    ]),
  )

describe('the services', () => {
  it('install in the order metallb, traefik, cert-manager, longhorn', () => {
    const needs = Object.fromEntries(
      world.entries.filter(({ kind }) => kind === 'service').map(({ manifest }) => [manifest.name, manifest.dependsOn]),
    )
    expect(needs).toMatchObject({ metallb: [], traefik: ['metallb'], 'cert-manager': ['traefik'] })
    expect(needs.longhorn).toEqual(['traefik', 'cert-manager'])
  })

  it('pin Traefik to the load balancer address and let it see who asks', () => {
    const { metadata, spec } = one('traefik', 'Service', 'traefik')
    expect(metadata.annotations).toEqual({ 'metallb.io/loadBalancerIPs': '192.168.1.80' })
    expect(spec).toMatchObject({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' })
  })

  it('ask for addresses that fit the router when nobody said which', () => {
    const metallb = world.entries.find(({ manifest }) => manifest.name === 'metallb')!
    expect(metallb.manifest.config['cluster.ipAddressPool']?.default).toContain('.cloud.router.ip')
  })

  it('keep as many copies of a volume as machines can hold, at most three', () => {
    const copies = (scenario: Scenario) =>
      parse(one('longhorn', 'ConfigMap', 'longhorn-storageclass', scenario).data!['storageclass.yaml']!).parameters
        .numberOfReplicas
    expect([copies(bare), copies(grown)]).toEqual(['1', '2'])
  })

  it('let Longhorn’s pods in, which need more than others may', () => {
    expect(one('longhorn', 'Namespace', 'longhorn-system').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'privileged',
    })
  })

  it('sign the same wildcard certificates with or without a Cloudflare token', () => {
    const certificates = (part: string) =>
      objects('cert-manager', bare, part).filter(
        ({ kind, metadata }) => kind === 'Certificate' && metadata.name.startsWith('wildcard-'),
      )
    const [local, acme] = [certificates('issuers-local'), certificates('issuers-cloudflare')]
    const withIssuer = (name: string) =>
      acme.map((object) => ({ ...object, spec: { ...object.spec, issuerRef: { kind: 'ClusterIssuer', name } } }))
    expect(local).toHaveLength(2)
    expect(local).toEqual(withIssuer('local-ca'))
    expect(acme).toEqual(withIssuer('letsencrypt-prod'))
  })

  it('look DNS challenges up at public resolvers', () => {
    const { args } = one('cert-manager', 'Deployment', 'cert-manager').spec.template.spec.containers[0]
    expect(args).toEqual(expect.arrayContaining(['--dns01-recursive-nameservers-only']))
  })
})

describe('Ghost', () => {
  it('sends no mail while no mail server is set', () => {
    expect(
      Object.keys(environment(one('ghost', 'Deployment', 'ghost'))).filter((name) => name.startsWith('mail')),
    ).toEqual([])
  })

  it('sends mail by the instance’s server, and lets its port decide about TLS', () => {
    expect(environment(one('ghost', 'Deployment', 'ghost', grown))).toMatchObject({
      mail__transport: 'SMTP',
      mail__options__host: 'smtp.example.com',
      mail__options__port: '587',
      mail__options__secure: 'false',
      mail__options__auth__user: 'person',
      mail__from: 'cloud@example.com',
    })
  })

  it('is reached at its own address below the cloud’s domain', () => {
    const { spec } = one('ghost', 'Ingress', 'ghost')
    expect(spec.rules[0].host).toBe('ghost.cloud.example.com')
    expect(spec.tls).toEqual([{ hosts: ['ghost.cloud.example.com'], secretName: 'wildcard-wild-cloud-tls' }])
  })
})

describe('MySQL', () => {
  it('makes no database or user of its own', () => {
    const names = Object.keys(environment(one('mysql', 'StatefulSet', 'mysql')))
    expect(names.filter((name) => name.startsWith('MYSQL_'))).toEqual(['MYSQL_ROOT_PASSWORD'])
  })
})
