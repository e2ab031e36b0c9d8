import { type PathSegment, parseYamlPath } from '../../platform/yaml-path.ts'
import type { Kind } from './kinds.ts'

/**
 * A declared key of config.yaml: the one definition behind validation, defaults, questions, completion and
 * docs/config-keys.md.
 */
export interface ConfigKey {
  /** As people write it; `*` stands for one name. */
  path: string
  kind: Kind
  /** One sentence: what it is for. */
  help: string
  /** Asked on a terminal when it is missing; without one the key is never asked for. */
  question?: string
  /** Text in which `<key>` is the value of another key and `<lan+90>`, `<gateway>` come from the network of the daemon. */
  default?: string
  /** What a cluster cannot do without. */
  required?: boolean
  /** Written by the daemon, not by people. */
  kept?: boolean
}

const node = (name: string, kind: Kind, help: string): ConfigKey => ({
  path: `cluster.nodes.active.*.${name}`,
  kind,
  help,
  kept: true,
})

/** Every key of config.yaml outside `apps`, in the order of the documentation. */
export const configKeys: ConfigKey[] = [
  {
    path: 'operator.email',
    kind: 'e-mail',
    required: true,
    question: 'Your e-mail address',
    help: 'Contact for certificates (Let’s Encrypt) and default of apps.',
  },
  {
    path: 'owner.email',
    kind: 'e-mail',
    help: 'Written by old scripts; nothing reads it. Use operator.email.',
  },
  {
    path: 'cloud.baseDomain',
    kind: 'domain',
    required: true,
    question: 'Your domain',
    help: 'The registered DNS zone.',
  },
  {
    path: 'cloud.domain',
    kind: 'domain',
    required: true,
    question: 'Names of apps end in',
    default: 'cloud.<cloud.baseDomain>',
    help: 'Public domain of this cloud.',
  },
  {
    path: 'cloud.internalDomain',
    kind: 'domain',
    required: true,
    question: 'Names inside your network end in',
    default: 'internal.<cloud.domain>',
    help: 'Domain that only the local network resolves.',
  },
  {
    path: 'cloud.router.ip',
    kind: 'address',
    question: 'Address of your router',
    default: '<gateway>',
    help: 'Gateway of the local network.',
  },
  {
    path: 'cloud.dns.ip',
    kind: 'address',
    question: 'Address of the DNS machine',
    default: '<lan+50>',
    help: 'The machine that answers DNS, DHCP and network boot.',
  },
  {
    path: 'cloud.dns.externalResolver',
    kind: 'address',
    question: 'DNS server for all other names',
    default: '1.1.1.1',
    help: 'Upstream resolver.',
  },
  {
    path: 'cloud.dhcpRange',
    kind: 'DHCP range',
    question: 'Addresses for machines that ask for one',
    default: '<lan+100>,<lan+200>',
    help: 'Addresses that dnsmasq gives out.',
  },
  {
    path: 'cloud.dnsmasq.interface',
    kind: 'text',
    question: 'Network interface of the DNS machine',
    default: 'eth0',
    help: 'Interface on which dnsmasq answers.',
  },
  {
    path: 'cloud.dockerRegistryHost',
    kind: 'domain',
    question: 'Host name of the image registry',
    default: 'registry.<cloud.internalDomain>',
    help: 'Host name of the image registry.',
  },
  { path: 'cloud.nfs.host', kind: 'text', question: 'NFS server', help: 'Name or address of the NFS server.' },
  {
    path: 'cloud.nfs.mediaPath',
    kind: 'text',
    question: 'Folder the NFS server exports',
    default: '/mnt/storage/media',
    help: 'Exported folder.',
  },
  {
    path: 'cloud.nfs.storageCapacity',
    kind: 'size',
    question: 'Size of the NFS volume',
    default: '1Ti',
    help: 'Size of the volume on the NFS server.',
  },
  { path: 'cloud.smtp.host', kind: 'text', question: 'Mail server', help: 'Server that takes outgoing mail.' },
  { path: 'cloud.smtp.port', kind: 'port', question: 'Port of the mail server', default: '465', help: 'Its port.' },
  { path: 'cloud.smtp.user', kind: 'text', question: 'User on the mail server', help: 'User name there.' },
  {
    path: 'cloud.smtp.from',
    kind: 'text',
    question: 'Mail is sent as',
    default: 'no-reply@<cloud.domain>',
    help: 'Sender of mail.',
  },
  {
    path: 'cloud.smtp.tls',
    kind: 'true or false',
    question: 'Connect to the mail server with TLS',
    default: 'true',
    help: 'TLS from the first byte.',
  },
  {
    path: 'cloud.smtp.startTls',
    kind: 'true or false',
    question: 'Use STARTTLS',
    default: 'true',
    help: 'Switch to TLS after connecting.',
  },
  {
    path: 'cloud.backup.root',
    kind: 'text',
    question: 'Where backups go (a restic repository)',
    help: 'Restic repository for backups.',
  },
  {
    path: 'cloud.backup.staging',
    kind: 'text',
    question: 'Folder for backups in the making',
    help: 'Folder where backups are put together.',
  },
  {
    path: 'cluster.name',
    kind: 'cluster name',
    required: true,
    question: 'Name of the cluster',
    help: 'Name of the cluster and of its contexts; a new instance gives it its own name.',
  },
  {
    path: 'cluster.hostnamePrefix',
    kind: 'text',
    help: 'What names of nodes begin with, such as `test-`.',
  },
  {
    path: 'cluster.ipAddressPool',
    kind: 'address range',
    question: 'Addresses for services of the cluster',
    default: '<lan+80>-<lan+89>',
    help: 'Addresses that the load balancer (MetalLB) gives out.',
  },
  {
    path: 'cluster.loadBalancerIp',
    kind: 'address',
    question: 'Address where apps answer',
    default: '<lan+80>',
    help: 'Address of the ingress; the first one of the pool.',
  },
  { path: 'cluster.kubernetesVersion', kind: 'version', default: 'v1.34.1', help: 'Kubernetes version.' },
  {
    path: 'cluster.etcdSnapshots.keep',
    kind: 'whole number',
    default: '10',
    help: 'How many snapshots of etcd that were made without a name of their own are kept.',
  },
  {
    path: 'cluster.externalDns.ownerId',
    kind: 'text',
    question: 'Owner id of DNS records',
    default: 'external-dns-<cluster.name>',
    help: 'Marks the DNS records that belong to this cluster.',
  },
  {
    path: 'cluster.certManager.cloudflare.domain',
    kind: 'domain',
    question: 'DNS zone at Cloudflare',
    default: '<cloud.baseDomain>',
    help: 'Zone in which certificates are proven.',
  },
  {
    path: 'cluster.certManager.cloudflare.zoneID',
    kind: 'text',
    question: 'Id of the zone at Cloudflare',
    help: 'Id of that zone.',
  },
  {
    path: 'cluster.dockerRegistry.storage',
    kind: 'size',
    question: 'Size of the image registry',
    default: '100Gi',
    help: 'Size of the volume of the image registry.',
  },
  {
    path: 'cluster.nodes.control.vip',
    kind: 'address',
    question: 'Virtual address of the control plane',
    default: '<lan+90>',
    help: 'Address where the Kubernetes API answers.',
  },
  {
    path: 'cluster.nodes.talos.version',
    kind: 'version',
    question: 'Talos version',
    default: 'v1.11.5',
    help: 'Talos version for new machines.',
  },
  {
    path: 'cluster.nodes.talos.schematicId',
    kind: 'schematic id',
    help: 'Image Factory id of the schematic; a new instance gets the one Longhorn needs.',
  },
  {
    path: 'cluster.nodes.talos.schematic',
    kind: 'section',
    help: 'The schematic itself: system extensions, kernel arguments.',
  },
  { path: 'cluster.nodes.active.*', kind: 'section', help: 'One machine of the cluster, by its name.', kept: true },
  node('role', 'text', '`controlplane` or `worker`.'),
  node('control', 'true or false', 'Old form of `role`.'),
  node('interface', 'text', 'Network interface.'),
  node('disk', 'text', 'Disk that Talos is installed to.'),
  node('diskSerial', 'text', 'Serial number of that disk: another one at its place is not overwritten.'),
  node('diskWwid', 'text', 'World-wide id of that disk, for the same purpose.'),
  node('installedDisk', 'text', 'Disk that Talos was handed over for, by serial number, WWID or path.'),
  node('mac', 'text', 'Hardware address.'),
  node('targetIp', 'address', 'Its final address.'),
  node('currentIp', 'address', 'Its address before that.'),
  node('maintenanceIp', 'address', 'Old form of `currentIp`.'),
  node('version', 'version', 'Talos version it was set up with.'),
  node('schematicId', 'schematic id', 'Schematic it was set up with.'),
  node('maintenance', 'true or false', 'It waits for its first configuration.'),
  node('removing', 'true or false', 'It was told to reset: `node remove` is under way.'),
  node('configured', 'true or false', 'Its configuration was written.'),
  node('applied', 'true or false', 'Its configuration was applied.'),
]

