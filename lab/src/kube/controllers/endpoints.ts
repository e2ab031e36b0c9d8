import type { KubeObject, ObjectStore } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { hasLabels } from './labels.ts'
import { controllerReference, nameHash } from './owners.ts'
import { isFinished, isReady } from './pod-state.ts'

/** The pods a Service sends traffic to, ready or not. */
export const podsBehind = (objects: ObjectStore, service: KubeObject): KubeObject[] => {
  const selector = service.spec?.selector as Record<string, string> | undefined
  if (selector === undefined || Object.keys(selector).length === 0) return []
  return objects
    .list('Pod', { namespace: service.metadata.namespace })
    .filter((pod) => hasLabels(pod.metadata.labels, selector) && !isFinished(pod) && pod.status?.podIP !== undefined)
}

/** Whether a Service has at least one endpoint that takes traffic. */
export function hasReadyEndpoints(objects: ObjectStore, namespace: string, name: string): boolean {
  const subsets = objects.get('Endpoints', namespace, name)?.subsets as { addresses?: unknown[] }[] | undefined
  return (subsets ?? []).some(({ addresses = [] }) => addresses.length > 0)
}

/** The container port a Service port leads to on a pod; undefined when the pod has no port of that name. */
export function targetPort(port: KubeObject['spec'], pod: KubeObject): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  for (const { ports = [] } of pod.spec.containers ?? []) {
    const named = ports.find(({ name }: KubeObject['spec']) => name === target)
    if (named !== undefined) return named.containerPort
  }
  return undefined
}

interface Target {
  pod: KubeObject
  ready: boolean
}

const reference = ({ metadata }: KubeObject) => ({
  kind: 'Pod',
  name: metadata.name,
  namespace: metadata.namespace,
  uid: metadata.uid,
})

const portsOf = (service: KubeObject, pod: KubeObject) =>
  ((service.spec.ports ?? []) as KubeObject['spec'][]).flatMap((port) => {
    const number = targetPort(port, pod)
    if (number === undefined) return []
    return [{ ...(port.name === undefined ? {} : { name: port.name }), port: number, protocol: port.protocol ?? 'TCP' }]
  })

/** Targets that share the same ports go together: named ports may differ from pod to pod. */
function grouped(service: KubeObject, targets: Target[]): { ports: unknown[]; targets: Target[] }[] {
  const groups = new Map<string, { ports: unknown[]; targets: Target[] }>()
  for (const target of targets) {
    const ports = portsOf(service, target.pod)
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue
    const key = JSON.stringify(ports)
    groups.set(key, { ports, targets: [...(groups.get(key)?.targets ?? []), target] })
  }
  return [...groups.values()]
}

function subsets(service: KubeObject, targets: Target[]) {
  return grouped(service, targets).map(({ ports, targets: members }) => {
    const addresses = (ready: boolean) =>
      members
        .filter((one) => one.ready === ready)
        .map(({ pod }) => ({ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: reference(pod) }))
    const [up, down] = [addresses(true), addresses(false)]
    return {
      ...(up.length > 0 ? { addresses: up } : {}),
      ...(down.length > 0 ? { notReadyAddresses: down } : {}),
      ...(ports.length > 0 ? { ports } : {}),
    }
  })
}

/** Creates the object, or brings its content up to date. */
function put({ objects }: ControllerContext, object: KubeObject): void {
  const { kind, metadata } = object
  const known = objects.get(kind, metadata.namespace, metadata.name)
  if (known === undefined) objects.create(object)
  else objects.update({ ...object, metadata: { ...known.metadata, labels: metadata.labels } })
}

function publish(context: ControllerContext, service: KubeObject): void {
  const { name, namespace, labels } = service.metadata
  const early = service.spec.publishNotReadyAddresses === true
  const targets = podsBehind(context.objects, service).map((pod) => ({ pod, ready: early || isReady(pod) }))
  const ownerReferences = [controllerReference(service)]
  put(context, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels: { ...labels }, ownerReferences },
    subsets: subsets(service, targets),
  })
  const slices = {
    'kubernetes.io/service-name': name,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  }
  put(context, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-${nameHash(name, 5)}`, namespace, labels: { ...labels, ...slices }, ownerReferences },
    addressType: 'IPv4',
    endpoints: targets.map(({ pod, ready }) => ({
      addresses: [pod.status.podIP],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: pod.spec.nodeName,
      targetRef: reference(pod),
    })),
    ports: targets[0] === undefined ? [] : portsOf(service, targets[0].pod),
  })
}

/** Endpoints and EndpointSlices: which pods stand behind each Service and which of them are ready. */
export const endpoints: Reconciler = {
  name: 'endpoints',
  watches: ['Service', 'Pod', 'Endpoints', 'EndpointSlice'],
  reconcile: (context) => {
    for (const service of context.objects.list('Service')) {
      if (service.spec?.selector !== undefined) publish(context, service)
    }
  },
}
