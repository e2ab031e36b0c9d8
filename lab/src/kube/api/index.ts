import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { ClusterView } from '../cluster-view.ts'
import { keepDatabases } from '../exec/databases.ts'
import { createVolumePlaces } from '../exec/places.ts'
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
  /** True while an object, as `Kind/name`, is ordered to be refused. */
  refuses?: (what: string) => boolean
  /** Where volumes of the cluster are kept. */
  volumes: string
  /** Stand-ins for programs inside of images. */
  containerBin: string
}

export interface ClusterApi {
  objects: ObjectStore
  port: number
  close(): Promise<void>
}

/** The API server of one cluster with its objects; what every cluster has from the start is made on the first call. */
export async function startClusterApi(options: ClusterApiOptions): Promise<ClusterApi> {
  const { cluster, store, clock, volumes, containerBin, refuses, ...listening } = options
  const { id } = cluster()
  const objects = createObjectStore(store, id)
  const applied = createAppliedStore(store, objects, id)
  const events = createEventLog(objects)
  const places = createVolumePlaces(objects, volumes)
  const stopDatabases = keepDatabases(objects, places)
  const exec = { objects, places, containerBin }
  const registry = createRegistry(objects)
  const context: ApiContext = { cluster, objects, clock, registry, events, applied, exec, refuses }
  bootstrapObjects(context)
  const server = await startApiServer({ context, ...listening })
  const stopLifecycle = startLifecycle(context)
  return {
    objects,
    port: server.port,
    close: async () => {
      stopLifecycle()
      stopDatabases()
      places.close()
      events.close()
      applied.close()
      await server.close()
    },
  }
}
