import type { KubeObject } from '../objects.ts'

export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted'

// biome-ignore lint/suspicious/noExplicitAny: pod specs come as JSON of any shape
type Json = any

const baselineCapabilities = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`.split(
    ' ',
  ),
)
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
])
const restrictedVolumes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret image'.split(' '),
)

const containersOf = (spec: Json): Json[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...(spec.ephemeralContainers ?? []),
]

const quoted = (names: string[]): string => names.map((name) => `"${name}"`).join(', ')
const plural = (noun: string, names: string[]): string => `${noun}${names.length === 1 ? '' : 's'} ${quoted(names)}`
const offenders = (spec: Json, bad: (container: Json) => boolean): string[] =>
  containersOf(spec)
    .filter(bad)
    .map((container) => String(container.name))

/** `title (containers "a" must …)` when any container offends, else nothing. */
function containerRule(spec: Json, title: string, bad: (container: Json) => boolean, must: string): string[] {
  const names = offenders(spec, bad)
  return names.length === 0 ? [] : [`${title} (${plural('container', names)} ${must})`]
}

function hostNamespaces(spec: Json): string[] {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true)
  return used.length === 0 ? [] : [`host namespaces (${used.map((field) => `${field}=true`).join(', ')})`]
}

function hostPorts(spec: Json): string[] {
  const ports = containersOf(spec).flatMap((container) =>
    (container.ports ?? [])
      .filter((port: Json) => (port.hostPort ?? 0) !== 0)
      .map((port: Json) => String(port.hostPort)),
  )
  const names = offenders(spec, ({ ports = [] }) => ports.some((port: Json) => (port.hostPort ?? 0) !== 0))
  if (names.length === 0) return []
  return [
    `hostPort (${plural('container', names)} ${names.length === 1 ? 'uses' : 'use'} hostPort${ports.length === 1 ? '' : 's'} ${ports.join(', ')})`,
  ]
}

function capabilities(spec: Json): string[] {
  const extra = (container: Json): string[] =>
    (container.securityContext?.capabilities?.add ?? []).filter((name: string) => !baselineCapabilities.has(name))
  const names = [...new Set(containersOf(spec).flatMap(extra))].sort()
  const title = 'non-default capabilities'
  return containerRule(
    spec,
    title,
    (container) => extra(container).length > 0,
    `must not include ${quoted(names)} in securityContext.capabilities.add`,
  )
}

function hostPathVolumes(spec: Json): string[] {
  const names = (spec.volumes ?? [])
    .filter((volume: Json) => volume.hostPath !== undefined)
    .map((volume: Json) => volume.name)
  return names.length === 0 ? [] : [`hostPath volumes (${plural('volume', names)})`]
}

function unconfined(spec: Json): string[] {
  const found: string[] = []
  if (spec.securityContext?.seccompProfile?.type === 'Unconfined')
    found.push('pod must not set securityContext.seccompProfile.type to "Unconfined"')
  const names = offenders(spec, ({ securityContext }) => securityContext?.seccompProfile?.type === 'Unconfined')
  if (names.length > 0)
    found.push(`${plural('container', names)} must not set securityContext.seccompProfile.type to "Unconfined"`)
  return found.length === 0 ? [] : [`seccompProfile (${found.join(', ')})`]
}

function sysctls(spec: Json): string[] {
  const names = (spec.securityContext?.sysctls ?? [])
    .map((one: Json) => one.name)
    .filter((name: string) => !safeSysctls.has(name))
  return names.length === 0 ? [] : [`forbidden sysctls (${names.join(', ')})`]
}

const baseline = (spec: Json): string[] => [
  ...hostNamespaces(spec),
  ...containerRule(
    spec,
    'privileged',
    ({ securityContext }) => securityContext?.privileged === true,
    'must not set securityContext.privileged=true',
  ),
  ...capabilities(spec),
  ...hostPathVolumes(spec),
  ...hostPorts(spec),
  ...containerRule(
    spec,
    'procMount',
    ({ securityContext }) => ![undefined, 'Default'].includes(securityContext?.procMount),
    'must not set securityContext.procMount to "Unmasked"',
  ),
  ...unconfined(spec),
  ...sysctls(spec),
]

function restrictedVolumeTypes(spec: Json): string[] {
  const bad = (spec.volumes ?? []).flatMap((volume: Json) => {
    const type = Object.keys(volume).find((key) => key !== 'name')
    return type === undefined || restrictedVolumes.has(type) ? [] : [{ name: String(volume.name), type }]
  }) as { name: string; type: string }[]
  if (bad.length === 0) return []
  const types = [...new Set(bad.map(({ type }) => type))]
  const verb = bad.length === 1 ? 'uses' : 'use'
  return [
    `restricted volume types (${plural(
      'volume',
      bad.map(({ name }) => name),
    )} ${verb} restricted volume type${types.length === 1 ? '' : 's'} ${quoted(types)})`,
  ]
}

function restrictedCapabilities(spec: Json): string[] {
  const dropsAll = ({ securityContext }: Json) => (securityContext?.capabilities?.drop ?? []).includes('ALL')
  const adds = ({ securityContext }: Json) =>
    (securityContext?.capabilities?.add ?? []).some((name: string) => name !== 'NET_BIND_SERVICE')
  const found: string[] = []
  const keep = offenders(spec, (container) => !dropsAll(container))
  const more = offenders(spec, adds)
  if (keep.length > 0) found.push(`${plural('container', keep)} must set securityContext.capabilities.drop=["ALL"]`)
  if (more.length > 0)
    found.push(
      `${plural('container', more)} must not include anything but "NET_BIND_SERVICE" in securityContext.capabilities.add`,
    )
  return found.length === 0 ? [] : [`unrestricted capabilities (${found.join('; ')})`]
}

function nonRoot(spec: Json): string[] {
  const podSays = spec.securityContext?.runAsNonRoot
  const names = offenders(spec, ({ securityContext }) => (securityContext?.runAsNonRoot ?? podSays) !== true)
  if (names.length === 0) return []
  const who = podSays === undefined && names.length === containersOf(spec).length ? 'pod or ' : ''
  return [`runAsNonRoot != true (${who}${plural('container', names)} must set securityContext.runAsNonRoot=true)`]
}

function seccomp(spec: Json): string[] {
  const fine = (type: unknown) => type === 'RuntimeDefault' || type === 'Localhost'
  const podSays = spec.securityContext?.seccompProfile?.type
  const names = offenders(spec, ({ securityContext }) => !fine(securityContext?.seccompProfile?.type ?? podSays))
  if (names.length === 0) return []
  return [
    `seccompProfile (pod or ${plural('container', names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
  ]
}

const restricted = (spec: Json): string[] => [
  ...containerRule(
    spec,
    'allowPrivilegeEscalation != false',
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
    'must set securityContext.allowPrivilegeEscalation=false',
  ),
  ...restrictedCapabilities(spec),
  ...restrictedVolumeTypes(spec),
  ...nonRoot(spec),
  ...containerRule(
    spec,
    'runAsUser=0',
    ({ securityContext }) => (securityContext?.runAsUser ?? spec.securityContext?.runAsUser) === 0,
    'must not set runAsUser=0',
  ),
  ...seccomp(spec),
]

/**
 * What a pod spec does that the Pod Security level does not allow, worded as the API does; empty when it fits.
 * Joined with `, ` it completes `violates PodSecurity "baseline:latest": …`.
 */
export function podSecurityViolations(podSpec: unknown, level: PodSecurityLevel): string[] {
  if (level === 'privileged') return []
  const spec = podSpec ?? {}
  return level === 'baseline' ? baseline(spec) : [...baseline(spec), ...restricted(spec)]
}

const levels = new Set(['privileged', 'baseline', 'restricted'])

/**
 * The level a namespace enforces (or warns about): its label, else what Talos configures — enforce `baseline`, warn
 * `restricted`, and nothing in kube-system.
 */
export function podSecurityLevel(
  namespace: KubeObject | undefined,
  mode: 'enforce' | 'warn' = 'enforce',
): PodSecurityLevel {
  if (namespace?.metadata.name === 'kube-system') return 'privileged'
  const label = namespace?.metadata.labels?.[`pod-security.kubernetes.io/${mode}`]
  if (label !== undefined && levels.has(label)) return label as PodSecurityLevel
  return mode === 'enforce' ? 'baseline' : 'restricted'
}
