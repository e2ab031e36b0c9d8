import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { KubeObject } from '../objects.ts'

/** Steps that take lab time. Each is remembered as the moment it ends, so that a killed lab goes on where it was. */
export interface Moments {
  /**
   * True once `labMs` of lab time have passed since this step of this object was first asked about. While it is
   * false the reconciler that asked is woken at the end. A different `tag` starts the step anew.
   */
  reached(object: KubeObject, step: string, labMs: number, tag?: string): boolean
  /** Whether the step was begun, over or not. */
  begun(object: KubeObject, step: string): boolean
  /** Forgets one step, or with no step everything about the object. */
  forget(object: KubeObject, step?: string): void
  /** Wakes the reconciler after `labMs` of lab time: for plain polling, nothing is remembered. */
  wakeIn(labMs: number): void
}

interface Moment {
  at: number
  tag?: string
}

/** The collection of the lab's store that holds the moments of a cluster. */
export const momentCollection = (clusterId: string): string => `moments/${clusterId}`

const prefixOf = ({ kind, metadata }: KubeObject): string =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}/${metadata.uid}/`

/** Moments kept in the lab's store; `wake` asks for another run of the reconciler in hand at a real moment. */
export function createMoments(
  store: LabStore,
  clusterId: string,
  clock: LabClock,
  wake: (at: number) => void,
): Moments {
  const collection = momentCollection(clusterId)
  return {
    reached: (object, step, labMs, tag) => {
      const key = prefixOf(object) + step
      let moment = store.get<Moment>(collection, key)
      if (moment === undefined || moment.tag !== tag) {
        moment = tag === undefined ? { at: clock.due(labMs) } : { at: clock.due(labMs), tag }
        store.put(collection, key, moment)
      }
      if (moment.at <= clock.now()) return true
      wake(moment.at)
      return false
    },
    begun: (object, step) => store.get<Moment>(collection, prefixOf(object) + step) !== undefined,
    forget: (object, step) => {
      const prefix = prefixOf(object)
      if (step !== undefined) return store.delete(collection, prefix + step)
      for (const { key } of store.list(collection, prefix)) store.delete(collection, key)
    },
    wakeIn: (labMs) => wake(clock.due(labMs)),
  }
}
