import { z } from 'zod'
import { invalid } from './errors.ts'

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

function dnsName(what: string, max = 63) {
  return z
    .string()
    .min(1, `${what} is empty.`)
    .max(max, `${what} is longer than ${max} characters.`)
    .regex(
      dnsLabel,
      `${what} may hold lower-case letters, digits and "-" only, and starts and ends with a letter or digit.`,
    )
}

export const instanceName = dnsName('An instance name', 40)
export const nodeName = dnsName('A node name')
export const appName = dnsName('An app name')
export const serviceName = dnsName('A service name')
export const operationId = z
  .string()
  .regex(/^op_[a-z-]+_[a-z0-9]{6,32}$/, 'An operation id looks like op_bootstrap_k3x9f2ab.')

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const address = new RegExp(`^${octet}(\\.${octet}){3}$`)
export const ipv4 = z.string().regex(address, 'This is not an IPv4 address (like 192.168.1.91).')
export const cidr = z
  .string()
  .regex(new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`), 'This is not a subnet (like 192.168.1.0/24).')
export const macAddress = z
  .string()
  .regex(/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/, 'This is not a MAC address (like 00:11:22:33:44:55).')
  .transform((mac) => mac.toLowerCase())
export const talosVersion = z
  .string()
  .regex(/^v\d+\.\d+\.\d+[-a-z0-9.]*$/, 'This is not a Talos version (like v1.11.5).')
export const configPath = z.string().min(1, 'The path is empty.').max(500, 'The path is longer than 500 characters.')

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `Unknown field: ${issue.keys.join(', ')}.`
  // A schema's own message counts; only the library's needs other words.
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `This must be ${kinds[issue.expected] ?? issue.expected}.`
  return issue.message
}

/**
 * Checks a value at the edge. Throws INVALID_INPUT whose message and `details.field` name the first wrong field;
 * `details.problems` lists all of them.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, root = ''): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({
    field: [root, ...issue.path].filter((part) => part !== '').join('.') || 'input',
    message: issueText(issue),
  }))
  const first = problems[0] ?? { field: 'input', message: 'Invalid input.' }
  throw invalid(first.field, `${first.field}: ${first.message}`, problems.length > 1 ? { problems } : {})
}
