import type { ControllerContext, Reconciler } from './context.ts'

const keptMs = 60 * 60 * 1000
const keptEvents = 2000
const everyLabMs = 10 * 60 * 1000

function pruneEvents({ objects, clock }: ControllerContext): void {
  const events = objects
    .list('Event')
    .sort((one, other) => Date.parse(other.lastTimestamp) - Date.parse(one.lastTimestamp))
  const old = events.filter(
    (event, index) => index >= keptEvents || clock.now() - Date.parse(event.lastTimestamp) > keptMs,
  )
  for (const { metadata } of old) objects.delete('Event', metadata.namespace, metadata.name)
}

/** Events are kept for an hour, and never too many of them. */
export const expiry: Reconciler = {
  name: 'expiry',
  watches: [],
  reconcile: (context) => {
    pruneEvents(context)
    context.moments.wakeIn(everyLabMs)
  },
}
