import type { ServerResponse } from 'node:http'
import type { ObjectEvent } from '../objects.ts'
import { apiVersionOf } from '../resources.ts'
import type { ApiContext, ApiRequest } from './context.ts'
import { inVersion, selected, selection } from './read.ts'
import { ApiError, statusOf } from './status.ts'

const bookmarkEvery = 15_000

/** What a watcher is told about a change: an object that no longer fits its selector is gone for it. */
function translate(event: ObjectEvent, chosen: boolean, known: boolean): ObjectEvent['type'] | undefined {
  if (event.type === 'DELETED' || !chosen) return known ? 'DELETED' : undefined
  return known ? 'MODIFIED' : 'ADDED'
}

/**
 * Answers a watch: one JSON object per line until the client goes, `timeoutSeconds` pass or the server closes.
 * Without a resourceVersion the present objects come first.
 */
export function watch(context: ApiContext, request: ApiRequest, response: ServerResponse): void {
  const { resource, query } = request
  const chosen = selection(request)
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`)
  const known = new Set<string | undefined>()
  const tell = (event: ObjectEvent): void => {
    const { uid } = event.object.metadata
    const type = translate(event, chosen(event.object), known.has(uid))
    if (type === undefined) return
    if (type === 'DELETED') known.delete(uid)
    else known.add(uid)
    send(type, inVersion(resource, event.object))
  }

  response.writeHead(200, { 'content-type': 'application/json' })
  const version = query.get('resourceVersion') ?? ''
  if (version === '' || version === '0') {
    for (const object of selected(context, request)) tell({ type: 'ADDED', object })
  } else {
    const missed = context.events.since(Number(version))
    if (missed === undefined) {
      const expired = new ApiError(
        410,
        'Expired',
        `too old resource version: ${version} (${context.objects.revision()})`,
      )
      send('ERROR', statusOf(expired).body)
      response.end()
      return
    }
    // What was there at that version is known to the watcher: all that exist but were not created since.
    const born = new Set(missed.filter(({ type }) => type === 'ADDED').map(({ object }) => object.metadata.uid))
    for (const object of selected(context, request)) if (!born.has(object.metadata.uid)) known.add(object.metadata.uid)
    for (const { type, object } of missed)
      if (type !== 'ADDED' && chosen(object) && !born.has(object.metadata.uid)) known.add(object.metadata.uid)
    for (const event of missed) tell(event)
  }
  response.flushHeaders()

  const bookmark = () => {
    const metadata = { resourceVersion: context.objects.revision(), creationTimestamp: null }
    send('BOOKMARK', { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata })
  }
  const stop = context.events.onEvent(tell)
  const wanted = query.get('allowWatchBookmarks')
  const timer = wanted === 'true' || wanted === '1' ? setInterval(bookmark, bookmarkEvery) : undefined
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  const end = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined
  response.on('close', () => {
    stop()
    clearInterval(timer)
    clearTimeout(end)
  })
}
