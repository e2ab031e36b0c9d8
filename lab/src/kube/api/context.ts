import type { LabClock } from '../../lab-clock.ts'
import type { ClusterView } from '../cluster-view.ts'
import type { ExecOptions } from '../exec/run.ts'
import type { createObjectStore } from '../object-store.ts'
import type { Resource } from '../resources.ts'
import type { AppliedStore } from './applied.ts'
import type { EventLog } from './event-log.ts'
import type { Registry } from './registry.ts'

/** What every part of one cluster's API server works with. */
export interface ApiContext {
  cluster: () => ClusterView
  objects: ReturnType<typeof createObjectStore>
  clock: LabClock
  registry: Registry
  events: EventLog
  applied: AppliedStore
  /** What commands in containers are run with. */
  exec: ExecOptions
  /** True while an object, as `Kind/name`, is ordered to be refused. */
  refuses?: ((what: string) => boolean) | undefined
}

/** Who asks, as the client certificate or the token says. */
export interface Caller {
  name: string
  groups: string[]
}

/** A request for a resource, its path taken apart. */
export interface ApiRequest {
  resource: Resource
  /** Undefined for cluster-scoped resources and for lists over all namespaces. */
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
  query: URLSearchParams
  contentType: string
  /** The body as it came; empty for GET. */
  body: string
  /** Collected for the answer's Warning headers. */
  warnings: string[]
}

export interface ApiAnswer {
  code: number
  body: unknown
}
