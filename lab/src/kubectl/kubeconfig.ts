import { existsSync, readFileSync } from 'node:fs'
import { CommandError, ConnectionError } from './errors.ts'
import { parseDocuments } from './yaml/parse.ts'

/** How to reach a cluster and as whom. */
export interface Connection {
  server: URL
  ca: string | undefined
  cert: string | undefined
  key: string | undefined
  namespace: string
}

interface Named<T> {
  name: string
  value: T
}
// biome-ignore lint/suspicious/noExplicitAny: a kubeconfig comes as YAML of any shape
type Json = any

function pick(list: Json[] | undefined, kind: string, name: string | undefined): Named<Json> | undefined {
  const found = (list ?? []).find((one) => one?.name === name)
  return found === undefined ? undefined : { name: found.name, value: found[kind] ?? {} }
}

function material(value: Json, data: string, file: string): string | undefined {
  if (value?.[data]) return Buffer.from(value[data], 'base64').toString('utf8')
  if (!value?.[file]) return undefined
  if (!existsSync(value[file]))
    throw new CommandError(`unable to read ${file} ${value[file]}: open ${value[file]}: no such file or directory`)
  return readFileSync(value[file], 'utf8')
}

const misconfigured = (problem: string): CommandError => new CommandError(`Error in configuration: ${problem}`)

/**
 * Reads a kubeconfig. Throws CommandError in kubectl's words: the file is missing or no YAML, or names things it lacks.
 * @param path the `--kubeconfig` file; without one nothing is configured and kubectl would try localhost:8080
 */
export async function readConnection(
  path: string | undefined,
  chosen: { context?: string; cluster?: string; user?: string },
): Promise<Connection> {
  const file = path ?? process.env.KUBECONFIG
  if (file === undefined || file === '')
    throw new ConnectionError(
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    )
  if (!existsSync(file)) throw new CommandError(`stat ${file}: no such file or directory`)
  let config: Json
  try {
    ;[config] = await parseDocuments(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CommandError(`error loading config file "${file}": ${(error as Error).message}`)
  }
  const contextName = chosen.context ?? config?.['current-context']
  const context = pick(config?.contexts, 'context', contextName)
  if (context === undefined && chosen.context !== undefined)
    throw misconfigured(`context was not found for specified context: ${chosen.context}`)
  const cluster = pick(config?.clusters, 'cluster', chosen.cluster ?? context?.value.cluster)
  if (cluster === undefined && context !== undefined)
    throw misconfigured(`cluster was not found for specified context: ${contextName}`)
  if (!cluster?.value.server)
    throw new ConnectionError(
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    )
  const user = pick(config?.users, 'user', chosen.user ?? context?.value.user)?.value
  const server = new URL(cluster.value.server)
  if (server.protocol !== 'https:')
    throw new CommandError(`the lab's kubectl speaks HTTPS only, not ${server.protocol}//`)
  return {
    server,
    ca: material(cluster.value, 'certificate-authority-data', 'certificate-authority'),
    cert: material(user, 'client-certificate-data', 'client-certificate'),
    key: material(user, 'client-key-data', 'client-key'),
    namespace: context?.value.namespace || 'default',
  }
}
