import type { KubeObject } from '../objects.ts'
import type { Resource } from '../resources.ts'

type Column = [name: string, value: (object: KubeObject, now: number) => string | number]
// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

const unitSeconds: [string, number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
]

/** `90s`, `5m`, `3h12m`, `4d`: how kubectl shows ages. */
export function age(since: string | undefined, now: number): string {
  if (since === undefined) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60 === 0 ? '' : `${seconds % 60}s`}`
  if (seconds < 10_800) return `${Math.floor(seconds / 60)}m`
  if (seconds < 28_800)
    return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60) === 0 ? '' : `${Math.floor((seconds % 3600) / 60)}m`}`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`
  const [unit, size] = unitSeconds[0]!
  return `${Math.floor(seconds / size)}${unit}`
}

const name: Column = ['Name', ({ metadata }) => metadata.name]
const ageColumn: Column = ['Age', ({ metadata }, now) => age(metadata.creationTimestamp, now)]
const dash = (values: (string | undefined)[]): string => values.filter(Boolean).join(',') || '<none>'
const external = ({ spec, status }: KubeObject): string => {
  const addresses = (status?.loadBalancer?.ingress ?? []).map((one: Json) => one.ip ?? one.hostname)
  return addresses.length > 0
    ? addresses.join(',')
    : spec.type === 'LoadBalancer'
      ? '<pending>'
      : dash(spec.externalIPs ?? [])
}

function podStatus({ metadata, status }: KubeObject): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  const states = (status?.containerStatuses ?? []).map((one: Json) => one.state ?? {})
  const waiting = states.find((state: Json) => state.waiting?.reason)?.waiting.reason
  const ended = states.find((state: Json) => state.terminated?.reason)?.terminated.reason
  return waiting ?? ended ?? status?.reason ?? status?.phase ?? 'Pending'
}

function nodeStatus({ spec, status }: KubeObject): string {
  const ready = (status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True')
  return `${ready ? 'Ready' : 'NotReady'}${spec?.unschedulable ? ',SchedulingDisabled' : ''}`
}

const roles = ({ metadata }: KubeObject): string =>
  dash(
    Object.keys(metadata.labels ?? {})
      .filter((key) => key.startsWith('node-role.kubernetes.io/'))
      .map((key) => key.split('/')[1])
      .sort(),
  )

const replicas: Column[] = [
  ['Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`],
  ['Up-to-date', ({ status }) => status?.updatedReplicas ?? 0],
  ['Available', ({ status }) => status?.availableReplicas ?? 0],
]

const columns: Record<string, Column[]> = {
  Pod: [
    [
      'Ready',
      ({ spec, status }) =>
        `${(status?.containerStatuses ?? []).filter((one: Json) => one.ready).length}/${spec?.containers?.length ?? 0}`,
    ],
    ['Status', podStatus],
    [
      'Restarts',
      ({ status }) =>
        (status?.containerStatuses ?? []).reduce((sum: number, one: Json) => sum + (one.restartCount ?? 0), 0),
    ],
    ageColumn,
  ],
  Node: [
    ['Status', nodeStatus],
    ['Roles', roles],
    ageColumn,
    ['Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''],
  ],
  Deployment: [...replicas, ageColumn],
  StatefulSet: [replicas[0]!, ageColumn],
  DaemonSet: [
    ['Desired', ({ status }) => status?.desiredNumberScheduled ?? 0],
    ['Current', ({ status }) => status?.currentNumberScheduled ?? 0],
    ['Ready', ({ status }) => status?.numberReady ?? 0],
    ['Up-to-date', ({ status }) => status?.updatedNumberScheduled ?? 0],
    ['Available', ({ status }) => status?.numberAvailable ?? 0],
    [
      'Node Selector',
      ({ spec }) => dash(Object.entries(spec?.template?.spec?.nodeSelector ?? {}).map((pair) => pair.join('='))),
    ],
    ageColumn,
  ],
  Service: [
    ['Type', ({ spec }) => spec?.type ?? ''],
    ['Cluster-IP', ({ spec }) => spec?.clusterIP ?? '<none>'],
    ['External-IP', external],
    [
      'Port(s)',
      ({ spec }) =>
        dash(
          (spec?.ports ?? []).map(
            (port: Json) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol}`,
          ),
        ),
    ],
    ageColumn,
  ],
  Ingress: [
    ['Class', ({ spec }) => spec?.ingressClassName ?? '<none>'],
    ['Hosts', ({ spec }) => dash((spec?.rules ?? []).map((rule: Json) => rule.host)).replace('<none>', '*')],
    [
      'Address',
      ({ status }) => (status?.loadBalancer?.ingress ?? []).map((one: Json) => one.ip ?? one.hostname).join(','),
    ],
    ['Ports', ({ spec }) => (spec?.tls === undefined ? '80' : '80, 443')],
    ageColumn,
  ],
  Namespace: [['Status', ({ status }) => status?.phase ?? ''], ageColumn],
  Secret: [['Type', (object) => object.type], ['Data', (object) => Object.keys(object.data ?? {}).length], ageColumn],
  ConfigMap: [['Data', (object) => Object.keys(object.data ?? {}).length], ageColumn],
  Job: [
    [
      'Status',
      ({ status }) => (status?.conditions ?? []).find((one: Json) => one.status === 'True')?.type ?? 'Running',
    ],
    ['Completions', ({ spec, status }) => `${status?.succeeded ?? 0}/${spec?.completions ?? 1}`],
    ageColumn,
  ],
  PersistentVolumeClaim: [
    ['Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''))],
    ['Volume', ({ spec }) => spec?.volumeName ?? ''],
    ['Capacity', ({ status }) => status?.capacity?.storage ?? ''],
    [
      'Access Modes',
      ({ spec }) => (spec?.accessModes ?? []).map((mode: string) => mode.replace(/[a-z]/g, '')).join(','),
    ],
    ['StorageClass', ({ spec }) => spec?.storageClassName ?? ''],
    ageColumn,
  ],
  CustomResourceDefinition: [['Created At', ({ metadata }) => metadata.creationTimestamp ?? '']],
}

/** A `Table`: what kubectl prints for people. `body` is an object or a list of the resource. */
export function table(resource: Resource, body: unknown, now: number): unknown {
  const given = body as { items?: KubeObject[]; metadata: unknown }
  const objects = given.items ?? [body as KubeObject]
  const shown = [name, ...(resource.custom ? [ageColumn] : (columns[resource.kind] ?? [ageColumn]))]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: given.items === undefined ? {} : given.metadata,
    columnDefinitions: shown.map(([title]) => ({
      name: title,
      type: 'string',
      format: '',
      description: '',
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: shown.map(([, value]) => value(object, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  }
}
