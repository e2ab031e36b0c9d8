import { X509Certificate } from 'node:crypto'
import { request } from 'node:http'
import { fromBase64, readPrivateKey } from '../pki/pem.ts'
import { type Context, ToolError } from './command.ts'
import { contextOf, readTalosconfig, type TalosContext, talosconfigPath } from './talosconfig.ts'

/** A node that the command line or the talosconfig names; calls throw ToolError with the real client's text. */
export interface Node {
  /** As given with `-n`; empty with --insecure. */
  name: string
  call(command: string, params?: Record<string, unknown>): Promise<unknown>
}

interface Identity {
  endpoints: string[]
  insecure: boolean
  ca?: string
  crt?: string
}

const NO_NODES =
  'nodes are not set for the command: please use `--nodes` flag or configuration file to set the nodes to run the command against'
const LAB_MISSING =
  'this talosctl is the stand-in of the lab and talks to simulated machines only: WILD_LAB_SOCKET is not set'

/** The nodes a command is for, in the order given. Throws ToolError when none are named or nobody can be dialled. */
export function nodesOf(context: Context, options: { insecure?: boolean } = {}): Node[] {
  if (options.insecure) {
    const endpoints = context.all('nodes')
    if (endpoints.length === 0) throw new ToolError('failed to determine endpoints')
    return endpoints.map((endpoint) => nodeFor(context, '', { endpoints: [endpoint], insecure: true }))
  }
  const config = readTalosconfig(talosconfigPath(context))
  if (Object.keys(config.contexts).length === 0)
    throw new ToolError(
      'error constructing client: failed to resolve configuration context: talos config file is empty',
    )
  const talos = contextOf(config, context.flag('context'))
  const nodes = context.all('nodes').length > 0 ? context.all('nodes') : (talos.nodes ?? [])
  if (nodes.length === 0) throw new ToolError(NO_NODES)
  const endpoints = context.all('endpoints').length > 0 ? context.all('endpoints') : (talos.endpoints ?? [])
  if (endpoints.length === 0) throw new ToolError('error constructing client: failed to determine endpoints')
  const identity = { endpoints, insecure: false, ...credentialsOf(talos) }
  return nodes.map((node) => nodeFor(context, node, identity))
}

/** The only node of a command that takes one. Throws ToolError for several. */
export function onlyNode(context: Context, command: string): Node {
  const nodes = nodesOf(context)
  if (nodes.length > 1) throw new ToolError(`command "${command}" is not supported with multiple nodes`)
  return nodes[0]!
}

function credentialsOf(talos: TalosContext): { ca: string; crt: string } {
  const [ca, crt, key] = [talos.ca, talos.crt, talos.key].map((text) => fromBase64(text ?? '')) as [
    string,
    string,
    string,
  ]
  try {
    if (!new X509Certificate(crt).checkPrivateKey(readPrivateKey(key)))
      throw new Error('tls: private key does not match public key')
  } catch (error) {
    throw new ToolError(`error constructing client: failed to load client certificate: ${(error as Error).message}`)
  }
  return { ca, crt }
}

function nodeFor(context: Context, name: string, identity: Identity): Node {
  return {
    name,
    call: async (command, params = {}) => {
      const socketPath = context.env.WILD_LAB_SOCKET
      if (!socketPath) throw new ToolError(LAB_MISSING)
      const answer = await send(socketPath, { command, params, node: name || undefined, ...identity })
      if ('error' in answer) throw new ToolError(answer.error)
      return answer.result
    },
  }
}

type Answer = { result: unknown } | { error: string }

/** One call over the lab's socket. A lab that is not there looks like machines that do not answer. */
function send(socketPath: string, call: { endpoints: string[] } & Record<string, unknown>): Promise<Answer> {
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
        response.on('end', () => resolve(JSON.parse(text) as Answer))
        response.on('error', () => resolve({ error: refused }))
      },
    )
    outgoing.on('error', () => resolve({ error: refused }))
    outgoing.end(JSON.stringify(call))
  })
}
