import { type Build, type BuiltObject, configFor, valueAt } from '../build.ts'
import type { Json } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { eachOwnObject, type World } from '../world.ts'
import type { Rule } from './rule.ts'

const target = 'external-dns.alpha.kubernetes.io/target'
const proxied = 'external-dns.alpha.kubernetes.io/cloudflare-proxied'
const router = 'traefik.ingress.kubernetes.io/router.'
const allowed = [target, proxied, ...['entrypoints', 'middlewares', 'priority', 'tls'].map((name) => router + name)]
const internalOnly = 'traefik-internal-only@kubernetescrd'
const internalCertificate = 'wildcard-internal-wild-cloud-tls'

type Pairs = Record<string, string>
const isIn = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)
const isInternal = (host: string, { scenario }: Build): boolean =>
  isIn(host, valueAt(scenario.config, 'cloud.internalDomain') as string)

const hostsOf = ({ object }: BuiltObject): string[] =>
  ((object.spec?.rules ?? []) as Json[]).flatMap(({ host }) => host ?? [])

const finding = ({ file }: BuiltObject, key: string, message: string): Finding => ({ file, key, message })

/** Shape all ingresses share. */
function shape(one: BuiltObject): Finding[] {
  const { spec, metadata } = one.object
  const strange = Object.keys(metadata.annotations ?? {}).filter((name) => !allowed.includes(name))
  const covered = ((spec?.tls ?? []) as Json[]).flatMap(({ hosts = [] }) => hosts as string[])
  const rules = (spec?.rules ?? []) as Json[]
  return [
    ...(spec?.ingressClassName === 'traefik' ? [] : [finding(one, 'spec.ingressClassName', 'must be traefik')]),
    ...strange.map((name) =>
      finding(one, `metadata.annotations.${name}`, 'has no meaning here, or the wrong one: remove it'),
    ),
    ...(rules.length > 0 && rules.every(({ host }) => host)
      ? []
      : [finding(one, 'spec.rules', 'has a rule without a host: name it')]),
    ...hostsOf(one)
      .filter((host) => !covered.includes(host))
      .map((host) => finding(one, 'spec.tls', `does not cover ${host}: add it to hosts`)),
  ]
}

function names(one: BuiltObject, build: Build): Finding[] {
  const annotations: Pairs = one.object.metadata.annotations ?? {}
  const chain = annotations[`${router}middlewares`] ?? ''
  return hostsOf(one).flatMap((host) => {
    if (isInternal(host, build)) {
      return [
        ...[target, proxied]
          .filter((name) => annotations[name] !== undefined)
          .map((name) =>
            finding(one, `metadata.annotations.${name}`, `would publish the internal host ${host}: remove it`),
          ),
        ...(chain.split(',').includes(internalOnly)
          ? []
          : [
              finding(
                one,
                `metadata.annotations.${router}middlewares`,
                `must be ${internalOnly} for the internal host ${host}`,
              ),
            ]),
      ]
    }
    return [
      ...(annotations[target] === valueAt(build.scenario.config, 'cloud.domain')
        ? []
        : [finding(one, `metadata.annotations.${target}`, 'must be cloud.domain for a public host')]),
      ...(annotations[proxied] === 'false'
        ? []
        : [finding(one, `metadata.annotations.${proxied}`, 'must be "false" for a public host')]),
    ]
  })
}

/** The certificate an Ingress must use: the app's own setting, or the internal wildcard for services. */
function certificateOf(world: World, { entry, scenario }: Build): string {
  if (entry.kind === 'service') return internalCertificate
  const config = configFor(world.entries, entry, scenario)
  return (
    (valueAt(config, `apps.${entry.manifest.name}.tlsSecretName`) as string | undefined) ?? '(no setting tlsSecretName)'
  )
}

function certificates(world: World, one: BuiltObject, build: Build): Finding[] {
  const wanted = certificateOf(world, build)
  return ((one.object.spec?.tls ?? []) as Json[])
    .filter(({ secretName }) => secretName !== wanted)
    .map(({ secretName }) => finding(one, 'spec.tls.secretName', `is ${secretName} but must be ${wanted}`))
}

const eachIngress = (world: World, look: (one: BuiltObject, build: Build) => Finding[]): Finding[] =>
  eachOwnObject(world, (one, build) => (one.object.kind === 'Ingress' ? look(one, build) : []))

export const ingressRules: Rule[] = [
  {
    name: 'ingress-shape',
    about: 'Class traefik, a host in every rule, TLS for every host, and no annotations but the known ones.',
    check: (world) => eachIngress(world, shape),
  },
  {
    name: 'ingress-audience',
    about: 'Public hosts are published at cloud.domain, unproxied; internal ones not at all, behind the allow-list.',
    check: (world) => eachIngress(world, names),
  },
  {
    name: 'ingress-certificate',
    about: 'An app’s Ingress uses the certificate its setting tlsSecretName names, a service’s the internal wildcard.',
    check: (world) => eachIngress(world, (one, build) => certificates(world, one, build)),
  },
]
