import { createHash } from 'node:crypto'
import { invalid, type WildError } from '../../platform/errors.ts'
import { contains, hostRange, ipToNumber, numberToIp } from '../../platform/network.ts'
import type { DnsSettings, InstanceNames, StaticLease } from './model.ts'

/** Where dnsmasq keeps what it must not forget. */
export interface ConfPlaces {
  leases: string
  log: string
}

/** The interface it serves: one of its addresses with the network. */
export interface Served {
  address: string
  /** `192.168.1.0/24` */
  cidr: string
}

/** What machines that boot from the network are told. */
export interface PxeOptions {
  /** Port of HTTP on the served address. */
  port: number
  /** Folder with the network boot loaders. */
  tftp: string
}

/** Asking this name for TXT answers the fingerprint of the running configuration. */
export const probeName = 'configuration.wild-central.internal'

const head =
  '# Written by Wild Central from central.yaml and the instances. Edits by hand are noticed and not overwritten.\n'
const markLine = /^# sha256 ([0-9a-f]{64})\n/

/** Static leases in force: those of the settings and the nodes whose hardware address is known. */
function leasesOf(settings: DnsSettings, instances: InstanceNames[]): (StaticLease & { whose: string })[] {
  const nodes = instances.flatMap(({ name: instance, nodes }) =>
    nodes.flatMap(({ mac, ip, name }) => (mac ? [{ mac, ip, name, whose: `${instance}/${name}` }] : [])),
  )
  const own = settings.staticLeases.map((lease) => ({ ...lease, whose: `the static lease of ${lease.mac}` }))
  const taken = new Set(own.map(({ mac }) => mac))
  return [...own, ...nodes.filter(({ mac }) => !taken.has(mac))]
}

/**
 * What is wrong with settings and instances taken together: the first problem, naming its field, or undefined. dnsmasq
 * itself notices none of these (facts/tools.md 6.1).
 */
export function conflictIn(settings: DnsSettings, instances: InstanceNames[], served: Served): WildError | undefined {
  const seen = new Map<string, string>()
  for (const { name, domains } of instances)
    for (const domain of domains) {
      const other = seen.get(domain)
      if (other) return invalid('instances', `${other} and ${name} both have the domain ${domain}.`)
      seen.set(domain, name)
    }
  const names = new Map<string, string>()
  const addresses = new Map<string, string>()
  for (const { name, ip, whose } of leasesOf(settings, instances)) {
    const twice = (name && names.get(name)) ?? addresses.get(ip)
    if (twice) return invalid('staticLeases', `${twice} and ${whose} have the same name or address (${name ?? ip}).`)
    if (name) names.set(name, whose)
    addresses.set(ip, whose)
  }
  if (settings.dhcp === 'off') return undefined
  const [from, to] = settings.dhcpRange.split(',') as [string, string]
  const field = 'dhcpRange'
  for (const ip of [from, to])
    if (!contains(served.cidr, ip))
      return invalid(field, `${ip} is not in the network of ${settings.interface} (${served.cidr}).`)
  if (ipToNumber(from) > ipToNumber(to)) return invalid(field, `The range begins at ${from}, after its end ${to}.`)
  const inside = (ip: string) => ipToNumber(ip) >= ipToNumber(from) && ipToNumber(ip) <= ipToNumber(to)
  if (inside(settings.router)) return invalid(field, `The router ${settings.router} lies inside the range.`)
  if (inside(served.address))
    return invalid(field, `This device's own address ${served.address} lies inside the range.`)
  if (!contains(served.cidr, settings.router))
    return invalid(
      'router',
      `The router ${settings.router} is not in the network of ${settings.interface} (${served.cidr}).`,
    )
  for (const { name, taken } of instances)
    for (const { what, from: first, to: last } of taken)
      if (ipToNumber(first) <= ipToNumber(to) && ipToNumber(last) >= ipToNumber(from))
        return invalid(field, `The range holds ${what} of ${name} (${first === last ? first : `${first}-${last}`}).`)
  return undefined
}

/** The configuration file, with its fingerprint in it (facts/tools.md 6.2). Pure: the same input gives the same text. */
export function dnsmasqConf(
  settings: DnsSettings,
  instances: InstanceNames[],
  served: Served,
  places: ConfPlaces,
  pxe?: PxeOptions,
): string {
  const body = [
    `port=${settings.port}`,
    `interface=${settings.interface}`,
    'bind-interfaces',
    'domain-needed',
    'bogus-priv',
    'no-resolv',
    'no-hosts',
    'cache-size=1000',
    `log-facility=${places.log}`,
    ...(settings.logQueries ? ['log-queries'] : []),
    ...settings.dnsServer.split(',').map((server) => `server=${server}`),
    ...instances.flatMap(instanceLines),
    ...(settings.dhcp === 'off' ? [] : dhcpLines(settings, instances, served, places)),
    ...(pxe ? pxeLines(settings.dhcp, served, pxe) : []),
    '',
  ].join('\n')
  const mark = createHash('sha256').update(body).digest('hex')
  return `${head}# sha256 ${mark}\n${body}txt-record=${probeName},${mark}\n`
}

