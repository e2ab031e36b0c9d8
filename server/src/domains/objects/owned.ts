import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { hashAnnotation } from './model.ts'

/** Kinds that a namespace is searched for. Volumes are never among them: they are data. */
const searched =
  'deployments.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch,services,ingresses.networking.k8s.io,configmaps,secrets'

const isSecretOfOurs = ({ kind, metadata }: KubeObject) =>
  kind === 'Secret' && metadata.labels?.managedBy === 'wild-central'

/**
 * What we put into a namespace of its own: objects that carry our hash, and Secrets of our making. Those that are no longer
 * part of what is rendered are among them.
 */
export async function ownedIn(kubectl: Kubectl, namespace: string): Promise<KubeObject[]> {
  const objects = await kubectl.get(searched, { namespace })
  return objects.filter((object) => object.metadata.annotations?.[hashAnnotation] || isSecretOfOurs(object))
}

/** The volumes somebody asked for in a namespace. */
export function claimsIn(kubectl: Kubectl, namespace: string): Promise<KubeObject[]> {
  return kubectl.get('persistentvolumeclaims', { namespace })
}

/** "ghost-content (10Gi)" */
export function claimText({ metadata, status, spec }: KubeObject): string {
  const size = status?.capacity?.storage ?? spec?.resources?.requests?.storage
  return `${metadata.name}${size ? ` (${String(size)})` : ''}`
}
