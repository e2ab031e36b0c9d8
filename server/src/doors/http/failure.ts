import { asWildError, failures, type WildError } from '../../platform/errors.ts'
import type { Masker } from '../../platform/masking.ts'

/** The plan's error body, masked. */
export function failureBody(
  error: WildError,
  masker: Masker,
): { error: { code: string; message: string; details: Record<string, unknown> } } {
  return { error: { code: error.code, message: masker.text(error.message), details: masker.deep(error.details) } }
}

/** Any thrown value as an HTTP answer. */
export function failureResponse(thrown: unknown, masker: Masker): Response {
  const error = asWildError(thrown)
  return Response.json(failureBody(error, masker), { status: failures[error.code].http })
}
