import { decodeConfig, type Tree } from '../machine-config/index.ts'
import { fromBase64, type KeyPair } from '../pki/index.ts'
import type { Hardware } from './hardware.ts'
import type { MachineRecord } from './record.ts'

/** What the lab needs to know of an applied machine config. */
export interface ConfigFacts {
  role: 'controlplane' | 'worker'
  hostname?: string
  clusterId: string
  clusterName: string
  /** Cluster endpoint, e.g. `https://127.77.0.90:6443`. */
  endpoint: string
  /** Talos API CA; the key is empty on workers. */
  osCa: KeyPair
  kubernetesCa: KeyPair
  installDisk?: string
  installImage: string
  wipe: boolean
  /** Addresses with prefix length that the config gives the machine's NIC. */
  addresses: string[]
  dhcp: boolean
  gateway?: string
  vip?: string
  certSans: string[]
  /** Of its kubelet. */
  kubernetesVersion: string
  /** Of its API server, on a control plane. */
  apiServerVersion: string
  labels: Record<string, string>
  taints: { key: string; value?: string; effect: 'NoSchedule' | 'NoExecute' }[]
  hasLonghornMount: boolean
}

/** Records are replaced, never changed, so that what was read from one stays true. */
const cache = new WeakMap<MachineRecord, ConfigFacts>()

/** Reads the applied config of a machine, which was validated before; undefined in maintenance mode. */
export function configFacts(record: MachineRecord, hardware: Hardware): ConfigFacts | undefined {
  if (record.config === undefined) return undefined
  const known = cache.get(record)
  if (known) return known
  const facts = readFacts(decodeConfig(record.config).main, hardware)
  cache.set(record, facts)
  return facts
}

function readFacts(main: Tree, hardware: Hardware): ConfigFacts {
  const { machine, cluster = {} } = main
  const role = machine.type === 'worker' || machine.type === 'join' ? 'worker' : 'controlplane'
  const device = deviceOf(machine.network?.interfaces ?? [], hardware)
  const addresses: string[] = device?.addresses ?? []
  return {
    role,
    hostname: machine.network?.hostname,
    clusterId: String(cluster.id ?? ''),
    clusterName: String(cluster.clusterName ?? ''),
    endpoint: String(cluster.controlPlane?.endpoint ?? ''),
    osCa: pairOf(machine.ca),
    kubernetesCa: pairOf(cluster.ca),
    installDisk: machine.install?.disk,
    installImage: String(machine.install?.image ?? ''),
    wipe: machine.install?.wipe === true,
    addresses: addresses.map((address) => (address.includes('/') ? address : `${address}/32`)),
    // Talos runs DHCP on every physical NIC that its config does not mention.
    dhcp: device === undefined || device.dhcp === true,
    gateway: (device?.routes ?? []).find((route: Tree) => !route.network || route.network === '0.0.0.0/0')?.gateway,
    vip: role === 'controlplane' ? device?.vip?.ip : undefined,
    certSans: machine.certSANs ?? [],
    kubernetesVersion: tagOf(machine.kubelet?.image) ?? 'v1.34.1',
    apiServerVersion: tagOf(cluster.apiServer?.image) ?? tagOf(machine.kubelet?.image) ?? 'v1.34.1',
    labels: labelsOf(machine, role, machine.network?.hostname),
    taints: taintsOf(machine, cluster, role),
    hasLonghornMount: (machine.kubelet?.extraMounts ?? []).some(isLonghornMount),
  }
}

const pairOf = (pair: Tree): KeyPair => ({ crt: fromBase64(pair?.crt ?? ''), key: fromBase64(pair?.key ?? '') })

/** The tag of an image reference, `v1.34.1` of `ghcr.io/siderolabs/kubelet:v1.34.1`. */
export function tagOf(image: unknown): string | undefined {
  return typeof image === 'string' ? /:([^:/@]+)(@.*)?$/.exec(image)?.[1] : undefined
}

/** The schematic id an installer image names, if it comes from an image factory. */
export const schematicOf = (image: string): string | undefined => /\/([0-9a-f]{64}):/.exec(image)?.[1]

/** The interface section that applies to the machine's only NIC. */
function deviceOf(devices: Tree[], { nic }: Hardware): Tree {
  return devices.find((device) => {
    if (device.interface !== undefined) return device.interface === nic.name
    const selector = device.deviceSelector ?? {}
    const wanted: [unknown, unknown][] = [
      [selector.hardwareAddr, nic.mac],
      [selector.permanentAddr, nic.mac],
      [selector.busPath, nic.busPath],
      [selector.driver, nic.driver],
      [selector.physical, true],
    ]
    return wanted.every(([want, have]) => want === undefined || want === have)
  })
}

function labelsOf(machine: Tree, role: ConfigFacts['role'], hostname: string | undefined): Record<string, string> {
  return {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/os': 'linux',
    ...(hostname === undefined ? {} : { 'kubernetes.io/hostname': hostname }),
    ...(role === 'controlplane' ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
    ...machine.nodeLabels,
  }
}

function taintsOf(machine: Tree, cluster: Tree, role: ConfigFacts['role']): ConfigFacts['taints'] {
  const schedulable = cluster.allowSchedulingOnControlPlanes === true || cluster.allowSchedulingOnMasters === true
  const own =
    role === 'controlplane' && !schedulable
      ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' as const }]
      : []
  const configured = Object.entries((machine.nodeTaints ?? {}) as Record<string, string>).map(([key, text]) => {
    const [value, effect] = text.includes(':') ? text.split(':') : ['', text]
    return {
      key,
      ...(value ? { value } : {}),
      effect: effect === 'NoExecute' ? ('NoExecute' as const) : ('NoSchedule' as const),
    }
  })
  return [...own, ...configured]
}

function isLonghornMount(mount: Tree): boolean {
  const options: string[] = mount.options ?? []
  return (
    mount.destination === '/var/lib/longhorn' &&
    mount.type === 'bind' &&
    options.includes('bind') &&
    options.includes('rshared')
  )
}
