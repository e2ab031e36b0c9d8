import type { Clock } from '../platform/clock.ts'
import { WildError } from '../platform/errors.ts'
import { NotYet, type WaitOptions } from './define.ts'

/**
 * Looks until `look` answers: at most `attempts` times, `intervalMs` apart, with a nudge (and a pause) after the attempts
 * in `nudgeAt` — the plan's ProgressiveWaiter. Errors other than NotYet end the wait at once. Throws TIMEOUT with the
 * last reason.
 */
export async function waitFor<T>(
  options: WaitOptions<T>,
  world: { clock: Clock; signal: AbortSignal; say(message: string): void },
): Promise<T> {
  const attempts = options.attempts ?? 60
  const interval = options.intervalMs ?? 2_000
  let reason = ''
  for (let attempt = 1; ; attempt++) {
    world.signal.throwIfAborted()
    try {
      return await options.look()
    } catch (error) {
      if (!(error instanceof NotYet)) throw error
      if (error.message !== reason) world.say(`Waiting for ${options.what}: ${error.message}`)
      reason = error.message
    }
    if (attempt >= attempts) throw timedOut(options.what, reason, attempts)
    if (options.nudge && options.nudgeAt?.includes(attempt)) {
      await options.nudge(attempt)
      await world.clock.sleep(options.nudgePauseMs ?? 0, world.signal)
    }
    await world.clock.sleep(interval, world.signal)
  }
}

function timedOut(what: string, reason: string, attempts: number): WildError {
  return new WildError('TIMEOUT', `Gave up waiting for ${what}${reason ? `: ${reason}` : ''}.`, {
    attempts,
    hint: 'Look at the reason above, then run it again: what is done is skipped.',
  })
}

/** Words of failures that pass by themselves; refusals never match. */
const transient =
  /connection refused|connection reset|i\/o timeout|no route to host|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|socket hang up|TLS handshake timeout|code = Unavailable/i

/** True for network trouble worth another try. */
export function isTransient(error: unknown): boolean {
  const { message, details } = error as WildError
  return transient.test(
    `${message} ${String(details?.output ?? '')} ${String((error as { cause?: unknown }).cause ?? '')}`,
  )
}

/** Runs `work` up to `tries` times, 2^i seconds apart, repeating only transient network failures. */
export async function retry<T>(
  tries: number,
  clock: Clock,
  signal: AbortSignal,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt >= tries || signal.aborted || !isTransient(error)) throw error
      await clock.sleep(2 ** (attempt - 1) * 1_000, signal)
    }
  }
}
