/** A failure with the text kubectl prints for it, without prefix. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Wrong flags: printed as it is, with the hint where help is. */
export class UsageError extends CommandError {}

/** `diff` found something: it ends with 1 and says no more. */
export class DifferenceFound extends CommandError {
  constructor() {
    super('')
  }
}

interface StatusBody {
  reason?: string
  message?: string
  code?: number
  details?: { name?: string; kind?: string; causes?: { field?: string; message?: string }[] }
}

/** A refusal by the API server. */
export class ServerError extends Error {
  readonly status: StatusBody

  constructor(status: StatusBody) {
    super(status.message ?? 'unknown')
    this.status = status
  }

  get notFound(): boolean {
    return this.status.reason === 'NotFound'
  }
}

/** No answer from the server at all; the message says why. */
export class ConnectionError extends Error {}

/** Several failures of one command. */
export class Errors extends Error {
  readonly all: Error[]

  constructor(all: Error[]) {
    super(all.map(({ message }) => message).join('\n'))
    this.all = all
  }
}

/** One of several, or one by itself, or nothing. */
export function throwAll(errors: Error[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new Errors(errors)
}

/** `Error from server (NotFound): …`; undefined for errors that did not come from the server. */
function fromServer(error: Error): string | undefined {
  if (error instanceof ConnectionError) return error.message
  if (!(error instanceof ServerError)) return undefined
  const { reason } = error.status
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`
  return reason ? `Error from server (${reason}): ${error.message}` : `Error from server: ${error.message}`
}

function invalidText({ status }: ServerError): string {
  const { details } = status
  const start =
    details?.kind || details?.name ? `The ${details.kind} "${details.name}" is invalid` : 'The request is invalid'
  const causes = [...new Set((details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`))]
  if (causes.length === 0) return details === undefined ? `${start}: ${status.message}` : start
  return causes.length === 1
    ? `${start}: ${causes[0]}`
    : `${start}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`
}

/** What goes to stderr for an error, as kubectl words it. */
export function errorText(error: unknown): string {
  if (error instanceof UsageError) return error.message
  if (error instanceof Errors) return error.all.map((one) => fromServer(one) ?? one.message).join('\n')
  if (error instanceof ServerError && error.status.reason === 'Invalid') return invalidText(error)
  if (!(error instanceof Error)) return `error: ${String(error)}`
  const text = fromServer(error) ?? error.message
  return fromServer(error) !== undefined || /^(error: |Error in configuration: )/.test(text) ? text : `error: ${text}`
}
