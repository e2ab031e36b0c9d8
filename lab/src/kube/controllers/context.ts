import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { ClusterView } from '../cluster-view.ts'
import type { ObjectStore } from '../objects.ts'
import type { EventRecorder } from './events.ts'
import type { Moments } from './moments.ts'

/** What every reconciler works with. Objects read through `objects` are frozen: copy before changing. */
export interface ControllerContext {
  objects: ObjectStore
  cluster: ClusterView
  clock: LabClock
  /** For what is not an object: the addresses handed out, the authority behind ACME. */
  store: LabStore
  /** Lab time that must pass for an object, remembered over a kill of the lab. */
  moments: Moments
  record: EventRecorder
  labDirectory: string
  log: (line: string) => void
  /** True while an image, without its tag, is ordered to be missing from its registry. */
  lacksImage?: ((image: string) => boolean) | undefined
}

/** One job of the control plane. It compares what is wanted with what is, and makes one step towards it. */
export interface Reconciler {
  name: string
  /** Kinds whose changes make it run again; `ClusterView` stands for the machines. */
  watches: string[]
  reconcile(context: ControllerContext): void | Promise<void>
}
