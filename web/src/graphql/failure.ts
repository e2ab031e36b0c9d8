import { CombinedError } from '@urql/core'
import { shell } from '../strings/shell.ts'

/** A failure as a person meets it. */
export interface Failure {
  code: string
  message: string
  hint?: string
  details: Record<string, unknown>
}

/** Any error of a query, mutation or subscription in the daemon's own words. */
export function failureOf(error: unknown): Failure {
  const first = error instanceof CombinedError ? error.graphQLErrors[0] : Array.isArray(error) ? error[0] : undefined
  if (first) {
    const details = (first.extensions?.details ?? {}) as Record<string, unknown>
    const hint = typeof details.hint === 'string' ? details.hint : undefined
    return { code: String(first.extensions?.code ?? 'INTERNAL'), message: first.message, hint, details }
  }
  return {
    code: 'UNREACHABLE',
    message: shell.daemonAway,
    hint: shell.daemonAwayHint,
    details: {},
  }
}
