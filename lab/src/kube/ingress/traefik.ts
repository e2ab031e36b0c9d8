import { targetPort } from '../controllers/endpoints.ts'
import { hasLabels } from '../controllers/labels.ts'
import { addressOf } from '../controllers/load-balancers.ts'
import { isReady } from '../controllers/pod-state.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'

type Spec = KubeObject['spec']

const traefikImage = /(^|\/)traefik:/

/** A Traefik that can be reached: a Service with an address and a ready pod behind it. */
export interface Gateway {
  address: string
  service: KubeObject
  pod: KubeObject
  /** The pod's arguments, names in lower case without dashes: `entrypoints.web.address` → `:8000`. */
  settings: Map<string, string>
  /** Entry points behind ports 80 and 443 of the Service. */
  http?: string
  https?: string
}

function settingsOf(pod: KubeObject): Map<string, string> {
  const container = pod.spec.containers.find(({ image }: Spec) => traefikImage.test(image))
  const words = [...(container?.command ?? []), ...(container?.args ?? [])] as string[]
  const pairs = words
    .filter((word) => word.startsWith('--'))
    .map((word): [string, string] => {
      const [name = '', ...value] = word.slice(2).split('=')
      return [name.toLowerCase(), value.length === 0 ? 'true' : value.join('=')]
    })
  return new Map(pairs)
}

/** The port an entry point listens on, from an address such as `:8000/tcp`. */
export const entryPointPort = (settings: Map<string, string>, name: string): number =>
  Number(/:(\d+)/.exec(settings.get(`entrypoints.${name.toLowerCase()}.address`) ?? '')?.[1])

/** The entry point that a port of the Service leads to. */
function entryPointFor(
  service: KubeObject,
  pod: KubeObject,
  settings: Map<string, string>,
  port: number,
): string | undefined {
  const found = (service.spec.ports ?? []).find((one: Spec) => one.port === port && (one.protocol ?? 'TCP') === 'TCP')
  const target = found === undefined ? undefined : targetPort(found, pod)
  const names = [...settings.keys()].flatMap((key) => /^entrypoints\.([^.]+)\.address$/.exec(key)?.[1] ?? [])
  return names.find((name) => entryPointPort(settings, name) === target)
}

/** Every Traefik of the cluster that a LoadBalancer address leads to. */
export function gatewaysOf(objects: ObjectStore): Gateway[] {
  return objects.list('Service').flatMap((service) => {
    const address = addressOf(service)
    if (service.spec.type !== 'LoadBalancer' || address === undefined) return []
    const pod = objects
      .list('Pod', { namespace: service.metadata.namespace })
      .find(
        (one) =>
          isReady(one) &&
          hasLabels(one.metadata.labels, service.spec.selector ?? { none: 'none' }) &&
          one.spec.containers.some(({ image }: Spec) => traefikImage.test(image)),
      )
    if (pod === undefined) return []
    const settings = settingsOf(pod)
    const entryPoint = (port: number) => entryPointFor(service, pod, settings, port)
    return [{ address, service, pod, settings, http: entryPoint(80), https: entryPoint(443) }]
  })
}

/** Whether a provider is on: named itself, or through one of its options. */
export function hasProvider({ settings }: Gateway, name: 'kubernetesingress' | 'kubernetescrd'): boolean {
  const key = `providers.${name}`
  if (settings.get(key) === 'false') return false
  return [...settings.keys()].some((one) => one === key || one.startsWith(`${key}.`))
}

const grants = (list: string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) === true

/** Whether Traefik's account may do this to a resource, cluster-wide. */
export function mayAccess(
  objects: ObjectStore,
  { pod }: Gateway,
  group: string,
  resource: string,
  verb: string,
): boolean {
  const { serviceAccountName } = pod.spec
  const roles = objects.list('ClusterRoleBinding').flatMap(({ subjects = [], roleRef }) => {
    const mine = subjects.some(
      ({ kind, name, namespace }: Spec) =>
        kind === 'ServiceAccount' && name === serviceAccountName && namespace === pod.metadata.namespace,
    )
    const role = mine ? objects.get('ClusterRole', undefined, roleRef?.name ?? '') : undefined
    return role === undefined ? [] : [role]
  })
  return roles.some(({ rules = [] }) =>
    rules.some(
      ({ apiGroups, resources, verbs }: Spec) =>
        grants(apiGroups, group) && grants(resources, resource) && grants(verbs, verb),
    ),
  )
}
