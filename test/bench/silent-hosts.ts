import { createServer } from 'node:net'

/**
 * A process of its own: listens on a port of many addresses and never takes a connection. Once the queue of a listener is
 * full, connecting to it hangs, as to a host whose firewall drops everything. Arguments: port, then addresses.
 */
const [port, ...addresses] = process.argv.slice(2)
await Promise.all(
  addresses.map(
    (host) =>
      new Promise<void>((resolve, reject) => {
        createServer()
          .once('error', reject)
          .listen({ host, port: Number(port), backlog: 1 }, resolve)
      }),
  ),
)
await new Promise((resolve) => process.send!('ready', undefined, undefined, resolve))
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
