import type { KubeObject } from '../../../tools/kubectl.ts'
import type { EtcdMember } from '../../../tools/talosctl-resources.ts'
import type { ClusterFacts } from '../facts.ts'
import type { CertificateFact } from '../model.ts'

/** Where somebody outside reaches the apps, and whether anything answers there. */
export interface IngressFact {
  ip: string
  ports: number[]
  answers: boolean
}

/** What one look at everything found. What could not be read is undefined; what is not installed is empty. */
export interface HealthFacts extends ClusterFacts {
  /** Milliseconds since the epoch. */
  now: number
  /** Why what answers at the API's address is not this cluster. */
  stranger?: string
  /** Members of etcd, as one of them knows them. */
  members?: EtcdMember[]
  /** What a control plane whose etcd is not well says it waits for, by node. */
  waitsFor: Record<string, string>
  /** Nodes, pods, services, claims, storage classes and node leases. */
  objects?: KubeObject[]
  /** cert-manager's Certificates. */
  issued?: KubeObject[]
  /** Longhorn's Volumes. */
  volumes?: KubeObject[]
  /** `cluster.loadBalancerIp` of the configuration. */
  loadBalancerIp?: string
  ingress?: IngressFact
  /** Of files and, once the cluster answers, of cert-manager. */
  certificates: CertificateFact[]
  /** Version of the talosctl here: v1.11.5. */
  talosctl?: string
}

/** The objects of a kind; undefined when the cluster could not be asked. */
export function ofKind(facts: Pick<HealthFacts, 'objects'>, kind: string): KubeObject[] | undefined {
  return facts.objects?.filter((object) => object.kind === kind)
}

/** `namespace/name`, or the name of what has no namespace. */
export function fullName({ metadata: { namespace, name } }: KubeObject): string {
  return namespace ? `${namespace}/${name}` : name
}

/** The first few, and how many more: "a, b, c and 4 more". */
export function some(names: string[], most = 4): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** Milliseconds since an object came to be; infinite when it does not tell. */
export function ageOf({ metadata }: KubeObject, now: number): number {
  const created = Date.parse(String(metadata.creationTimestamp ?? ''))
  return Number.isNaN(created) ? Number.POSITIVE_INFINITY : now - created
}
