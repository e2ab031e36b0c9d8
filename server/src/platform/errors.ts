/** Every failure a person can meet, with the status each door reports. The CLI derives its exit code from the HTTP status. */
export const failures = {
  INVALID_INPUT: { http: 400 },
  UNAUTHENTICATED: { http: 401 },
  FORBIDDEN: { http: 403 },
  NOT_FOUND: { http: 404 },
  ALREADY_EXISTS: { http: 409 },
  CONFLICT: { http: 409 },
  OPERATION_IN_PROGRESS: { http: 409 },
  NODE_IN_CLUSTER: { http: 409 },
  CONFIG_INVALID: { http: 422 },
  CANCELLED: { http: 409 },
  TOOL_MISSING: { http: 502 },
  TOOL_FAILED: { http: 502 },
  OPERATION_FAILED: { http: 502 },
  DOWNLOAD_FAILED: { http: 502 },
  MACHINE_OFFLINE: { http: 503 },
  CLUSTER_UNREACHABLE: { http: 503 },
  TIMEOUT: { http: 504 },
  DAEMON_RESTARTED: { http: 500 },
  DAEMON_STOPPED: { http: 500 },
  DISK_FULL: { http: 507 },
  INTERNAL: { http: 500 },
} as const satisfies Record<string, { http: number }>

export type FailureCode = keyof typeof failures

/** Facts about a failure that machines may read: `field`, `hint`, `operation_id`, `command`, `exit_code`, `output`… Never a secret. */
export type FailureDetails = Record<string, unknown>

/** The one error type of the daemon: a code, a message for a person (what happened, then what to do), details for machines. */
export class WildError extends Error {
  readonly code: FailureCode
  readonly details: FailureDetails

  constructor(code: FailureCode, message: string, details: FailureDetails = {}, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'WildError'
    this.code = code
    this.details = details
  }
}

/** Everything a failed call of a program said, for matching: the message alone may be one line of many. */
export function saidBy(error: unknown): string {
  return `${(error as Error).message} ${String((error as WildError).details?.output ?? '')}`
}

/** A refusal of bad input that names the field. */
export function invalid(field: string, message: string, details: FailureDetails = {}): WildError {
  return new WildError('INVALID_INPUT', message, { field, ...details })
}

/** "No such thing", naming it. */
export function notFound(what: string, name: string, hint?: string): WildError {
  return new WildError('NOT_FOUND', `There is no ${what} named "${name}".`, { name, ...(hint ? { hint } : {}) })
}

/** What is known but not in use here, such as an app that was never added or was deleted. */
export function notThere(what: string, name: string, verb: string, hint: string): WildError {
  return new WildError('NOT_FOUND', `The ${what} "${name}" is not ${verb}.`, { name, hint })
}

/** Any thrown value as a WildError; what is not one of ours becomes INTERNAL (or DISK_FULL) and keeps its cause for the log. */
export function asWildError(error: unknown): WildError {
  if (error instanceof WildError) return error
  const code = (error as NodeJS.ErrnoException)?.code
  if (code === 'ENOSPC' || code === 'SQLITE_FULL')
    return new WildError(
      'DISK_FULL',
      'The disk is full. Free some space, then try again; nothing was half-written.',
      {},
      { cause: error },
    )
  if (code?.startsWith('SQLITE_BUSY') || code?.startsWith('SQLITE_LOCKED'))
    return new WildError(
      'INTERNAL',
      'Another program keeps the database wild-central.db locked. Close it (a database shell, a backup), then try again.',
      {},
      { cause: error },
    )
  if (code?.startsWith('SQLITE_IOERR'))
    return new WildError(
      'DISK_FULL',
      'The database could not be written. Look whether the disk is full or damaged, then try again.',
      {},
      { cause: error },
    )
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new WildError(
      'INTERNAL',
      `The daemon may not write there (${code}).`,
      { path: (error as NodeJS.ErrnoException).path },
      { cause: error },
    )
  return new WildError(
    'INTERNAL',
    'Something unexpected went wrong. The daemon log has the details.',
    {},
    { cause: error },
  )
}
