import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterView } from './kube/cluster-view.ts'
import type { KubeOptions } from './kube/index.ts'
import { createLabClock } from './lab-clock.ts'
import { clusterViews } from './machines/cluster-views.ts'
import type { FaultKind } from './machines/faults.ts'
import { type Lan, openLan } from './machines/lan.ts'
import { dhcpAddressOf } from './machines/life.ts'
import { checkPortsFree, keepListeners } from './machines/listeners.ts'
import { createPerformer } from './machines/perform.ts'
import { serveSocket } from './machines/socket-server.ts'
import type { Mishap } from './mirror/send.ts'
import { startMirror } from './mirror/server.ts'
import { LabError, type LabSettings } from './settings.ts'
import { openSqliteStore } from './sqlite-store.ts'
import { startStorageMachine } from './storage-machine.ts'

const PRIVATE_FOLDER = 0o700
/** The last number of the storage machine's address. */
const storageHost = 20

/** A running lab. */
export interface Lab {
  mirrorUrl: string
  lan: Lan
  close(): Promise<void>
}

/** Starts the Kubernetes half for the clusters that machine configs describe. */
export type StartKube = (options: KubeOptions) => { close(): Promise<void> }

/**
 * Starts the simulated LAN from what is stored, with Kubernetes when `startKube` is given. Throws LabError with one line
 * for a person when it cannot.
 */
export async function startLab(settings: LabSettings, startKube?: StartKube): Promise<Lab> {
  if (process.platform !== 'linux')
    throw new LabError('the simulated LAN needs Linux, where every address of 127.0.0.0/8 can be used')
  mkdirSync(settings.directory, { recursive: true, mode: PRIVATE_FOLDER })
  const open: { close(): void | Promise<void> }[] = []
  const closeAll = async (): Promise<void> => {
    for (const part of open.splice(0).reverse()) await part.close()
  }
  try {
    const store = openSqliteStore(join(settings.directory, 'lab.db'))
    open.push(store)
    const clock = createLabClock(settings.speed)
    let lan: Lan | undefined
    const mirror = await startMirror({
      address: settings.gateway,
      port: settings.mirrorPort,
      directory: settings.mirrorDirectory,
      store,
      mishap: (name) => lan && mishapOf(lan, name),
    })
    open.push(mirror)
    open.push(await startStorageMachine(`${settings.prefix}.${storageHost}`))
    await checkPortsFree(
      Array.from({ length: settings.machines }, (_, index) => dhcpAddressOf(settings.prefix, index + 1)),
    )
    lan = openLan({
      store,
      clock,
      prefix: settings.prefix,
      gateway: settings.gateway,
      machines: settings.machines,
    })
    open.push(lan)
    const performer = createPerformer(lan)
    const listeners = keepListeners(lan, performer.perform)
    open.push(listeners)
    await listeners.settled()
    if (startKube) open.push(startKube(kubeOptions(lan, settings)))
    open.push(await serveSocket(lan, performer, settings.socket, listeners.settled))
    return { mirrorUrl: mirror.url, lan, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

const MISHAPS: Mishap[] = ['download-breaks-off', 'download-altered', 'download-unavailable']

const mishapOf = ({ faults }: Lan, name: string): Mishap | undefined =>
  MISHAPS.find((kind) => faults.strike(kind, {}, name))

function kubeOptions(lan: Lan, { directory, containerBin }: LabSettings): KubeOptions {
  const holds = (kind: FaultKind, { id, name }: ClusterView, what?: string) =>
    lan.faults.holds(kind, { clusterId: id, clusterName: name }, what)
  return {
    clusters: clusterViews(lan),
    store: lan.store,
    clock: lan.clock,
    labDirectory: directory,
    containerBin,
    unavailable: (cluster) => holds('api-unavailable', cluster),
    refuses: (cluster, what) => holds('object-refused', cluster, what),
    lacksImage: (cluster, image) => holds('image-unavailable', cluster, image),
  }
}
