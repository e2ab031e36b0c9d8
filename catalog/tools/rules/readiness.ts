import type { ReadyCheck } from '../../../server/src/domains/catalog/model.ts'
import { type Entry, manifestFile } from '../entries.ts'
import { isLongRunning, nameOf } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { bare, scenarios } from '../scenarios.ts'
import { allObjects, objectsOf, servicesOf, type World } from '../world.ts'
import { isOffered, type Offers, offersIn } from './references.ts'
import type { Rule } from './rule.ts'

/** The condition that says of each kind that it works; other kinds can only exist. */
const conditions: Record<string, ReadyCheck['condition']> = {
  Deployment: 'Available',
  DaemonSet: 'Ready',
  StatefulSet: 'Ready',
  Job: 'Complete',
  CustomResourceDefinition: 'Established',
  Certificate: 'Ready',
  Issuer: 'Ready',
  ClusterIssuer: 'Ready',
  Service: 'LoadBalancer',
}

/** Kinds whose API the daemon knows. */
const isBuiltIn = new Set([
  ...Object.keys(conditions),
  'Ingress',
  'IngressClass',
  'StorageClass',
  'CSIDriver',
  'Namespace',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ServiceAccount',
])

interface Declared {
  check: ReadyCheck
  key: string
}

function checksOf(entry: Entry): Declared[] {
  if (entry.kind === 'app') {
    const { name, ready } = entry.manifest
    return ready.map((check, at) => ({ check: { ...check, namespace: check.namespace ?? name }, key: `ready[${at}]` }))
  }
  return entry.manifest.apply.flatMap(({ ready }, part) =>
    ready.map((check, at) => ({ check, key: `apply[${part}].ready[${at}]` })),
  )
}

function wrong(entry: Entry, offers: Offers): Finding[] {
  const file = manifestFile(entry.source)
  return checksOf(entry).flatMap(({ check: { kind, apiVersion, name, namespace, condition }, key }) => {
    const fitting = conditions[kind] ?? 'Exists'
    if (condition !== fitting) return [{ file, key, message: `a ${kind} is judged by ${fitting}, not ${condition}` }]
    if (apiVersion === undefined && !isBuiltIn.has(kind))
      return [{ file, key, message: `waits for a ${kind}, which Kubernetes does not have itself: say its apiVersion` }]
    return isOffered(offers, kind, name, namespace)
      ? []
      : [
          {
            file,
            key,
            message: `waits for ${kind} ${namespace ? `${namespace}/` : ''}${name}, which nothing makes: correct kind, name or namespace`,
          },
        ]
  })
}

/** Workloads nobody waits for, and a service that waits for nothing. */
function unwatched(world: World, entry: Entry): Finding[] {
  const file = manifestFile(entry.source)
  const checks = checksOf(entry).map(({ check }) => check)
  // A service that is settings only has nothing to wait for.
  if (entry.kind === 'service' && entry.manifest.apply.length === 0) return []
  if (checks.length === 0) return [{ file, key: 'ready', message: 'is empty: say how to tell that it works' }]
  return scenarios
    .flatMap((scenario) => objectsOf(world, entry, scenario).map(({ object }) => object))
    .filter(
      (object) =>
        isLongRunning(object) &&
        !checks.some(({ kind, name }) => kind === object.kind && name === object.metadata.name),
    )
    .map((object) => ({ file, key: 'ready', object: nameOf(object), message: 'is waited for by nobody: add it' }))
}

const telling = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'StorageClass'])
const statusMark = 'wild-central.io/status'

/** A service whose state nobody could tell: it waits for no workload, StorageClass or marked ConfigMap of its own. */
function untold(world: World, entry: Entry): Finding[] {
  if (entry.kind === 'app' || entry.manifest.apply.length === 0) return []
  const own = objectsOf(world, entry, bare).map(({ object }) => object)
  const tells = checksOf(entry).some(({ check }) => {
    const found = own.find(({ kind, metadata }) => kind === check.kind && metadata.name === check.name)
    return found && (telling.has(check.kind) || found.metadata.labels?.[statusMark] === 'true')
  })
  const isMadeElsewhere = checksOf(entry).some(({ check }) => check.kind === 'StorageClass')
  const message = `holds nothing that tells whether it is installed: wait for a workload, or a ConfigMap labelled ${statusMark}: "true"`
  return tells || isMadeElsewhere ? [] : [{ file: manifestFile(entry.source), key: 'ready', message }]
}

/** Objects that health checks and tokens name and that nothing makes. */
function unhealthyNames(entry: Entry, offers: Offers): Finding[] {
  if (entry.kind === 'app') return []
  const { health, token, namespace, apply } = entry.manifest
  const file = manifestFile(entry.source)
  const wanted: [key: string, kind: string, name: string][] = [
    ...health.flatMap((one, at): [string, string, string][] => {
      if (one.check === 'endpoints') return [[`health[${at}]`, 'Service', one.service]]
      return one.check === 'block' ? [[`health[${at}]`, 'ConfigMap', one.configMap]] : []
    }),
    ...(token ? [['token', 'ServiceAccount', token.account] as [string, string, string]] : []),
  ]
  const unmerged = health.some(({ check }) => check === 'block') && !apply.some(({ mergeInto }) => mergeInto)
  return [
    ...wanted
      .filter(([, kind, name]) => !isOffered(offers, kind, name, namespace))
      .map(([key, kind, name]) => ({
        file,
        key,
        message: `names ${kind} ${namespace}/${name}, which nothing makes: correct it`,
      })),
    ...(unmerged ? [{ file, key: 'health', message: 'looks for a block, but nothing is merged: add mergeInto' }] : []),
  ]
}

export const readinessRules: Rule[] = [
  {
    name: 'readiness-declared',
    about: 'Every workload is waited for, those of a release too, and something tells whether it is installed.',
    check: (world) => world.entries.flatMap((entry) => [...unwatched(world, entry), ...untold(world, entry)]),
  },
  {
    name: 'health-fits',
    about: 'What health checks and tokens name is made by the service itself.',
    check: (world) => {
      const offers = offersIn(world, allObjects(world, bare))
      return servicesOf(world).flatMap((entry) => unhealthyNames(entry, offers))
    },
  },
  {
    name: 'readiness-fits',
    about: 'What is waited for exists and is judged by the condition of its kind.',
    check: (world) => {
      const offers = offersIn(world, allObjects(world, bare))
      return world.entries.flatMap((entry) => wrong(entry, offers))
    },
  },
]
