import type { KubeObject } from '../../objects.ts'
import { isRecord } from '../schema/types.ts'
import { type FieldError, forbiddenField, invalidValue, required, unsupportedField } from '../status.ts'
import {
  annotationErrors,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  ingressHost,
  labelErrors,
  nameErrors,
} from './names.ts'
import { podSpecErrors, quantityErrors } from './validate-pod.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any
type Rule = (object: KubeObject) => FieldError[]

/** Does a label selector choose these labels? Operators In, NotIn, Exists, DoesNotExist. */
export function selects(selector: Json, labels: Record<string, string> = {}): boolean {
  const byLabels = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  return (
    byLabels &&
    (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }: Json) => {
      if (operator === 'Exists') return Object.hasOwn(labels, key)
      if (operator === 'DoesNotExist') return !Object.hasOwn(labels, key)
      return values.includes(labels[key]) === (operator === 'In')
    })
  )
}

function templateErrors(object: KubeObject, restartPolicies: readonly string[]): FieldError[] {
  const template = object.spec?.template
  if (template?.spec === undefined) return [required('spec.template.spec.containers')]
  const claims = (object.spec.volumeClaimTemplates ?? []).map((claim: Json) => claim.metadata?.name)
  const policy = template.spec.restartPolicy ?? 'Always'
  return [
    ...labelErrors('spec.template.labels', template.metadata?.labels),
    ...annotationErrors('spec.template.annotations', template.metadata?.annotations),
    ...podSpecErrors('spec.template.spec', template.spec, claims),
    ...(restartPolicies.includes(policy)
      ? []
      : [unsupportedField('spec.template.spec.restartPolicy', policy, restartPolicies)]),
  ]
}

const workload: Rule = (object) => {
  const selector = object.spec?.selector
  const empty = Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0
  if (selector === undefined || empty) return [required('spec.selector'), ...templateErrors(object, ['Always'])]
  const labels = object.spec.template?.metadata?.labels
  const errors = templateErrors(object, ['Always'])
  if (!selects(selector, labels))
    errors.unshift(
      invalidValue('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`'),
    )
  return errors
}

const deployment: Rule = (object) => {
  const strategy = object.spec?.strategy
  const errors = workload(object)
  if (strategy?.type === 'Recreate' && strategy.rollingUpdate !== undefined)
    errors.push(
      forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"),
    )
  if (strategy?.type !== undefined && !['Recreate', 'RollingUpdate'].includes(strategy.type))
    errors.push(unsupportedField('spec.strategy.type', strategy.type, ['Recreate', 'RollingUpdate']))
  return errors
}

const statefulSet: Rule = (object) => [
  ...workload(object),
  ...((object.spec?.volumeClaimTemplates ?? []) as Json[]).flatMap((claim, index) =>
    claimErrors(`spec.volumeClaimTemplates[${index}].spec`, claim.spec),
  ),
]

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

function claimErrors(at: string, spec: Json): FieldError[] {
  const modes = (spec?.accessModes ?? []) as string[]
  const errors = modes.length === 0 ? [required(`${at}.accessModes`, 'at least 1 access mode is required')] : []
  errors.push(
    ...modes
      .filter((mode) => !accessModes.includes(mode))
      .map((mode) => unsupportedField(`${at}.accessModes`, mode, accessModes)),
  )
  const requests = spec?.resources?.requests
  if (requests?.storage === undefined) errors.push(required(`${at}.resources[storage]`))
  return [...errors, ...quantityErrors(`${at}.resources.requests`, requests)]
}

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

