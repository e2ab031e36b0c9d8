import { parse as parseYamlText, stringify } from 'yaml'
import { z } from 'zod'
import { invalid } from '../../../platform/errors.ts'

const filled = z.string().min(1)
/** Only what the file itself carries: no program to run, no path to another file. */
const kubeUser = z.union([
  z.strictObject({ 'client-certificate-data': filled, 'client-key-data': filled }),
  z.strictObject({ token: filled }),
])
const kubeCluster = z.looseObject({ server: z.url(), 'certificate-authority-data': filled })
const named = z.looseObject({ name: filled })
const kubeconfig = z.looseObject({
  'current-context': filled,
  contexts: z.array(named.extend({ context: z.looseObject({ cluster: filled, user: filled }) })),
  clusters: z.array(named.extend({ cluster: z.unknown() })),
  users: z.array(named.extend({ user: z.unknown() })),
})
const talosContext = z.looseObject({ ca: filled, crt: filled, key: filled })
const talosconfig = z.looseObject({ context: filled, contexts: z.record(z.string(), z.unknown()) })

/** Access to one cluster: the file with its current context alone, and who vouches for it (PEM in base64). */
export interface OwnAccess {
  text: string
  authority: string
}

function read<T>(text: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.parse(parseYamlText(text))
  } catch {
    return undefined
  }
}

const refuse = (field: string, why: string) => invalid(field, `${field}: ${why}`)

/**
 * The current context of a kubeconfig, without what a person has of other clusters beside it. Throws INVALID_INPUT
 * (field `kubeconfig`) when it is none, or needs a program or another file to get in.
 */
export function ownKubeconfig(text: string): OwnAccess {
  const found = read(text, kubeconfig)
  if (!found) throw refuse('kubeconfig', 'this is not a kubeconfig with a current context.')
  const current = found['current-context']
  const context = found.contexts.find(({ name }) => name === current)
  if (!context) throw refuse('kubeconfig', `its current context "${current}" is not in it.`)
  const cluster = found.clusters.find(({ name }) => name === context.context.cluster)
  const user = found.users.find(({ name }) => name === context.context.user)
  const place = kubeCluster.safeParse(cluster?.cluster)
  if (!cluster || !place.success)
    throw refuse('kubeconfig', `context "${current}" names no cluster with its address and its authority as data.`)
  if (!user || !kubeUser.safeParse(user.user).success)
    throw refuse(
      'kubeconfig',
      `the user of context "${current}" has no certificate and key, and no token, in the file itself. Programs and other files are not used; talosctl kubeconfig makes one that holds all it needs.`,
    )
  const { contexts: _contexts, clusters: _clusters, users: _users, ...rest } = found
  const own = { ...rest, clusters: [cluster], contexts: [context], users: [user] }
  return { text: stringify(own, { lineWidth: 0 }), authority: place.data['certificate-authority-data'] }
}

/** The current context of a talosconfig, without others. Throws INVALID_INPUT (field `talosconfig`). */
export function ownTalosconfig(text: string): OwnAccess {
  const found = read(text, talosconfig)
  if (!found) throw refuse('talosconfig', 'this is not a talosconfig with a current context.')
  const own = talosContext.safeParse(found.contexts[found.context])
  if (!own.success) throw refuse('talosconfig', `its current context "${found.context}" lacks ca, crt or key.`)
  const only = { ...found, contexts: { [found.context]: own.data } }
  return { text: stringify(only, { lineWidth: 0 }), authority: own.data.ca }
}
