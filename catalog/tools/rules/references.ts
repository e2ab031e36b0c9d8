import { parse } from 'yaml'
import { clusterSecretsOf } from '../../../server/src/domains/catalog/model.ts'
import type { BuiltObject } from '../build.ts'
import { containersOf, type Json, type KubeObject, nameOf, podTemplate } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import { allObjects, appsOf, servicesOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

interface Named {
  kind: string
  name: string
  namespace?: string
  key: string
}

/** What the volumes of a pod are made of. */
function volumesOf(object: KubeObject): Named[] {
  const { namespace } = object.metadata
  const spec = podTemplate(object)?.spec ?? {}
  return ((spec.volumes ?? []) as Json[]).flatMap(({ configMap, secret, persistentVolumeClaim }, at) => {
    const key = `spec.template.spec.volumes[${at}]`
    const sources: [string, string | undefined][] = [
      ['ConfigMap', configMap?.name],
      ['Secret', secret?.secretName],
      ['PersistentVolumeClaim', persistentVolumeClaim?.claimName],
    ]
    return sources.flatMap(([kind, name]) => (name === undefined ? [] : [{ kind, name, namespace, key }]))
  })
}

/** ConfigMaps and Secrets that fill environments as a whole, and single keys of ConfigMaps. */
function environmentsOf(object: KubeObject): Named[] {
  const { namespace } = object.metadata
  return containersOf(object).flatMap(({ container, key }) => [
    ...((container.envFrom ?? []) as Json[]).flatMap(({ configMapRef, secretRef }, at) => [
      ...(configMapRef
        ? [{ kind: 'ConfigMap', name: configMapRef.name, namespace, key: `${key}.envFrom[${at}]` }]
        : []),
      ...(secretRef ? [{ kind: 'Secret', name: secretRef.name, namespace, key: `${key}.envFrom[${at}]` }] : []),
    ]),
    ...((container.env ?? []) as Json[]).flatMap(({ valueFrom }, at) => {
      const name = valueFrom?.configMapKeyRef?.name
      return name === undefined ? [] : [{ kind: 'ConfigMap', name, namespace, key: `${key}.env[${at}]` }]
    }),
  ])
}

const claimTemplates = ({ spec }: KubeObject): Json[] => spec?.volumeClaimTemplates ?? []

function storageOf(object: KubeObject): Named[] {
  const name = object.kind === 'PersistentVolumeClaim' ? object.spec?.storageClassName : undefined
  const own = name === undefined ? [] : [{ kind: 'StorageClass', name, key: 'spec.storageClassName' }]
  const templates = claimTemplates(object).flatMap(({ spec }, at) =>
    spec?.storageClassName === undefined
      ? []
      : [
          {
            kind: 'StorageClass',
            name: spec.storageClassName,
            key: `spec.volumeClaimTemplates[${at}].spec.storageClassName`,
          },
        ],
  )
  return [...own, ...templates]
}

const middlewares = 'traefik.ingress.kubernetes.io/router.middlewares'

function ingressNeeds(object: KubeObject): Named[] {
  if (object.kind !== 'Ingress') return []
  const listed = object.metadata.annotations?.[middlewares]?.split(',') ?? []
  const className = object.spec?.ingressClassName
  return [
    ...(className === undefined ? [] : [{ kind: 'IngressClass', name: className, key: 'spec.ingressClassName' }]),
    ...listed.map((text) => ({ kind: 'Middleware', name: text.trim(), key: `metadata.annotations.${middlewares}` })),
    ...((object.spec?.tls ?? []) as Json[]).map(({ secretName }, at) => ({
      kind: 'TLS Secret',
      name: secretName ?? '',
      key: `spec.tls[${at}].secretName`,
    })),
  ]
}

function issuersOf(object: KubeObject): Named[] {
  const { name, kind = 'Issuer' } = object.kind === 'Certificate' ? (object.spec?.issuerRef ?? {}) : {}
  const { namespace } = object.metadata
  return name === undefined
    ? []
    : [{ kind, name, namespace: kind === 'Issuer' ? namespace : undefined, key: 'spec.issuerRef' }]
}

function accountOf(object: KubeObject): Named[] {
  const name = podTemplate(object)?.spec?.serviceAccountName
  const { namespace } = object.metadata
  return name === undefined
    ? []
    : [{ kind: 'ServiceAccount', name, namespace, key: 'spec.template.spec.serviceAccountName' }]
}

const needsOf = (object: KubeObject): Named[] => [
  ...volumesOf(object),
  ...environmentsOf(object),
  ...storageOf(object),
  ...ingressNeeds(object),
  ...issuersOf(object),
  ...accountOf(object),
]

/** What a catalog's objects offer, as `Kind namespace/name`. */
export type Offers = Set<string>

const id = (kind: string, name: string, namespace = ''): string => `${kind} ${namespace}/${name}`

/** Longhorn makes its StorageClass and driver from a text in a ConfigMap. */
function longhornOffers({ kind, metadata, data }: KubeObject): string[] {
  if (kind !== 'ConfigMap' || metadata.name !== 'longhorn-storageclass') return []
  const storageClass = parse(data?.['storageclass.yaml'] ?? '')
  return [id('StorageClass', storageClass?.metadata?.name), id('CSIDriver', storageClass?.provisioner)]
}

function offersOf(object: KubeObject): string[] {
  const { kind, metadata, spec } = object
  const { name, namespace } = metadata
  const more =
    kind === 'Certificate'
      ? [id('TLS Secret', spec?.secretName), id('Secret', spec?.secretName, namespace)]
      : kind === 'Middleware'
        ? [id('Middleware', `${namespace}-${name}@kubernetescrd`)]
        : []
  return [id(kind, name, namespace), ...more, ...longhornOffers(object)]
}

/** What is in every cluster before anything is installed. */
const broughtByTalos = [id('ConfigMap', 'coredns', 'kube-system'), id('Deployment', 'coredns', 'kube-system')]

/** Everything that is there once the whole catalog is installed. */
export function offersIn(world: World, objects: KubeObject[]): Offers {
  const secrets = [
    ...appsOf(world).map(({ manifest: { name } }) => id('Secret', `${name}-secrets`, name)),
    ...servicesOf(world).flatMap(({ manifest }) =>
      clusterSecretsOf(manifest).map(({ name, namespace }) => id('Secret', name, namespace)),
    ),
  ]
  return new Set([...objects.flatMap(offersOf), ...secrets, ...broughtByTalos])
}

/** Whether a kind and name are among the offers. */
export const isOffered = (offers: Offers, kind: string, name: string, namespace?: string): boolean =>
  offers.has(id(kind, name, namespace))

function dangling({ object, file }: BuiltObject, offers: Offers): Finding[] {
  return needsOf(object)
    .filter(({ kind, name, namespace }) => !isOffered(offers, kind, name, namespace))
    .map(({ kind, name, key }) => ({
      file,
      key,
      object: nameOf(object),
      message: `needs the ${kind} ${name}, which nothing in the catalog makes: correct the name, or make it`,
    }))
}

export const referenceRules: Rule[] = [
  {
    name: 'references-resolve',
    about:
      'Volumes, environments, classes, middlewares, certificates, issuers and accounts that are named exist in the catalog.',
    check: (world) =>
      scenarios.flatMap((scenario) => {
        const offers = offersIn(world, allObjects(world, scenario))
        return world.builds
          .filter((build) => build.scenario === scenario)
          .flatMap(({ objects }) => objects.filter(({ upstream }) => !upstream).flatMap((one) => dangling(one, offers)))
      }),
  },
]