function instanceLines({ name, domains, loadBalancerIp, internalDomain, nodes }: InstanceNames): string[] {
  const wildcard = loadBalancerIp ? domains.map((domain) => `address=/${domain}/${loadBalancerIp}`) : []
  const records = internalDomain ? nodes.map((node) => `host-record=${node.name}.${internalDomain},${node.ip}`) : []
  return [`# ${name}`, ...domains.map((domain) => `local=/${domain}/`), ...wildcard, ...records]
}

function dhcpLines(settings: DnsSettings, instances: InstanceNames[], served: Served, places: ConfPlaces): string[] {
  const network = numberToIp(hostRange(served.cidr).first - 1)
  const common = ['log-dhcp', `dhcp-leasefile=${places.leases}`]
  if (settings.dhcp === 'proxy') return [...common, `dhcp-range=${network},proxy`]
  return [
    ...common,
    'dhcp-authoritative',
    `dhcp-range=${settings.dhcpRange},${netmask(served.cidr)},${settings.leaseHours}h`,
    `dhcp-option=option:router,${settings.router}`,
    `dhcp-option=option:dns-server,${served.address}`,
    ...leasesOf(settings, instances).map(
      ({ mac, name, ip }) => `dhcp-host=${[mac, name, ip, 'infinite'].filter(Boolean).join(',')}`,
    ),
  ]
}

/** Loaders by the architecture a machine names (RFC 4578, option 93), with the word dnsmasq has for it as a proxy. */
const loaders: [tag: string, architecture: number, word: string, file: string][] = [
  ['bios', 0, 'x86PC', 'undionly.kpxe'],
  ['efi64', 7, 'BC_EFI', 'ipxe.efi'],
  ['efi64', 9, 'X86-64_EFI', 'ipxe.efi'],
  ['arm64', 11, 'ARM64_EFI', 'ipxe-arm64.efi'],
]
/** Firmware that fetches by HTTP itself. */
const httpLoaders: [tag: string, architecture: number, file: string][] = [
  ['http64', 16, 'ipxe.efi'],
  ['httparm64', 19, 'ipxe-arm64.efi'],
]

/** TFTP, and which file a machine begins with; iPXE, once it runs, gets the script (facts/tools.md 6.2). */
function pxeLines(dhcp: DnsSettings['dhcp'], { address }: Served, { port, tftp }: PxeOptions): string[] {
  const url = `http://${address}:${port}/pxe`
  const lines = ['# network boot', 'enable-tftp', `tftp-root=${tftp}`]
  if (dhcp === 'off') return lines
  const ipxe = ['dhcp-match=set:ipxe,175', 'dhcp-userclass=set:ipxe,iPXE', `dhcp-boot=tag:ipxe,${url}/boot.ipxe`]
  if (dhcp === 'proxy')
    return [
      ...lines,
      ...ipxe,
      ...loaders.map(([, , word, file]) => `pxe-service=tag:!ipxe,${word},"Wild Central",${file}`),
    ]
  return [
    ...lines,
    ...ipxe,
    ...loaders.map(([tag, architecture]) => `dhcp-match=set:${tag},option:client-arch,${architecture}`),
    ...[...new Map(loaders.map(([tag, , , file]) => [tag, file]))].map(
      ([tag, file]) => `dhcp-boot=tag:!ipxe,tag:${tag},${file}`,
    ),
    ...httpLoaders.flatMap(([tag, architecture, file]) => [
      `dhcp-match=set:${tag},option:client-arch,${architecture}`,
      `dhcp-option-force=tag:!ipxe,tag:${tag},60,HTTPClient`,
      `dhcp-boot=tag:!ipxe,tag:${tag},${url}/${file}`,
    ]),
  ]
}

function netmask(cidr: string): string {
  const bits = Number(cidr.split('/')[1])
  return numberToIp(2 ** 32 - 2 ** (32 - bits))
}

/** The fingerprint a text carries; undefined when it is not ours. */
export function fingerprint(text: string): string | undefined {
  return text.startsWith(head) ? markLine.exec(text.slice(head.length))?.[1] : undefined
}

/** True when a text is as it was written: its body still has the fingerprint it carries. */
export function isUntouched(text: string): boolean {
  const mark = fingerprint(text)
  if (!mark) return false
  const rest = text.slice(head.length).replace(markLine, '')
  const last = `txt-record=${probeName},${mark}\n`
  return rest.endsWith(last) && createHash('sha256').update(rest.slice(0, -last.length)).digest('hex') === mark
}
