import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { ClusterView } from '../cluster-view.ts'
import { createObjectStore } from '../object-store.ts'
import type { ObjectStore } from '../objects.ts'
import { createAppliedStore } from './applied.ts'
import { bootstrapObjects } from './bootstrap.ts'
import type { ApiContext } from './context.ts'
import { createEventLog } from './event-log.ts'
import { startLifecycle } from './lifecycle.ts'
import { createRegistry } from './registry.ts'
import { startApiServer } from './server.ts'

export { type PodSecurityLevel, podSecurityLevel, podSecurityViolations } from './pod-security.ts'

export interface ClusterApiOptions {
  cluster: () => ClusterView
  store: LabStore
  clock: LabClock
  host: string
  port: number
  /** The serving certificate and its key, PEM. */
  tls: { crt: string; key: string }
  unavailable?: () => boolean
}

export interface ClusterApi {
  objects: ObjectStore
  port: number
  close(): Promise<void>
}

/** The API server of one cluster with its objects; what every cluster has from the start is made on the first call. */
export async function startClusterApi({ cluster, store, clock, ...listening }: ClusterApiOptions): Promise<ClusterApi> {
  const { id } = cluster()
  const objects = createObjectStore(store, id)
  const applied = createAppliedStore(store, objects, id)
  const events = createEventLog(objects)
  const context: ApiContext = { cluster, objects, clock, registry: createRegistry(objects), events, applied }
  bootstrapObjects(context)
  const server = await startApiServer({ context, ...listening })
  const stopLifecycle = startLifecycle(context)
  return {
    objects,
    port: server.port,
    close: async () => {
      stopLifecycle()
      events.close()
      applied.close()
      await server.close()
    },
  }
}
