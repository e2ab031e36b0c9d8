import { isRecord } from '../schema/types.ts'
import { type FieldError, invalidValue } from '../status.ts'

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const label1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

const rule = (what: string, example: string, pattern: string): string =>
  `${what} (e.g. ${example}, regex used for validation is '${pattern}')`
const subdomainText = rule(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  "'example.com'",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
)
const labelText = rule(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  "'my-name',  or '123-abc'",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
)
const label1035Text = rule(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  "'my-name',  or 'abc-123'",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
)
const labelValueText = rule(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "'MyValue',  or 'my_value',  or '12345'",
  '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
)
const qualifiedText = rule(
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "'MyName',  or 'my.name',  or '123-abc'",
  '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
)

function check(field: string, value: string, pattern: RegExp, longest: number, why: string): FieldError[] {
  if (value.length > longest) return [invalidValue(field, value, `must be no more than ${longest} characters`)]
  return pattern.test(value) ? [] : [invalidValue(field, value, why)]
}

export const dnsLabel = (field: string, value: string): FieldError[] => check(field, value, label, 63, labelText)
export const dns1035Label = (field: string, value: string): FieldError[] =>
  check(field, value, label1035, 63, label1035Text)
export const dnsSubdomain = (field: string, value: string): FieldError[] =>
  check(field, value, subdomain, 253, subdomainText)

/** A host of an Ingress: a DNS name, its first part may be `*`. */
export const ingressHost = (field: string, value: string): FieldError[] =>
  dnsSubdomain(field, value.replace(/^\*\./, ''))

/** Kinds whose names are path segments only, and those with stricter rules; everything else is a DNS subdomain. */
const freeNames = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'])
const labelNames = new Set(['Namespace'])

/** Complaints about an object's own name. */
export function nameErrors(kind: string, name: string): FieldError[] {
  const field = 'metadata.name'
  if (freeNames.has(kind)) return /[/%]|^\.{1,2}$/.test(name) ? [invalidValue(field, name, "may not contain '/'")] : []
  if (kind === 'Service') return dns1035Label(field, name)
  return labelNames.has(kind) ? dnsLabel(field, name) : dnsSubdomain(field, name)
}

function keyErrors(field: string, key: string): FieldError[] {
  const at = key.indexOf('/')
  const prefix = at < 0 ? undefined : key.slice(0, at)
  const name = key.slice(at + 1)
  const errors =
    prefix === undefined
      ? []
      : dnsSubdomain(field, prefix).map((error) => ({
          ...error,
          message: `Invalid value: "${key}": prefix part ${subdomainText}`,
        }))
  return [
    ...errors,
    ...check(field, name, qualified, 63, qualifiedText).map((error) => ({
      ...error,
      message: error.message.replace(JSON.stringify(name), JSON.stringify(key)),
    })),
  ]
}

/** Complaints about label keys and values. */
export function labelErrors(field: string, labels: unknown): FieldError[] {
  if (!isRecord(labels)) return []
  return Object.entries(labels).flatMap(([key, value]) => [
    ...keyErrors(field, key),
    ...(value === '' ? [] : check(field, String(value), qualified, 63, labelValueText)),
  ])
}

/** Complaints about annotation keys and about annotations that are too much for one object. */
export function annotationErrors(field: string, annotations: unknown): FieldError[] {
  if (!isRecord(annotations)) return []
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
  const tooLong = {
    field,
    reason: 'FieldValueInvalid' as const,
    message: 'Too long: may not be more than 262144 bytes',
  }
  return [
    ...Object.keys(annotations).flatMap((key) => keyErrors(field, key.toLowerCase())),
    ...(size > 262144 ? [tooLong] : []),
  ]
}
