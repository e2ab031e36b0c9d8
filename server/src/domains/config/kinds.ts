import { z } from 'zod'
import { cidr, ipv4 } from '../../platform/names.ts'

const domainPattern = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/
const clusterNamePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

const addressRange = z.string().superRefine((text, ctx) => {
  const [from, to, more] = text.split('-')
  const good = text.includes('/')
    ? cidr.safeParse(text).success
    : !more && ipv4.safeParse(from).success && ipv4.safeParse(to).success
  if (!good) ctx.addIssue({ code: 'custom', message: 'This is not an address range (like 192.168.1.80-192.168.1.89).' })
})
const dhcpRange = z.string().superRefine((text, ctx) => {
  const parts = text.split(',')
  if (parts.length < 2 || !parts.slice(0, 2).every((part) => ipv4.safeParse(part).success))
    ctx.addIssue({ code: 'custom', message: 'This is not a DHCP range (like 192.168.1.100,192.168.1.200).' })
})

/** What a value may hold, by the word people see for it. The old scripts wrote ports and switches as text, so both pass. */
export const kinds = {
  text: z.string(),
  'e-mail': z.email('This is not an e-mail address.'),
  domain: z
    .string()
    .max(253, 'A domain has at most 253 characters.')
    .regex(domainPattern, 'This is not a domain name (like cloud.example.com, lower case).'),
  address: ipv4,
  'address range': addressRange,
  'DHCP range': dhcpRange,
  'cluster name': z.string().regex(clusterNamePattern, 'A cluster name holds lower-case letters, digits and "-".'),
  version: z.string().regex(/^v\d+\.\d+\.\d+([-+.][\w.]+)?$/, 'This is not a version (like v1.11.5).'),
  'schematic id': z.string().regex(/^[0-9a-f]{64}$/, 'A schematic id is 64 hexadecimal digits.'),
  size: z.string().regex(/^\d+(\.\d+)?([KMGTPE]i?)?$/, 'This is not a size (like 100Gi).'),
  port: z.union(
    [
      z.int().min(1).max(65535),
      z.string().regex(/^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/),
    ],
    'This is not a port (1 to 65535).',
  ),
  'whole number': z.union([z.int().min(1), z.string().regex(/^[1-9]\d*$/)], 'This is not a whole number from 1.'),
  'true or false': z.union([z.boolean(), z.enum(['true', 'false'])], 'This must be true or false.'),
  section: z.record(z.string(), z.unknown(), 'This is a section that holds settings, not a value.'),
} as const satisfies Record<string, z.ZodType>

export type Kind = keyof typeof kinds

/** Kinds that YAML might take for something else than text: what is typed for them stays text. */
export function isText(kind: Kind): boolean {
  return kind !== 'port' && kind !== 'whole number' && kind !== 'true or false' && kind !== 'section'
}
