import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'
import { cidr, ipv4, parse } from '../../platform/names.ts'
import type { PathSegment } from '../../platform/yaml-path.ts'
import { formatYamlPath } from '../../platform/yaml-path.ts'

const domain = z
  .string()
  .max(253, 'A domain has at most 253 characters.')
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
    'This is not a domain name (like cloud.example.com, lower case).',
  )
const addressRange = z.string().superRefine((text, ctx) => {
  const [from, to, more] = text.split('-')
  const good = text.includes('/')
    ? cidr.safeParse(text).success
    : !more && ipv4.safeParse(from).success && ipv4.safeParse(to).success
  if (!good) ctx.addIssue({ code: 'custom', message: 'This is not an address range (like 192.168.1.80-192.168.1.89).' })
})
const version = z.string().regex(/^v\d+\.\d+\.\d+([-+.][\w.]+)?$/, 'This is not a version (like v1.11.5).')

/** Keys whose values the daemon itself relies on, and what they may hold (facts sheet section 7). */
const known: Record<string, z.ZodType> = {
  'operator.email': z.email('This is not an e-mail address.'),
  'cloud.baseDomain': domain,
  'cloud.domain': domain,
  'cloud.internalDomain': domain,
  'cloud.router.ip': ipv4,
  'cloud.dns.ip': ipv4,
  'cloud.dns.externalResolver': ipv4,
  'cluster.name': z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'A cluster name holds lower-case letters, digits and "-".'),
  'cluster.ipAddressPool': addressRange,
  'cluster.loadBalancerIp': ipv4,
  'cluster.kubernetesVersion': version,
  'cluster.nodes.control.vip': ipv4,
  'cluster.nodes.talos.version': version,
  'cluster.nodes.talos.schematicId': z.string().regex(/^[0-9a-f]{64}$/, 'A schematic id is 64 hexadecimal digits.'),
}

/** Keys that always hold text, so that `config set` does not turn "1.30" into a number. */
export const textKeys = new Set(Object.keys(known))

/** Refuses a value that a known key at or below the path cannot hold. Throws INVALID_INPUT naming the key. */
export function checkKnown(path: PathSegment[], value: unknown): void {
  const at = formatYamlPath(path)
  for (const [key, schema] of Object.entries(known)) {
    if (at !== '' && key !== at && !key.startsWith(`${at}.`)) continue
    const rest = at === '' ? key : key.slice(at.length + 1)
    const found = rest === '' ? value : below(at, rest, value)
    // An empty value says "not set yet" (a file may hold it), unless it is just being set.
    if (found === undefined || (rest !== '' && (found === null || found === ''))) continue
    parse(schema, found, key)
  }
}

function below(at: string, rest: string, tree: unknown): unknown {
  let value = tree
  let place = at
  for (const segment of rest.split('.')) {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'object' || Array.isArray(value))
      throw invalid(place || 'config', `${place || 'config'}: this is a section that holds settings, not a value.`)
    value = Object.hasOwn(value, segment) ? (value as Record<string, unknown>)[segment] : undefined
    place = place === '' ? segment : `${place}.${segment}`
  }
  return value
}
