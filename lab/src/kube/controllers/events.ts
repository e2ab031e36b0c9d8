import { createHash } from 'node:crypto'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { timestamp } from './conditions.ts'

/** Tells people what happened to an object: the lines of `kubectl describe`. */
export type EventRecorder = (
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component?: string,
) => void

/** The same thing said again within this time is not counted again. */
const repeatMs = 10_000

/** An event recorder that counts repetitions of one event instead of writing it again. */
export function createEventRecorder(objects: ObjectStore, now: () => number): EventRecorder {
  return (object, type, reason, message, component = 'lab') => {
    const { name, uid, resourceVersion } = object.metadata
    const namespace = object.metadata.namespace ?? 'default'
    const identity = createHash('sha256').update([object.kind, uid, type, reason, message].join('\n')).digest('hex')
    const eventName = `${name}.${identity.slice(0, 16)}`
    const at = timestamp(now())
    const known = objects.get('Event', namespace, eventName)
    if (known !== undefined) {
      if (now() - Date.parse(known.lastTimestamp) < repeatMs) return
      objects.update({ ...known, lastTimestamp: at, count: known.count + 1 })
      return
    }
    const { apiVersion, kind } = object
    objects.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      involvedObject: { apiVersion, kind, name, namespace: object.metadata.namespace, uid, resourceVersion },
      type,
      reason,
      message,
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    })
  }
}
