import { CliError, type ErrorDetails, exitCodes } from '../errors.ts'
import type { RestClient } from './client.ts'

/** The values of a feed as they come, until it ends or `signal` aborts. Throws a CliError when the connection breaks. */
export async function* feedItems<T>(api: RestClient, path: string, signal: AbortSignal): AsyncGenerator<T> {
  const { createParser } = await import('eventsource-parser')
  const body = await api.stream(path, {}, signal)
  let arrived: { event?: string; data: string }[] = []
  const parser = createParser({ onEvent: (message) => arrived.push(message) })
  const decoder = new TextDecoder()
  for await (const chunk of unbroken(body, api, signal)) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    const messages = arrived
    arrived = []
    for (const { event, data } of messages) {
      if (event === 'complete') return
      if (event === 'failed') throw failed(JSON.parse(data))
      if (event === 'item') yield JSON.parse(data) as T
    }
  }
}

async function* unbroken(
  body: ReadableStream<Uint8Array>,
  api: RestClient,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch {
    if (signal.aborted) return
    throw new CliError(exitCodes.unreachable, `Lost the connection to the daemon at ${api.url}.`, {
      code: 'DAEMON_UNREACHABLE',
      next: ['Run the command again when it is back.'],
    })
  }
}

function failed({ code, message, details }: { code: string; message: string; details?: ErrorDetails }): CliError {
  return new CliError(code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.failed, message, { code, details })
}
