import { CliError, exitCodes } from '../errors.ts'
import { isUnreachable, type RestClient } from './client.ts'
import { route } from './route.ts'
import type { Operation, OperationError, Step } from './types.ts'

export interface LogLine {
  timestamp?: string
  message: string
  stream?: string
  seq?: number
  step?: string | null
}

export interface ProgressNews {
  progress?: number
  message?: string | null
  status?: string
  steps?: Step[]
}

export type OperationEvent =
  | { event: 'log'; data: LogLine }
  | { event: 'progress'; data: ProgressNews }
  | { event: 'complete'; data: { status: string; error?: OperationError | null } }

export interface ReadOptions {
  signal: AbortSignal
  /** Called once each time the daemon stops answering. */
  onLost?: () => void
  /** How long to try for a new connection before giving up. */
  retryForMs?: number
}

// The daemon sends a heartbeat far more often; a longer silence means that the connection is dead.
const SILENCE_MS = 60_000
const RETRY_FOR_MS = 60_000
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000

/**
 * The events of an operation from its first line to `complete`. Joins again after the last event seen when the
 * connection breaks; throws a CliError when the operation does not exist or the daemon stays away.
 */
export async function* operationEvents(
  api: RestClient,
  id: string,
  { signal, onLost, retryForMs = RETRY_FOR_MS }: ReadOptions,
): AsyncGenerator<OperationEvent> {
  let lastEventId = ''
  let joined = false
  let lostAt = 0
  let told = false
  let pause = FIRST_PAUSE_MS
  for (;;) {
    try {
      for await (const message of readStream(api, id, lastEventId, signal)) {
        joined = true
        told = false
        lostAt = 0
        if (message === 'alive') continue
        pause = FIRST_PAUSE_MS
        lastEventId = message.id ?? lastEventId
        const event = parseEvent(message)
        if (event) yield event
        if (event?.event === 'complete') return
      }
      const ended = await endOf(api, id)
      if (ended) return yield ended
    } catch (error) {
      if (signal.aborted) throw error
      if (error instanceof CliError && (!joined || !isUnreachable(error))) throw error
      // A feed that breaks and comes back at once is not worth a word; a daemon that does not answer is.
      if (isUnreachable(error) && !told) onLost?.()
      told ||= isUnreachable(error)
    }
    lostAt ||= Date.now()
    if (Date.now() - lostAt > retryForMs) throw lostForGood(api, id)
    await sleep(pause, signal)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
}

type RawMessage = { id?: string; event?: string; data: string }

/** Yields `alive` for whatever arrives that is not an event yet, so that the caller knows the connection works. */
async function* readStream(
  api: RestClient,
  id: string,
  lastEventId: string,
  signal: AbortSignal,
): AsyncGenerator<RawMessage | 'alive'> {
  const { createParser } = await import('eventsource-parser')
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const headers: Record<string, string> = lastEventId ? { 'last-event-id': lastEventId } : {}
    const path = route`/operations/${id}/logs`
    const body = await api.stream(path, headers, AbortSignal.any([signal, silence.signal]))
    yield 'alive'
    let messages: RawMessage[] = []
    const parser = createParser({ onEvent: (message) => messages.push(message) })
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      timer.refresh()
      parser.feed(decoder.decode(chunk, { stream: true }))
      const arrived = messages
      messages = []
      yield* arrived.length > 0 ? arrived : ['alive' as const]
    }
  } finally {
    clearTimeout(timer)
  }
}

function parseEvent({ event, data }: RawMessage): OperationEvent | undefined {
  if (event !== 'log' && event !== 'progress' && event !== 'complete') return undefined
  try {
    return { event, data: JSON.parse(data) }
  } catch {
    return undefined
  }
}

/** A feed that closed without `complete` is no reason to wait for an operation that is over. */
async function endOf(api: RestClient, id: string): Promise<OperationEvent | undefined> {
  const { status, error } = await api.get<Operation>(route`/operations/${id}`)
  if (status === 'pending' || status === 'running') return undefined
  return { event: 'complete', data: { status, error } }
}

function lostForGood(api: RestClient, id: string): CliError {
  return new CliError(exitCodes.unreachable, `Lost the connection to the daemon at ${api.url}.`, {
    code: 'DAEMON_UNREACHABLE',
    next: [`When it is back, see how the operation went: wild-cli operation logs ${id}`],
  })
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { setTimeout: wait } = await import('node:timers/promises')
  await wait(ms, undefined, { signal })
}
