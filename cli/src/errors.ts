/** What each exit code means; the same table is printed by `wild-cli --help`. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  failed: 5,
  unreachable: 6,
  interrupted: 130,
} as const

export interface ErrorDetails {
  hint?: string
  operation_id?: string
  command?: unknown
  output?: unknown
  [key: string]: unknown
}

interface ErrorContext {
  code?: string
  details?: ErrorDetails
  /** Printed after the message, a line each: what the person can do now. */
  next?: string[]
}

/** A failure with a message for a person and the exit code the process ends with. */
export class CliError extends Error {
  readonly exit: number
  readonly code: string | undefined
  readonly details: ErrorDetails
  readonly next: string[]

  constructor(exit: number, message: string, context: ErrorContext = {}) {
    super(message)
    this.exit = exit
    this.code = context.code
    this.details = context.details ?? {}
    this.next = context.next ?? []
  }
}

/** Ends the process with an exit code when everything worth saying has been printed. */
export class Ended extends Error {
  readonly exit: number

  constructor(exit: number) {
    super(`ended with ${exit}`)
    this.exit = exit
  }
}

/** Bad input that the CLI itself notices (exit 2). */
export function usageError(message: string, ...next: string[]): CliError {
  return new CliError(exitCodes.usage, message, { next })
}

const fileReasons: Partial<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you may not',
  EPERM: 'you may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
}

/** Why a file could not be read or written, in words. */
export function fileReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return (code && fileReasons[code]) ?? code ?? 'unknown reason'
}

/** The exit code for an HTTP status of the daemon. */
export function exitFromStatus(status: number): number {
  if (status === 404) return exitCodes.notFound
  if (status === 409) return exitCodes.conflict
  if (status >= 400 && status < 500) return exitCodes.usage
  // Everything above 500 is a tool, a cluster or a full disk; 500 itself is a fault of the daemon.
  return status > 500 ? exitCodes.failed : exitCodes.internal
}
