import { connect } from 'node:net'

/** The port of the Talos machine API. */
export const talosPort = 50_000

/** True when a TCP connection to the address opens within `timeoutMs`; never throws. Abort counts as "no". */
export function tcpOpen(ip: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port })
    const finish = (open: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(open)
    }
    const onAbort = () => finish(false)
    const timer = setTimeout(() => finish(false), timeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}

/** Runs `work` over all items, at most `limit` at a time, until all are done or `stop` says so. Failures end it. */
export async function eachOf<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
  stop = () => false,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  async function worker(): Promise<void> {
    for (;;) {
      if (stop()) return
      const next = iterator.next()
      if (next.done) return
      await work(next.value)
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
