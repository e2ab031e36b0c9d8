import { parse as parseYamlText, stringify } from 'yaml'
import { z } from 'zod'
import { endOf } from '../health/certificates.ts'

/** What can be renewed. */
export const accessKinds = ['kubeconfig', 'talosconfig'] as const
export type AccessKind = (typeof accessKinds)[number]

/** A certificate with less time left than this is made anew, ms (30 days). */
export const renewBeforeMs = 30 * 24 * 60 * 60_000

export const contextName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.@_-]{0,99}$/, 'The name of a context holds letters, digits, ".", "@", "_" and "-".')

/** Access to Kubernetes, as a kubeconfig has it. */
export interface KubeAccess {
  context: string
  server: string
  /** ISO 8601. */
  expiresAt?: string
}

/** Access to the machines, as a talosconfig has it. */
export interface TalosAccess {
  context: string
  endpoints: string[]
  nodes: string[]
  expiresAt?: string
}

export interface ClusterAccess {
  kubeconfig?: KubeAccess
  talosconfig?: TalosAccess
}

const kube = z.object({
  'current-context': z.string(),
  clusters: z.array(z.object({ cluster: z.object({ server: z.string() }) })).min(1),
  users: z.array(z.object({ user: z.object({ 'client-certificate-data': z.string().optional() }) })).min(1),
})
const talos = z.object({
  context: z.string(),
  contexts: z.record(
    z.string(),
    z.object({
      endpoints: z.array(z.string()).nullish(),
      nodes: z.array(z.string()).nullish(),
      crt: z.string().optional(),
    }),
  ),
})

function read<T>(text: string | undefined, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.parse(parseYamlText(text ?? ''))
  } catch {
    return undefined
  }
}

/** What a kubeconfig gives access to; undefined when it is none. */
export function kubeAccess(text: string | undefined): KubeAccess | undefined {
  const found = read(text, kube)
  if (!found) return undefined
  const expiresAt = endOf(found.users[0]!.user['client-certificate-data'])
  return { context: found['current-context'], server: found.clusters[0]!.cluster.server, expiresAt }
}

/** What a talosconfig gives access to; undefined when it is none. */
export function talosAccess(text: string | undefined): TalosAccess | undefined {
  const found = read(text, talos)
  const own = found?.contexts[found.context]
  if (!found || !own) return undefined
  return { context: found.context, endpoints: own.endpoints ?? [], nodes: own.nodes ?? [], expiresAt: endOf(own.crt) }
}

interface NamedContexts {
  'current-context'?: string
  context?: string
  contexts: { name: string }[] | Record<string, unknown>
}

/** The same file with its context called otherwise, so that several fit into one file. Text that makes no sense is returned as it is. */
export function withContext(text: string, name: string): string {
  const config = parseYamlText(text) as NamedContexts
  if (Array.isArray(config?.contexts)) {
    for (const context of config.contexts) if (context.name === config['current-context']) context.name = name
    config['current-context'] = name
  } else if (config?.contexts && config.context !== undefined) {
    const { [config.context]: own, ...others } = config.contexts
    config.contexts = { ...others, [name]: own }
    config.context = name
  } else return text
  return stringify(config, { lineWidth: 0 })
}