function servicePortErrors(ports: Json[]): FieldError[] {
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`
    const name =
      ports.length > 1 && !port.name ? [required(`${at}.name`)] : port.name ? dnsLabel(`${at}.name`, port.name) : []
    const inRange = port.port >= 1 && port.port <= 65535
    const number =
      port.port === undefined
        ? [required(`${at}.port`)]
        : inRange
          ? []
          : [invalidValue(`${at}.port`, port.port, 'must be between 1 and 65535, inclusive')]
    return [...name, ...number]
  })
}

const service: Rule = ({ spec = {} }) => {
  const type = spec.type ?? 'ClusterIP'
  if (!serviceTypes.includes(type)) return [unsupportedField('spec.type', type, serviceTypes)]
  if (type === 'ExternalName')
    return spec.externalName ? dnsSubdomain('spec.externalName', spec.externalName) : [required('spec.externalName')]
  const ports = spec.ports ?? []
  const needed = ports.length === 0 && spec.clusterIP !== 'None' ? [required('spec.ports')] : []
  return [...needed, ...servicePortErrors(ports), ...labelErrors('spec.selector', spec.selector)]
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']

function backendErrors(at: string, backend: Json): FieldError[] {
  const target = backend?.service
  if (backend?.resource !== undefined) return []
  if (target === undefined) return [required(at)]
  const name = target.name ? dns1035Label(`${at}.service.name`, target.name) : [required(`${at}.service.name`)]
  const port =
    target.port?.name || target.port?.number ? [] : [required(`${at}.service.port`, 'port name or number is required')]
  return [...name, ...port]
}

function pathErrors(at: string, path: Json): FieldError[] {
  const errors = path.pathType === undefined ? [required(`${at}.pathType`, 'pathType must be specified')] : []
  if (path.pathType !== undefined && !pathTypes.includes(path.pathType))
    errors.push(unsupportedField(`${at}.pathType`, path.pathType, pathTypes))
  if (path.pathType !== 'ImplementationSpecific' && !String(path.path ?? '').startsWith('/'))
    errors.push(invalidValue(`${at}.path`, path.path ?? '', 'must be an absolute path'))
  return [...errors, ...backendErrors(`${at}.backend`, path.backend)]
}

const ingress: Rule = ({ spec = {} }) => {
  const rules = (spec.rules ?? []) as Json[]
  if (rules.length === 0 && spec.defaultBackend === undefined)
    return [invalidValue('spec', [], 'either `defaultBackend` or `rules` must be specified')]
  return rules.flatMap((rule, index) => [
    ...(rule.host ? ingressHost(`spec.rules[${index}].host`, rule.host) : []),
    ...((rule.http?.paths ?? []) as Json[]).flatMap((path, at) =>
      pathErrors(`spec.rules[${index}].http.paths[${at}]`, path),
    ),
  ])
}

const dataKeys = (field: string, data: unknown): FieldError[] =>
  Object.keys(isRecord(data) ? data : {})
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    .map((key) =>
      invalidValue(
        `${field}[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    )

const secret: Rule = (object) => {
  const needed =
    { 'kubernetes.io/tls': ['tls.crt', 'tls.key'], 'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'] }[
      String(object.type)
    ] ?? []
  const missing = needed.filter((key) => object.data?.[key] === undefined).map((key) => required(`data[${key}]`))
  return [...missing, ...dataKeys('data', object.data)]
}

const customResourceDefinition: Rule = ({ metadata, spec = {} }) => {
  const expected = `${spec.names?.plural}.${spec.group}`
  const errors: FieldError[] =
    metadata.name === expected
      ? []
      : [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
  if (!spec.names?.kind) errors.push(required('spec.names.kind'))
  if (!['Cluster', 'Namespaced'].includes(spec.scope))
    errors.push(unsupportedField('spec.scope', spec.scope ?? '', ['Cluster', 'Namespaced']))
  const versions = (spec.versions ?? []) as Json[]
  if (versions.filter((version) => version.storage === true).length !== 1)
    errors.push(
      invalidValue(
        'spec.versions',
        versions.map(({ name }) => name),
        'must have exactly one version marked as storage version',
      ),
    )
  versions.forEach((version, index) => {
    if (version.schema?.openAPIV3Schema === undefined)
      errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'))
  })
  return errors
}

const binding: Rule = (object) => {
  const ref = object.roleRef
  if (!ref?.name) return [required('roleRef.name')]
  const subjects = (object.subjects ?? []) as Json[]
  return subjects.flatMap((subject, index) =>
    subject.kind === 'ServiceAccount' && !subject.namespace ? [required(`subjects[${index}].namespace`)] : [],
  )
}

const rules: Record<string, Rule> = {
  Deployment: deployment,
  DaemonSet: workload,
  ReplicaSet: workload,
  StatefulSet: statefulSet,
  Job: (object) => templateErrors(object, ['OnFailure', 'Never']),
  CronJob: ({ spec = {} }) =>
    spec.schedule
      ? podSpecErrors('spec.jobTemplate.spec.template.spec', spec.jobTemplate?.spec?.template?.spec)
      : [required('spec.schedule')],
  Pod: (object) => podSpecErrors('spec', object.spec),
  Service: service,
  Ingress: ingress,
  PersistentVolumeClaim: (object) => claimErrors('spec', object.spec),
  StorageClass: (object) => (object.provisioner ? [] : [required('provisioner')]),
  Secret: secret,
  ConfigMap: (object) => [...dataKeys('data', object.data), ...dataKeys('binaryData', object.binaryData)],
  CustomResourceDefinition: customResourceDefinition,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
}

/** Every complaint about an object as it would be stored; empty when it is valid. */
export function objectErrors(object: KubeObject, builtin: boolean): FieldError[] {
  const { name, labels, annotations } = object.metadata
  return [
    ...nameErrors(object.kind, name),
    ...labelErrors('metadata.labels', labels),
    ...annotationErrors('metadata.annotations', annotations),
    ...(builtin ? (rules[object.kind]?.(object) ?? []) : []),
  ]
}
