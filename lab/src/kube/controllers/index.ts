import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { ClusterView } from '../cluster-view.ts'
import { createIngress } from '../ingress/index.ts'
import type { ObjectEvent, ObjectStore } from '../objects.ts'
import { attachments } from './attachments.ts'
import { certManager } from './cert-manager.ts'
import { claims, volumes } from './claims.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { daemonSets } from './daemon-sets.ts'
import { deployments } from './deployments.ts'
import { endpoints } from './endpoints.ts'
import { createEventRecorder } from './events.ts'
import { expiry } from './expiry.ts'
import { hardwareFeatures } from './hardware-features.ts'
import { jobs } from './jobs.ts'
import { kubelet } from './kubelet.ts'
import { loadBalancers } from './load-balancers.ts'
import { longhorn } from './longhorn.ts'
import { createMoments } from './moments.ts'
import { definitions, namespaces } from './namespaces.ts'
import { evictions, nodes } from './nodes.ts'
import { cacheObjects } from './object-cache.ts'
import { replicaSets } from './replica-sets.ts'
import { scheduler } from './scheduler.ts'
import { statefulSets } from './stateful-sets.ts'
import { system } from './system.ts'
import { createWorkQueue } from './work-queue.ts'

export { podLog } from './pod-log.ts'
export { webhookRefusal } from './webhooks.ts'

/** Every controller, in the order in which a round runs them: causes before effects. */
export const reconcilers: readonly Reconciler[] = [
  namespaces,
  definitions,
  nodes,
  system,
  jobs,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  claims,
  volumes,
  scheduler,
  attachments,
  evictions,
  kubelet,
  endpoints,
  longhorn,
  hardwareFeatures,
  loadBalancers,
  certManager,
  expiry,
]

export interface ControllerOptions {
  /** The cluster as its machines are now; undefined once its machines are gone. */
  cluster: () => ClusterView | undefined
  objects: ObjectStore
  store: LabStore
  clock: LabClock
  labDirectory: string
  /** Tells of changes of the cluster view. Without it the view is compared twice a second. */
  onClusterChange?: (listener: () => void) => () => void
  log?: (line: string) => void
  /** True while an image, without its tag, is ordered to be missing from its registry. */
  lacksImage?: (image: string) => boolean
  /** How long changes are gathered before a round starts (real milliseconds). */
  debounceMs?: number
}

export interface Controllers {
  /** Ends when nothing is left to do until time passes or something changes. */
  settled(): Promise<void>
  close(): Promise<void>
}

const comparedEveryMs = 500

/** Calls `changed` whenever the cluster view differs from what it was. */
function followCluster(options: ControllerOptions, changed: () => void): () => void {
  let last = JSON.stringify(options.cluster())
  const compare = (): void => {
    const next = JSON.stringify(options.cluster())
    if (next === last) return
    last = next
    changed()
  }
  if (options.onClusterChange !== undefined) return options.onClusterChange(compare)
  const timer = setInterval(compare, comparedEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Runs the controllers of one cluster over its objects until closed. All they know is in the objects and the lab's
 * store, so that they go on from any point after the lab was killed. While the API is down, or etcd behind it, nothing moves.
 */
export function startControllers(options: ControllerOptions): Controllers {
  const { store, clock, labDirectory } = options
  const log = options.log ?? ((line) => process.stderr.write(`${line}\n`))
  const first = options.cluster()
  if (first === undefined) throw new Error('there is no cluster to control')
  const objects = cacheObjects(options.objects)
  const record = createEventRecorder(objects, () => clock.now())

  const ingress = createIngress()
  const table = [...reconcilers, ingress.reconciler]
  const works = table.map(({ name, reconcile }) => ({
    name,
    run: (wake: (at: number) => void) => {
      const cluster = options.cluster()
      if (cluster === undefined || !cluster.apiUp || cluster.etcdStalled) return
      const moments = createMoments(store, cluster.id, clock, wake)
      const context: ControllerContext = {
        objects,
        cluster,
        clock,
        store,
        moments,
        record,
        labDirectory,
        log,
        lacksImage: options.lacksImage,
      }
      return reconcile(context)
    },
  }))
  const queue = createWorkQueue({ works, clock, log, debounceMs: options.debounceMs ?? 20 })
  const markAll = (): void => {
    for (const { name } of table) queue.mark(name)
  }
  const stopFollowing = followCluster(options, markAll)
  const forget = createMoments(store, first.id, clock, () => {}).forget
  const stopListening = options.objects.onEvent(({ type, object }: ObjectEvent) => {
    if (type === 'DELETED') forget(object)
    for (const { name, watches } of table) if (watches.includes(object.kind)) queue.mark(name)
  })
  markAll()

  return {
    settled: () => queue.settled(),
    close: async () => {
      stopListening()
      stopFollowing()
      await queue.close()
      await ingress.close()
      objects.close()
    },
  }
}
