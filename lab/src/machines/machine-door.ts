import type { TLSSocket } from 'node:tls'
import type { ConnectionInjector } from '@grpc/grpc-js'
import type { Lan } from './lan.ts'
import type { Perform } from './perform.ts'

/** How long calls in hand may take when a machine goes away, real milliseconds: time for the answer to the order itself. */
const GRACE = 500

/** Where a listener hands its connections to. */
export interface Door {
  accept(socket: TLSSocket): void
  /** Takes no more calls; resolves when those in hand are answered or cut off. */
  drain(): Promise<void>
}

/** The machine API of one machine behind one listener. gRPC is loaded with the first connection that speaks it. */
export function doorTo(lan: Lan, perform: Perform, number: number): Door {
  let served: Promise<ConnectionInjector> | undefined
  const sockets = new Set<TLSSocket>()
  return {
    accept: (socket) => {
      if (socket.alpnProtocol !== 'h2') return void socket.end()
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      served ??= import('../talos-api/door.ts').then(({ serveMachine }) => serveMachine(lan, perform, number))
      served.then(
        (injector) => injector.injectConnection(socket),
        () => socket.destroy(),
      )
    },
    drain: async () => {
      const injector = await served?.catch(() => undefined)
      if (!injector) return
      const gone = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      injector.drain(GRACE)
      await Promise.race([Promise.all(gone), new Promise((resolve) => setTimeout(resolve, GRACE).unref())])
      injector.destroy()
    },
  }
}
