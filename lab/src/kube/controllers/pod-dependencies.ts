import type { KubeObject, ObjectStore } from '../objects.ts'
import { hasReadyEndpoints } from './endpoints.ts'
import { hasLabels } from './labels.ts'
import { containerInputs } from './pod-inputs.ts'

type Spec = KubeObject['spec']

/** Ports on which databases and caches listen: an app is no use without them. */
const databasePorts = new Set([3306, 5432, 5672, 6379, 11_211, 27_017])
const databaseWords =
  /(^|_)(db|database|postgres|postgresql|pg|mysql|mariadb|redis|memcached?|mongo)|^(postgres|mysql|redis)\w*:\/\//i
const clusterHost = /([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.svc\b/g
const neighbourHost = /\/\/([a-z0-9](?:[-a-z0-9]*[a-z0-9])?):\d+/g

interface Host {
  name: string
  namespace: string
  /** The variable or argument it was found in. */
  source: string
}

function hostsIn(text: string, source: string): Host[] {
  return [...text.matchAll(clusterHost)].map(([, name = '', namespace = '']) => ({ name, namespace, source }))
}

const isSelf = (service: KubeObject | undefined, pod: KubeObject): boolean =>
  service?.spec.selector !== undefined &&
  service.metadata.namespace === pod.metadata.namespace &&
  hasLabels(pod.metadata.labels, service.spec.selector)

function isDatabase(service: KubeObject | undefined, source: string): boolean {
  if (service === undefined) return databaseWords.test(source)
  return (service.spec.ports ?? []).some(({ port }: Spec) => databasePorts.has(port))
}

const wordsOf = (container: Spec): string => [...(container.command ?? []), ...(container.args ?? [])].join(' ')

/**
 * The first host a container needs that has no ready endpoints, as `name.namespace`, or undefined. A long-running
 * container needs its databases; one that runs to its end (an initial container, a Job) everything it names.
 */
export function missingHost(
  objects: ObjectStore,
  pod: KubeObject,
  container: Spec,
  runsToEnd: boolean,
): string | undefined {
  const namespace = pod.metadata.namespace ?? ''
  const { env } = containerInputs(objects, pod, container)
  const hosts = Object.entries(env).flatMap(([key, value]) => hostsIn(value, `${key} ${value}`))
  if (runsToEnd) {
    const words = wordsOf(container)
    hosts.push(...hostsIn(words, words))
    for (const [, name = ''] of words.matchAll(neighbourHost)) {
      if (name !== 'localhost') hosts.push({ name, namespace, source: words })
    }
  }
  const missing = hosts.find((host) => {
    const service = objects.get('Service', host.namespace, host.name)
    if (isSelf(service, pod) || (!runsToEnd && !isDatabase(service, host.source))) return false
    return service?.spec.type !== 'ExternalName' && !hasReadyEndpoints(objects, host.namespace, host.name)
  })
  return missing === undefined ? undefined : `${missing.name}.${missing.namespace}`
}
