import { X509Certificate } from 'node:crypto'
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
  key?: string
}

const NO_NODES =
  'nodes are not set for the command: please use `--nodes` flag or configuration file to set the nodes to run the command against'

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

function credentialsOf(talos: TalosContext): { ca: string; crt: string; key: string } {
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
  return { ca, crt, key }
}

function nodeFor(context: Context, name: string, identity: Identity): Node {
  return {
    name,
    call: async (command, params = {}) => {
      const answer = await context.transport(context.env, { command, params, node: name || undefined, ...identity })
      if ('error' in answer) throw new ToolError(answer.error)
      return answer.result
    },
  }
}
