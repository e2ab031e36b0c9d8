import { createHash, randomUUID } from 'node:crypto'
import type { KubeObject, ObjectStore } from '../../objects.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

/** Sets fields that are not there. */
function fill(target: Json, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) target[name] ??= value
}

const latest = (image: string): boolean => {
  const last = image.split('/').at(-1) ?? ''
  return !last.includes('@') && (!last.includes(':') || last.endsWith(':latest'))
}

function probeDefaults(probe: Json): void {
  if (probe === undefined) return
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  if (probe.httpGet !== undefined) fill(probe.httpGet, { path: '/', scheme: 'HTTP' })
  if (probe.grpc !== undefined) fill(probe.grpc, { service: '' })
}

function containerDefaults(container: Json): void {
  fill(container, {
    imagePullPolicy: latest(String(container.image ?? '')) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  })
  for (const port of container.ports ?? []) fill(port, { protocol: 'TCP' })
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) probeDefaults(container[name])
  for (const variable of container.env ?? []) {
    if (variable.valueFrom?.fieldRef !== undefined) fill(variable.valueFrom.fieldRef, { apiVersion: 'v1' })
  }
  const { limits, requests } = container.resources
  if (limits !== undefined) container.resources.requests = { ...limits, ...requests }
}

function volumeDefaults(volume: Json): void {
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI'])
    if (volume[source]) fill(volume[source], { defaultMode: 420 })
  if (volume.hostPath) fill(volume.hostPath, { type: '' })
}

/** The fields the API adds to a pod spec. */
export function podSpecDefaults(spec: Json): void {
  if (spec === undefined || spec === null) return
  fill(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    securityContext: {},
  })
  if (spec.serviceAccountName !== undefined) fill(spec, { serviceAccount: spec.serviceAccountName })
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) containerDefaults(container)
  for (const volume of spec.volumes ?? []) volumeDefaults(volume)
}

function deployment({ spec }: KubeObject): void {
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} })
  fill(spec.strategy, { type: 'RollingUpdate' })
  if (spec.strategy.type === 'RollingUpdate') {
    fill(spec.strategy, { rollingUpdate: {} })
    fill(spec.strategy.rollingUpdate, { maxSurge: '25%', maxUnavailable: '25%' })
  }
}

function daemonSet({ spec }: KubeObject): void {
  fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} })
  fill(spec.updateStrategy, { type: 'RollingUpdate' })
  if (spec.updateStrategy.type === 'RollingUpdate')
    fill(spec.updateStrategy, { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } })
}

function statefulSet({ spec }: KubeObject): void {
  fill(spec, {
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  })
  for (const claim of spec.volumeClaimTemplates ?? []) {
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
    if (claim.spec !== undefined) fill(claim.spec, { volumeMode: 'Filesystem' })
  }
}

function job(object: KubeObject): void {
  const { spec, metadata } = object
  fill(spec, {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  })
  if (spec.manualSelector === true || spec.selector !== undefined || spec.template === undefined) return
  const id = randomUUID()
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': id } }
  spec.template.metadata ??= {}
  spec.template.metadata.labels = {
    ...spec.template.metadata.labels,
    'batch.kubernetes.io/controller-uid': id,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': id,
    'job-name': metadata.name,
  }
}

/** Addresses of the service network in the order of a hash of the name: stable, and free ones are found quickly. */
function clusterIp(object: KubeObject, objects: ObjectStore): string {
  const taken = new Set(objects.list('Service').map(({ spec }) => spec?.clusterIP))
  const hash = createHash('sha256').update(`${object.metadata.namespace}/${object.metadata.name}`).digest()
  for (let at = hash.readUInt16BE(0); ; at += 1) {
    const address = `10.${96 + ((at >> 16) % 16)}.${(at >> 8) % 256}.${at % 256}`
    if (!taken.has(address) && at % 256 !== 0 && at % 65536 > 255) return address
  }
}

function nodePort(object: KubeObject, port: Json, objects: ObjectStore): number {
  const taken = new Set(
    objects.list('Service').flatMap(({ spec }) => (spec?.ports ?? []).map((one: Json) => one.nodePort)),
  )
  for (const one of object.spec.ports) taken.add(one.nodePort)
  const hash = createHash('sha256')
    .update(`${object.metadata.namespace}/${object.metadata.name}/${port.port}/${port.protocol}`)
    .digest()
  for (let at = hash.readUInt16BE(0); ; at += 1) if (!taken.has(30000 + (at % 2768))) return 30000 + (at % 2768)
}

function service(object: KubeObject, objects: ObjectStore): void {
  const { spec } = object
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
  for (const port of spec.ports ?? []) fill(port, { protocol: 'TCP', targetPort: port.port })
  if (spec.type === 'ExternalName') return
  spec.clusterIP ||= clusterIp(object, objects)
  fill(spec, {
    clusterIPs: [spec.clusterIP],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
  })
  if (spec.type === 'ClusterIP') return
  fill(spec, { externalTrafficPolicy: 'Cluster' })
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
  if (spec.allocateLoadBalancerNodePorts === false) return
  for (const port of spec.ports ?? []) port.nodePort ??= nodePort(object, port, objects)
}

function secret(object: KubeObject): void {
  object.type ??= 'Opaque'
  const clear = object.stringData as Record<string, string> | undefined
  delete object.stringData
  if (clear === undefined) return
  const encoded = Object.entries(clear).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  object.data = { ...object.data, ...Object.fromEntries(encoded) }
}

function namespace(object: KubeObject): void {
  object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name }
  object.spec ??= {}
  fill(object.spec, { finalizers: ['kubernetes'] })
  object.status ??= { phase: 'Active' }
}

const isDefaultClass = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'

function claim(object: KubeObject, objects: ObjectStore): void {
  const { spec } = object
  fill(spec, { volumeMode: 'Filesystem' })
  object.status ??= { phase: 'Pending' }
  const standard = objects.list('StorageClass').filter(isDefaultClass).at(-1)
  if (standard !== undefined) fill(spec, { storageClassName: standard.metadata.name })
}

const defaults: Record<string, (object: KubeObject, objects: ObjectStore) => void> = {
  Deployment: deployment,
  ReplicaSet: ({ spec }) => fill(spec, { replicas: 1 }),
  DaemonSet: daemonSet,
  StatefulSet: statefulSet,
  Job: job,
  CronJob: ({ spec }) =>
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    }),
  Service: service,
  Secret: secret,
  Namespace: namespace,
  PersistentVolumeClaim: claim,
  StorageClass: (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
}

const podSpecOf = (object: KubeObject): Json =>
  object.kind === 'Pod' ? object.spec : (object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec)

/** Adds to a built-in object what the API server adds by itself. Changes the object. */
export function setDefaults(object: KubeObject, objects: ObjectStore): void {
  if (object.spec === undefined && !['Secret', 'Namespace', 'StorageClass'].includes(object.kind)) return
  defaults[object.kind]?.(object, objects)
  podSpecDefaults(podSpecOf(object))
}
