import { volumeSources } from '../schema/pod.ts'
import {
  duplicateField,
  type FieldError,
  forbiddenField,
  invalidValue,
  notFoundField,
  required,
  unsupportedField,
} from '../status.ts'
import { dnsLabel, dnsSubdomain } from './names.ts'

// biome-ignore lint/suspicious/noExplicitAny: pod specs come as JSON of any shape
type Json = any

const quantityForm = /^[+-]?(\d+(\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/
const quantityText = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** Complaints about resource quantities such as `10Gi` and `250m`. */
export function quantityErrors(field: string, values: unknown): FieldError[] {
  return Object.entries((values ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    quantityForm.test(String(value)) ? [] : [invalidValue(`${field}[${name}]`, value, quantityText)],
  )
}

const portErrors = (field: string, port: unknown): FieldError[] =>
  typeof port === 'number' && (port < 1 || port > 65535)
    ? [invalidValue(field, port, 'must be between 1 and 65535, inclusive')]
    : []

const handlers = ['httpGet', 'exec', 'tcpSocket', 'grpc']

function probeErrors(field: string, probe: Json): FieldError[] {
  if (probe === undefined) return []
  const count = handlers.filter((name) => probe[name] !== undefined).length
  if (count === 0) return [required(field, 'must specify a handler type')]
  if (count > 1) return [forbiddenField(field, 'may not specify more than 1 handler type')]
  return portErrors(`${field}.httpGet.port`, probe.httpGet?.port)
}

function envErrors(field: string, env: Json[]): FieldError[] {
  return env.flatMap((variable, index) => {
    const at = `${field}[${index}]`
    if (!variable.name) return [required(`${at}.name`)]
    if (variable.value && variable.valueFrom)
      return [invalidValue(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty')]
    const sources = Object.keys(variable.valueFrom ?? {})
    if (variable.valueFrom && sources.length === 0)
      return [
        invalidValue(
          `${at}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
        ),
      ]
    return ['secretKeyRef', 'configMapKeyRef'].flatMap((source) => {
      const ref = variable.valueFrom?.[source]
      return ref === undefined || ref.key ? [] : [required(`${at}.valueFrom.${source}.key`)]
    })
  })
}

function mountErrors(field: string, mounts: Json[], volumes: Set<string>): FieldError[] {
  const paths = new Set<string>()
  return mounts.flatMap((mount, index) => {
    const at = `${field}[${index}]`
    const found: FieldError[] = []
    if (!mount.name) found.push(required(`${at}.name`))
    else if (!volumes.has(mount.name)) found.push(notFoundField(`${at}.name`, mount.name))
    if (!mount.mountPath) found.push(required(`${at}.mountPath`))
    else if (paths.has(mount.mountPath)) found.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    return found
  })
}

const protocols = ['TCP', 'UDP', 'SCTP']

function containerPortErrors(field: string, ports: Json[]): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`
    const found =
      port.containerPort === undefined
        ? [required(`${at}.containerPort`)]
        : portErrors(`${at}.containerPort`, port.containerPort)
    if (port.protocol !== undefined && !protocols.includes(port.protocol))
      found.push(unsupportedField(`${at}.protocol`, port.protocol, protocols))
    if (port.name !== undefined) {
      if (port.name.length > 15) found.push(invalidValue(`${at}.name`, port.name, 'must be no more than 15 characters'))
      if (names.has(port.name)) found.push(duplicateField(`${at}.name`, port.name))
      names.add(port.name)
    }
    return found
  })
}

function resourceErrors(field: string, resources: Json): FieldError[] {
  return ['limits', 'requests'].flatMap((side) => quantityErrors(`${field}.${side}`, resources?.[side]))
}

function containerErrors(at: string, container: Json, volumes: Set<string>): FieldError[] {
  return [
    ...(container.name ? dnsLabel(`${at}.name`, container.name) : [required(`${at}.name`)]),
    ...(container.image ? [] : [required(`${at}.image`)]),
    ...containerPortErrors(`${at}.ports`, container.ports ?? []),
    ...envErrors(`${at}.env`, container.env ?? []),
    ...mountErrors(`${at}.volumeMounts`, container.volumeMounts ?? [], volumes),
    ...resourceErrors(`${at}.resources`, container.resources),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) =>
      probeErrors(`${at}.${name}`, container[name]),
    ),
  ]
}

function volumeErrors(field: string, volumes: Json[]): FieldError[] {
  return volumes.flatMap((volume, index) => {
    const at = `${field}[${index}]`
    if (!volume.name) return [required(`${at}.name`)]
    const found = dnsLabel(`${at}.name`, volume.name)
    const sources = volumeSources.filter((source) => volume[source] !== undefined)
    if (sources.length === 0) found.push(required(at, 'must specify a volume type'))
    if (sources.length > 1) found.push(forbiddenField(`${at}.${sources[1]}`, 'may not specify more than 1 volume type'))
    if (volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName)
      found.push(required(`${at}.persistentVolumeClaim.claimName`))
    if (volume.secret && !volume.secret.secretName) found.push(required(`${at}.secret.secretName`))
    if (volume.configMap && !volume.configMap.name) found.push(required(`${at}.configMap.name`))
    if (volume.hostPath && !volume.hostPath.path) found.push(required(`${at}.hostPath.path`))
    return found
  })
}

/**
 * Complaints about a pod spec.
 * @param at path of the spec, such as `spec.template.spec`
 * @param extraVolumes names mounts may use beside the spec's own volumes (claim templates of a StatefulSet)
 */
export function podSpecErrors(at: string, spec: Json, extraVolumes: readonly string[] = []): FieldError[] {
  const volumes = new Set<string>([...extraVolumes, ...(spec?.volumes ?? []).map((volume: Json) => volume.name)])
  const lists = ['initContainers', 'containers'] as const
  const seen = new Set<string>()
  const containers = lists.flatMap((list) =>
    ((spec?.[list] ?? []) as Json[]).flatMap((container, index) => {
      const where = `${at}.${list}[${index}]`
      const again = seen.has(container.name) ? [duplicateField(`${where}.name`, container.name)] : []
      seen.add(container.name)
      return [...again, ...containerErrors(where, container, volumes)]
    }),
  )
  const accountName = spec?.serviceAccountName
  return [
    ...volumeErrors(`${at}.volumes`, spec?.volumes ?? []),
    ...((spec?.containers ?? []).length === 0 ? [required(`${at}.containers`)] : []),
    ...containers,
    ...(accountName ? dnsSubdomain(`${at}.serviceAccountName`, accountName) : []),
  ]
}