/** Keys a person must give before a cluster can be built; everything else has a default. */
export const requiredKeys = configKeys.filter(({ required }) => required).map(({ path }) => path)

const patterns = configKeys.map((key) => ({ key, segments: key.path.split('.') }))

/** The declaration of a key, if it has one. */
export function declared(path: readonly PathSegment[]): ConfigKey | undefined {
  return patterns.find(({ segments }) => segments.length === path.length && beginsAlike(segments, path))?.key
}

/** Whether a key is known: declared, above or (in a section) below a declared one, or a setting of an app. */
export function isKnown(path: readonly PathSegment[]): boolean {
  if (path[0] === 'apps') return true
  return patterns.some(({ key, segments }) =>
    path.length <= segments.length
      ? beginsAlike(segments, path)
      : key.kind === 'section' && key.path !== 'cluster.nodes.active.*' && beginsAlike(segments, path),
  )
}

/** Whether other declared keys lie below this path. */
export function isSection(path: readonly PathSegment[]): boolean {
  return patterns.some(({ segments }) => segments.length > path.length && beginsAlike(segments, path))
}

function beginsAlike(pattern: string[], path: readonly PathSegment[]): boolean {
  return pattern.every((segment, index) => index >= path.length || segment === '*' || segment === path[index])
}

/** What defaults are made from besides other keys. */
export interface Surroundings {
  gateway?: string
  /** The address `offset` above the network's own. */
  lan?(offset: number): string
}

/**
 * The default of a key for an instance; undefined when it has none, or when something it is made of is not known yet.
 * `read` gives the value of another key.
 */
export function defaultOf(
  key: ConfigKey,
  read: (path: PathSegment[]) => unknown,
  around: Surroundings = {},
): string | number | boolean | undefined {
  if (key.default === undefined) return undefined
  let complete = true
  const text = key.default.replace(/<([^>]+)>/g, (_all, name: string) => {
    const found =
      name === 'gateway' ? around.gateway : name.startsWith('lan+') ? around.lan?.(Number(name.slice(4))) : below(name)
    if (!found) complete = false
    return found ?? ''
  })
  if (!complete) return undefined
  if (key.kind === 'port' || key.kind === 'whole number') return Number(text)
  return key.kind === 'true or false' ? text === 'true' : text

  /** Another key, or what would be its default. */
  function below(name: string): string | undefined {
    const path = parseYamlPath(name)
    const value = read(path)
    if (value !== undefined && value !== null && value !== '') return String(value)
    const other = declared(path)
    const made = other && defaultOf(other, read, around)
    return made === undefined ? undefined : String(made)
  }
}
