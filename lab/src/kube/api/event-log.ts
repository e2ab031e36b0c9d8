import type { ObjectEvent, ObjectStore } from '../objects.ts'

/** The latest changes, so that a watch can go on from a resourceVersion it has seen. */
export interface EventLog {
  /** Events after this version in order, or undefined when it is too old to tell. */
  since(version: number): ObjectEvent[] | undefined
  onEvent(listener: (event: ObjectEvent) => void): () => void
  close(): void
}

const kept = 5000

export const versionOf = (event: ObjectEvent): number => Number(event.object.metadata.resourceVersion)

/** Remembers changes from now on. */
export function createEventLog(objects: ObjectStore & { revision(): string }): EventLog {
  let oldest = Number(objects.revision())
  const events: ObjectEvent[] = []
  const listeners = new Set<(event: ObjectEvent) => void>()
  const stop = objects.onEvent((event) => {
    events.push(event)
    if (events.length > kept) oldest = versionOf(events.shift()!)
    for (const listener of [...listeners]) listener(event)
  })
  return {
    since: (version) => (version < oldest ? undefined : events.filter((event) => versionOf(event) > version)),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: stop,
  }
}
