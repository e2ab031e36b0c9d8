/** The object store of one simulated cluster: what etcd is to a real one. Implemented in lab/src/kube/object-store.ts. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    generation?: number
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[]
    finalizers?: string[]
    [key: string]: unknown
  }
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind, custom ones included
  [field: string]: any
}
export type ObjectEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
export interface ObjectFilter {
  namespace?: string
  /** Equality label selector. */
  labels?: Record<string, string>
}
export interface ObjectStore {
  /** `kind` is the Kind ("Deployment"); kinds are unique in the lab's clusters. Copies are returned. */
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined
  list(kind: string, filter?: ObjectFilter): KubeObject[]
  /** Creates; sets uid, resourceVersion, creationTimestamp, generation 1. Throws when it exists. */
  create(object: KubeObject): KubeObject
  /** Replaces spec and the rest; bumps resourceVersion, and generation when anything but metadata/status changed. No-op (same resourceVersion) when equal. */
  update(object: KubeObject): KubeObject
  /** Changes only `.status`; bumps resourceVersion, not generation. No-op when equal. Ignores objects that are gone. */
  updateStatus(object: KubeObject, status: Record<string, unknown>): void
  /** Deletes, with dependents by ownerReferences (background cascade). Namespaces take their content along. */
  delete(kind: string, namespace: string | undefined, name: string): void
  /** Called after each committed change. Returns a cancel function. */
  onEvent(listener: (event: ObjectEvent) => void): () => void
}
