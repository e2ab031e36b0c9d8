import type { Client } from './client.ts'
import type { Parsed } from './flags.ts'
import { duration } from './flags.ts'
import type { Connection } from './kubeconfig.ts'
import type { Mapper } from './mapper.ts'

/** What a command writes to. */
export interface Output {
  out(text: string): void
  err(text: string): void
}

/** A command's way to the cluster; nothing is read or asked before it is needed. */
export interface Session extends Output {
  flags: Parsed
  client(): Promise<Client>
  /** How to reach the cluster, for what is no plain request. */
  connection(): Promise<Connection>
  mapper(): Promise<Mapper>
  /** `-n`, else the kubeconfig's, else `default`. */
  namespace(): Promise<string>
  close(): void
}

/** Makes the session of one command. */
export function createSession(flags: Parsed, output: Output): Session {
  let connecting: Promise<{ client: Client; namespace: string; connection: Connection }> | undefined
  let mapping: Promise<Mapper> | undefined
  let opened: Client | undefined
  const connect = async () => {
    const [{ createClient }, { readConnection }] = await Promise.all([import('./client.ts'), import('./kubeconfig.ts')])
    const chosen = { context: flags.text('context'), cluster: flags.text('cluster'), user: flags.text('user') }
    const timeout = duration(flags.text('request-timeout') ?? '0', 'request-timeout', true)
    const connection = await readConnection(flags.text('kubeconfig'), chosen)
    opened = createClient(connection, timeout, (text) => output.err(`Warning: ${text}\n`))
    return { client: opened, namespace: connection.namespace, connection }
  }
  const connected = () => {
    connecting ??= connect()
    return connecting
  }
  const client = async () => (await connected()).client
  return {
    ...output,
    flags,
    client,
    connection: async () => (await connected()).connection,
    mapper: () => {
      mapping ??= (async () => (await import('./mapper.ts')).discover(await client()))()
      return mapping
    },
    namespace: async () => flags.text('namespace') ?? (await connected()).namespace,
    close: () => opened?.close(),
  }
}
