import type { Resource } from '../resources.ts'

/** One complaint about one field, as the API words it. */
export interface FieldError {
  /** Path such as `spec.template.spec.containers[0].image`. */
  field: string
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueNotFound'
    | 'FieldValueDuplicate'
    | 'FieldValueNotSupported'
  /** `Required value`, `Invalid value: "x": must …`. */
  message: string
}

const shown = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value))
const because = (detail: string): string => (detail === '' ? '' : `: ${detail}`)

export const required = (field: string, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: `Required value${because(detail)}`,
})
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}${because(detail)}`,
})
export const forbiddenField = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden${because(detail)}`,
})
export const notFoundField = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${shown(value)}`,
})
export const duplicateField = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
})
export const unsupportedField = (field: string, value: unknown, allowed: readonly string[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${allowed.map((one) => `"${one}"`).join(', ')}`,
})

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  causes?: { reason: string; message: string; field: string }[]
  retryAfterSeconds?: number
}

/** A refusal of the API server; becomes a `Status` object in the answer. */
export class ApiError extends Error {
  readonly code: number
  /** Empty for errors the API server has no reason for (code 500). */
  readonly reason: string
  readonly details: StatusDetails | undefined

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }
}

/** `deployments.apps`, or `services` for the core group. */
export const qualifiedPlural = (resource: Pick<Resource, 'plural' | 'group'>): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`

const details = (resource: Resource, name: string): StatusDetails => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
})

export const notFound = (resource: Resource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualifiedPlural(resource)} "${name}" not found`, details(resource, name))

export const alreadyExists = (resource: Resource, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${qualifiedPlural(resource)} "${name}" already exists`, details(resource, name))

export const forbidden = (resource: Resource, name: string, why: string): ApiError =>
  new ApiError(403, 'Forbidden', `${qualifiedPlural(resource)} "${name}" is forbidden: ${why}`, details(resource, name))

export const conflict = (resource: Resource, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedPlural(resource)} "${name}": ${why}`,
    details(resource, name),
  )

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message)

/** Path or verb nobody serves. */
export const noSuchResource = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})

export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

/** 422 with one cause per complaint; here `details.kind` is the Kind, as the real API has it. */
export function invalid(resource: Resource, name: string, errors: readonly FieldError[]): ApiError {
  const lines = errors.map(({ field, message }) => `${field}: ${message}`)
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes: errors.map(({ field, message, reason }) => ({ reason, message, field })),
  })
}

/** The `Status` object for an error; anything that is not an ApiError is an internal error without its text. */
export function statusOf(error: unknown): { code: number; body: Record<string, unknown> } {
  const known = error instanceof ApiError ? error : new ApiError(500, 'InternalError', 'Internal error occurred')
  const body: Record<string, unknown> = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }
  body.message = known.message
  if (known.reason !== '') body.reason = known.reason
  if (known.details !== undefined) body.details = known.details
  body.code = known.code
  return { code: known.code, body }
}
