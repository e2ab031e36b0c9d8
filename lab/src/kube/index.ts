import { join } from 'node:path'
import type { LabClock } from '../lab-clock.ts'
import { issueCertificate } from '../pki/index.ts'
import type { LabStore } from '../store.ts'
import { type ClusterApi, startClusterApi } from './api/index.ts'
import type { Clusters, ClusterView } from './cluster-view.ts'
import { startControllers } from './controllers/index.ts'

export interface KubeOptions {
  clusters: Clusters
  store: LabStore
  clock: LabClock
  /** Where the lab keeps its files; the ingress writes its ports there. */
  labDirectory: string
  /** Stand-ins for programs inside of images. */
  containerBin?: string
  /** True while the API of a cluster is ordered to answer 503. */
  unavailable?: (cluster: ClusterView) => boolean
  /** True while an object, as `Kind/name`, is ordered to be refused. */
  refuses?: (cluster: ClusterView, what: string) => boolean
  /** True while an image, without its tag, is ordered to be missing from its registry. */
  lacksImage?: (cluster: ClusterView, image: string) => boolean
}

interface Running {
  close(): Promise<void>
}

const apiPort = 6443
/** Lab milliseconds until another attempt, when the address is not free yet. */
const retryAfter = 2000

const serviceNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'localhost',
]

async function startCluster(
  { clusters, store, clock, labDirectory, containerBin, unavailable, refuses, lacksImage }: KubeOptions,
  first: ClusterView,
): Promise<Running> {
  let latest = first
  const cluster = (): ClusterView => {
    latest = clusters.list().find(({ id }) => id === first.id) ?? latest
    return latest
  }
  const sans = [...new Set([first.vip, ...first.nodes.map(({ ip }) => ip), '10.96.0.1', '127.0.0.1', ...serviceNames])]
  const tls = await issueCertificate({
    ca: first.ca,
    commonName: 'kube-apiserver',
    organization: 'kube-master',
    sans,
    days: 365,
    usages: ['server'],
    algorithm: 'p256',
  })
  const api: ClusterApi = await startClusterApi({
    cluster,
    store,
    clock,
    host: first.vip,
    port: apiPort,
    tls,
    unavailable: () => unavailable?.(cluster()) ?? false,
    refuses: (what) => refuses?.(cluster(), what) ?? false,
    volumes: join(labDirectory, 'clusters', first.id.replaceAll(/[^\w-]/g, '-')),
    containerBin: containerBin ?? '',
  })
  const controllers = startControllers({
    cluster,
    objects: api.objects,
    store,
    clock,
    labDirectory,
    lacksImage: (image) => lacksImage?.(cluster(), image) ?? false,
  })
  return {
    close: async () => {
      await api.close()
      await controllers.close()
    },
  }
}

/**
 * Keeps a Kubernetes API with its controllers on https://VIP:6443 for every cluster whose API is up: starts them when
 * it comes up, closes them when it goes. A VIP that cannot be taken is told on stderr and tried again.
 */
export function startKube(options: KubeOptions): { close(): Promise<void> } {
  const { clusters, clock } = options
  const running = new Map<string, Running>()
  let closed = false
  let cancelRetry = () => {}
  // Starts and stops follow one another: a cluster that flaps must never have two servers.
  let work = Promise.resolve()

  const settle = async (): Promise<void> => {
    const wanted = closed ? [] : clusters.list().filter(({ apiUp }) => apiUp)
    for (const [id, one] of running) {
      if (wanted.some((cluster) => cluster.id === id)) continue
      running.delete(id)
      await one.close()
    }
    for (const cluster of wanted) {
      if (running.has(cluster.id)) continue
      try {
        running.set(cluster.id, await startCluster(options, cluster))
      } catch (error) {
        console.error(`lab: the Kubernetes API of ${cluster.name} cannot start: ${(error as Error).message}`)
        cancelRetry()
        cancelRetry = clock.at(clock.due(retryAfter), schedule)
      }
    }
  }
  const schedule = (): void => {
    work = work.then(settle)
  }
  const stop = clusters.onChange(schedule)
  schedule()
  return {
    close: async () => {
      closed = true
      stop()
      cancelRetry()
      schedule()
      await work
    },
  }
}
