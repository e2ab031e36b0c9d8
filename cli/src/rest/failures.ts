import { CliError, type ErrorDetails, exitCodes, exitFromStatus } from '../errors.ts'

interface ErrorBody {
  error?: { code?: string; message?: string; details?: ErrorDetails | null }
}

const reasons: Partial<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
}

/** The daemon at `base` could not be reached (exit 6), with the reason and what to do. */
export function cannotReach(base: string, error: unknown): CliError {
  const reason = reasonOf(error)
  return new CliError(exitCodes.unreachable, `Cannot reach the daemon at ${base}${reason ? `: ${reason}` : ''}.`, {
    code: 'DAEMON_UNREACHABLE',
    next: ['Start it (pnpm demo, pnpm start, or systemctl start wildd), or set WILD_DAEMON_URL to where it listens.'],
  })
}

/** Something answered at `base` that does not speak like the daemon (exit 6). */
export function notTheDaemon(base: string, status: number): CliError {
  return new CliError(
    exitCodes.unreachable,
    `What answers at ${base} is not the Wild Central daemon (HTTP ${status}).`,
    {
      code: 'DAEMON_UNREACHABLE',
      next: ['Set WILD_DAEMON_URL to the address of the daemon.'],
    },
  )
}

/** The CliError for an answer that is not a success. */
export async function answerError(base: string, response: Response): Promise<CliError> {
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined
  if (!body?.error) return notTheDaemon(base, response.status)
  const { code, message, details } = body.error
  const next =
    response.status === 401 && !details?.hint
      ? ['Log in with: wild-cli login (or set WILD_TOKEN to the token of the daemon).']
      : []
  const text = message ?? `The daemon answered HTTP ${response.status}.`
  return new CliError(exitFromStatus(response.status), text, { code, details: details ?? {}, next })
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause as { code?: string; errors?: { code?: string }[] } | undefined
  const code = cause?.code ?? cause?.errors?.[0]?.code
  return (code && reasons[code]) ?? code
}
