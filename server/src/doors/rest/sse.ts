/** How often a silent stream shows that it lives. The command line takes four times as long a silence for a dead connection. */
export const usualHeartbeatMs = 15_000

/** One server-sent event. */
export function event(name: string, data: unknown, id?: number): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** Answers events as they come, only as fast as they are read, so a slow reader costs no memory. `left` when it goes away. */
export function eventStream(events: AsyncGenerator<string>, left: () => void): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await events.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      left()
      await events.return(undefined)
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  })
}

/** Resolves when it is time to show that the connection lives; cancel it when something else happened first. */
export function heartbeat(everyMs = usualHeartbeatMs): { promise: Promise<{ kind: 'heartbeat' }>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<{ kind: 'heartbeat' }>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'heartbeat' }), everyMs)
  })
  return { promise, cancel: () => clearTimeout(timer) }
}

/** What a heartbeat looks like on the wire: a comment, which readers skip. */
export const stillHere = ': still here\n\n'
