import { request } from 'node:http'
import type { NodeAnswer, NodeCall, Transport } from './transport.ts'

const LAB_MISSING =
  'this talosctl is the stand-in of the lab and talks to simulated machines only: WILD_LAB_SOCKET is not set'

/** The lab's Unix socket. The private key stays here: the lab looks at certificates alone. */
export const overSocket: Transport = async (env, { key: _key, ...call }) => {
  const socketPath = env.WILD_LAB_SOCKET
  return socketPath ? send(socketPath, call) : { error: LAB_MISSING }
}

/** One call over the lab's socket. A lab that is not there looks like machines that do not answer. */
function send(socketPath: string, call: Omit<NodeCall, 'key'>): Promise<NodeAnswer> {
  const refused = `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp ${call.endpoints.at(-1)}:50000: connect: connection refused"`
  return new Promise((resolve) => {
    const outgoing = request(
      { socketPath, path: '/call', method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve(JSON.parse(text) as NodeAnswer))
        response.on('error', () => resolve({ error: refused }))
      },
    )
    outgoing.on('error', () => resolve({ error: refused }))
    outgoing.end(JSON.stringify(call))
  })
}
