import type { KubeObject } from '../../../tools/kubectl.ts'
import { troubledPods } from '../../objects/index.ts'
import { passing } from '../health.ts'
import type { HealthCheck } from '../model.ts'
import { ageOf, fullName, type HealthFacts, ofKind, some } from './facts.ts'

/** Pods and claims may take this long to start before anybody worries. */
const startMs = 3 * 60_000

function notReady({ status, metadata }: KubeObject): boolean {
  if (metadata.deletionTimestamp || ['Succeeded', 'Failed'].includes(status?.phase)) return false
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[]
  return conditions.find(({ type }) => type === 'Ready')?.status !== 'True'
}

/** Pods of all namespaces that do not run as they should. Those of the control plane and of DNS have checks of their own. */
export function podChecks(facts: HealthFacts): HealthCheck[] {
  const name = 'Pods'
  const pods = ofKind(facts, 'Pod')
  if (!pods) return []
  const own = pods.filter(({ metadata }) => metadata.namespace !== 'kube-system')
  const late = own.filter((pod) => notReady(pod) && ageOf(pod, facts.now) > startMs)
  const troubles = troubledPods(late)
  const quiet = late.filter(
    (pod) => !troubles.some((each) => each.name === pod.metadata.name && each.namespace === pod.metadata.namespace),
  )
  if (late.length === 0) return [passing(name, 'All pods run, or are just starting')]
  const why = [
    ...troubles.map(({ namespace, trouble }) => `${trouble.replace(/^Pod /, `${namespace}/`).replace(/\.$/, '')}`),
    ...quiet.map(
      (pod) =>
        `${fullName(pod)} is ${pod.status?.phase === 'Running' ? 'not ready' : String(pod.status?.phase ?? 'unknown')}`,
    ),
  ]
  return [
    {
      name,
      status: 'warning',
      message: some(why, 3),
      remedy: 'Open the page of the app or service: it shows what its pods say. Deploying it again is safe.',
    },
  ]
}

const defaultClass = 'storageclass.kubernetes.io/is-default-class'

/** Storage classes, claims that wait for a volume, and Longhorn's volumes; nothing while no storage is installed. */
export function storageChecks(facts: HealthFacts): HealthCheck[] {
  const name = 'Storage'
  const [classes, claims] = [ofKind(facts, 'StorageClass'), ofKind(facts, 'PersistentVolumeClaim')]
  if (!classes || !claims || classes.length + claims.length === 0) return []
  const robustness = (state: string) => (facts.volumes ?? []).filter(({ status }) => status?.robustness === state)
  const faulted = robustness('faulted').map(({ metadata }) => metadata.name)
  const degraded = robustness('degraded').map(({ metadata }) => metadata.name)
  const lost = claims.filter(({ status }) => status?.phase === 'Lost').map(fullName)
  const waiting = claims
    .filter((each) => each.status?.phase === 'Pending' && ageOf(each, facts.now) > startMs)
    .map(fullName)
  const hasDefault = classes.some(({ metadata }) => metadata.annotations?.[defaultClass] === 'true')
  const bad: [string[], string][] = [
    [faulted, 'has lost all its copies'],
    [lost, 'has lost its volume'],
    [degraded, 'has fewer copies than it should'],
    [waiting, 'waits for a volume'],
  ]
  const why = bad.flatMap(([names, what]) => names.map((each) => `${each} ${what}`))
  if (why.length)
    return [
      {
        name,
        status: faulted.length + lost.length ? 'failing' : 'warning',
        message: some(why),
        remedy:
          faulted.length + lost.length
            ? 'Bring the nodes that held the volume back; if they are gone for good, restore it from a backup.'
            : 'Check that all nodes are ready and have free disk space: copies are made again by themselves.',
      },
    ]
  if (!hasDefault)
    return [
      {
        name,
        status: 'warning',
        message: 'No storage class is the default: apps that name none get no volume',
        remedy: 'Install the service longhorn again, which makes its class the default.',
      },
    ]
  return [
    passing(
      name,
      facts.volumes?.length ? `All ${facts.volumes.length} volumes have their copies` : 'The storage class is there',
    ),
  ]
}
