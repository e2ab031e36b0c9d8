import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { plainEvent } from './pending.ts'

/** Something the cluster tells about an object. */
export interface ClusterEvent {
  /** Stays the same while it is counted on. */
  id: string
  at: string
  /** Is it a warning? */
  warning: boolean
  reason: string
  /** As the cluster says it. */
  message: string
  /** In plain words, where the cluster's own are not. */
  plain?: string
  /** "Pod ghost-1" */
  object: string
  count: number
}

/** An event as people want to see it. */
export function readEvent(event: KubeObject): ClusterEvent {
  const reason = String(event.reason ?? '')
  const message = String(event.message ?? event.note ?? '')
  const about = (event.involvedObject ?? event.regarding ?? {}) as { kind?: string; name?: string }
  const seen = event.lastTimestamp ?? event.series?.lastObservedTime ?? event.eventTime ?? event.firstTimestamp
  return {
    id: String(event.metadata.uid ?? event.metadata.name),
    at: String(seen ?? event.metadata.creationTimestamp ?? ''),
    warning: event.type === 'Warning',
    reason,
    message,
    plain: event.type === 'Warning' ? plainEvent(reason, message) : undefined,
    object: `${about.kind ?? ''} ${about.name ?? ''}`.trim(),
    count: Number(event.count ?? event.series?.count ?? 1),
  }
}

/** Events of a namespace, oldest first. */
export async function eventsIn(kubectl: Kubectl, namespace: string, repeated = false): Promise<ClusterEvent[]> {
  const events = (await kubectl.get('events', { namespace, repeated })).map(readEvent)
  return events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const freshMs = 10 * 60_000

/** The newest warning of the last ten minutes that has plain words, about what is still there. */
export function lastWarning(
  events: ClusterEvent[],
  now: number,
  about: (object: string) => boolean,
): string | undefined {
  const found = events.findLast(
    ({ warning, plain, at, object }) => warning && plain && about(object) && now - Date.parse(at) < freshMs,
  )
  return found && `${found.object}: ${found.plain}`
}
