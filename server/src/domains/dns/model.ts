import { z } from 'zod'
import { type instanceName, ipv4, macAddress } from '../../platform/names.ts'

/** How dnsmasq is, in one word. */
export const dnsmasqStatuses = ['not_configured', 'running', 'stopped', 'failed'] as const
export type DnsmasqStatus = (typeof dnsmasqStatuses)[number]

/** `proxy` leaves addresses to another server and only answers machines that boot from the network. */
export const dhcpModes = ['off', 'proxy', 'full'] as const
export type DhcpMode = (typeof dhcpModes)[number]

/** Whether what is written is what should be: `outdated` when instances changed since, `edited` when somebody changed it by hand. */
export const confStates = ['none', 'current', 'outdated', 'edited'] as const
export type ConfState = (typeof confStates)[number]

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'A host name holds lower-case letters, digits and "-".')

const range = z.string().superRefine((text, ctx) => {
  const parts = text.split(',')
  if (parts.length !== 2 || !parts.every((part) => ipv4.safeParse(part).success))
    ctx.addIssue({ code: 'custom', message: 'This is not a DHCP range (like 192.168.1.100,192.168.1.200).' })
})

const upstreams = z
  .string()
  .max(500)
  .refine(
    (text) =>
      text.split(',').every((part) => /^[^#]+(#\d{1,5})?$/.test(part) && ipv4.safeParse(part.split('#')[0]).success),
    'These are no addresses of DNS servers (like 1.1.1.1 or 1.1.1.1,9.9.9.9).',
  )

/** A machine that always gets the same address. */
export const staticLease = z.strictObject({ mac: macAddress, ip: ipv4, name: label.optional() })
export type StaticLease = z.output<typeof staticLease>

/** The section `dnsmasq` of central.yaml. */
export const dnsSettings = z.strictObject({
  enabled: z.boolean(),
  /** Network interface it serves. */
  interface: z
    .string()
    .max(15)
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, 'This is not a network interface name (like eth0 or enp0s31f6).'),
  port: z.int().min(1).max(65_535),
  /** Where names it does not know are asked for, separated by commas. */
  dnsServer: upstreams,
  dhcp: z.enum(dhcpModes),
  dhcpRange: range,
  /** Hours an address is lent. */
  leaseHours: z.int().min(1, 'At least 1 hour.').max(8760, 'At most 8760 hours.'),
  router: ipv4,
  staticLeases: z.array(staticLease).max(500, 'At most 500.'),
  logQueries: z.boolean(),
})
export type DnsSettings = z.output<typeof dnsSettings>

/** A change of settings: only what is named. */
export const dnsChange = dnsSettings.partial()
export type DnsChange = z.input<typeof dnsChange>

export const applyInput = z.strictObject({
  change: dnsChange.default({}),
  /** Write over a file that was edited by hand. */
  overwrite: z.boolean().default(false),
  /** Serve DHCP although another server answers. */
  besideOthers: z.boolean().default(false),
  /** Seconds in which somebody has to confirm a change of DHCP; 0: none. */
  trialSeconds: z.int().min(0).max(3600, 'At most 3600 seconds.').default(120),
})
export type ApplyInput = z.output<typeof applyInput>

/** What an instance means for the LAN. */
export interface InstanceNames {
  name: z.output<typeof instanceName>
  /** Every name at and below them answers the load balancer. */
  domains: string[]
  loadBalancerIp?: string
  internalDomain?: string
  nodes: { name: string; ip: string; mac?: string }[]
  /** Addresses the cluster takes by itself; nothing of them may be lent. */
  taken: { what: string; from: string; to: string }[]
}

/** An address that dnsmasq lent. */
export interface Lease {
  mac: string
  ip: string
  hostname?: string
  /** ISO 8601; absent when it never ends. */
  expiresAt?: string
  /** The node it belongs to: `home/control-1`. */
  node?: string
}

/** What a cluster takes by itself, by its settings; `text` reads a key of config.yaml. Ranges that make no sense are left out. */
export function takenAddresses(text: (path: string) => string | undefined): InstanceNames['taken'] {
  const isAddress = (value: string | undefined) => ipv4.safeParse(value).success
  const single = [
    ['the load balancer', 'cluster.loadBalancerIp'],
    ['the virtual address', 'cluster.nodes.control.vip'],
  ].flatMap(([what, path]) => {
    const ip = text(path!)
    return ip && isAddress(ip) ? [{ what: what!, from: ip, to: ip }] : []
  })
  const [from, to] = text('cluster.ipAddressPool')?.split('-') ?? []
  const pool = from && to && isAddress(from) && isAddress(to) ? [{ what: 'the address pool', from, to }] : []
  return [...single, ...pool]
}
