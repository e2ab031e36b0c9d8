import { saidBy, WildError } from '../platform/errors.ts'

/**
 * What a failing call says about the machine:
 * - offline: nobody answers there (refused, no route, timeout)
 * - configured: it has a configuration, so calls without a certificate are refused
 * - unknown-authority: its certificate is not from our cluster — in maintenance mode, or of another cluster
 * - expired: our certificate has ended
 * - wrong-address: it is ours, but its certificate does not cover this address
 * - not-talos: something else listens on the port
 * - exists: it was done before
 * - not-yet: it will work later (container runtime or clock not ready)
 * - unsupported: this kind of machine, or its mode, cannot do that
 * - refused: it understood and said no
 */
export const talosFailures = [
  'offline',
  'configured',
  'unknown-authority',
  'expired',
  'wrong-address',
  'not-talos',
  'exists',
  'not-yet',
  'unsupported',
  'refused',
] as const
export type TalosFailure = (typeof talosFailures)[number]

/** First match wins; talosctl has exit code 1 for everything, so its words are all there is. */
const rules: [RegExp, TalosFailure][] = [
  [/certificate is valid for .*, not /, 'wrong-address'],
  [/signed by unknown authority|verification failure/, 'unknown-authority'],
  [/tls: expired certificate/, 'expired'],
  [/first record does not look like a TLS handshake/, 'not-talos'],
  [/Error while dialing|connection refused|no route to host|network is unreachable|i\/o timeout/, 'offline'],
  [/certificate required|broken pipe|connection reset by peer|bad certificate/, 'configured'],
  [/authentication handshake failed|context deadline exceeded|DeadlineExceeded/, 'offline'],
  [/AlreadyExists|etcd data directory is not empty/, 'exists'],
  [/is not available yet|time is not in sync/, 'not-yet'],
  [/code = Unimplemented/, 'unsupported'],
  [/code = Unavailable/, 'offline'],
  [/code = (PermissionDenied|InvalidArgument|FailedPrecondition|NotFound)/, 'refused'],
]

/** Tells the failures of a talosctl call apart; undefined when it is none (tool missing, cancelled, a bug). */
export function talosFailure(error: unknown): TalosFailure | undefined {
  if (!(error instanceof WildError)) return undefined
  if (error.code === 'TIMEOUT') return 'offline'
  if (error.code !== 'TOOL_FAILED') return undefined
  const said = saidBy(error)
  return rules.find(([pattern]) => pattern.test(said))?.[1]
}

/** True for a call that is refused until the machine's clock is in sync. */
export function saysNoTime(error: unknown): boolean {
  return error instanceof WildError && /time is not in sync/.test(saidBy(error))
}
