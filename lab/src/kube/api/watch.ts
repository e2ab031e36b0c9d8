import type { ServerResponse } from 'node:http'
import type { KubeObject, ObjectEvent } from '../objects.ts'
import { apiVersionOf } from '../resources.ts'
import type { ApiContext, ApiRequest } from './context.ts'
import { inVersion, selected, selection } from './read.ts'
import type { Selector } from './selectors.ts'
import { ApiError, statusOf } from './status.ts'

const bookmarkEvery = 15_000

/** What a watcher is told about a change: an object that no longer fits its selector is gone for it. */
function translate(event: ObjectEvent, chosen: boolean, known: boolean): ObjectEvent['type'] | undefined {
  if (event.type === 'DELETED' || !chosen) return known ? 'DELETED' : undefined
  return known ? 'MODIFIED' : 'ADDED'
}

/** What a watcher that has seen `version` knows: what is selected now or was changed since, but is not new since. */
function knownAt(present: KubeObject[], missed: ObjectEvent[], chosen: Selector): Set<string | undefined> {
  const uidOf = ({ metadata }: KubeObject) => metadata.uid
  const born = new Set(missed.filter(({ type }) => type === 'ADDED').map(({ object }) => uidOf(object)))
  const changed = missed.map(({ object }) => object).filter(chosen)
  return new Set([...present, ...changed].map(uidOf).filter((uid) => !born.has(uid)))
}

/** Bookmarks and the end of the watch, until the client goes. */
function keep(context: ApiContext, { resource, query }: ApiRequest, response: ServerResponse, send: Send): void {
  const bookmark = () => {
    const metadata = { resourceVersion: context.objects.revision(), creationTimestamp: null }
    send('BOOKMARK', { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata })
  }
  const wanted = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '')
  const timer = wanted ? setInterval(bookmark, bookmarkEvery) : undefined
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  const end = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined
  response.on('close', () => {
    clearInterval(timer)
    clearTimeout(end)
  })
}

type Send = (type: string, object: unknown) => void

/**
 * Answers a watch: one JSON object per line until the client goes, `timeoutSeconds` pass or the server closes.
 * Without a resourceVersion the present objects come first.
 */
export function watch(context: ApiContext, request: ApiRequest, response: ServerResponse): void {
  const { resource, query } = request
  const chosen = selection(request)
  const send: Send = (type, object) => response.write(`${JSON.stringify({ type, object })}\n`)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  const version = query.get('resourceVersion') ?? ''
  const present = selected(context, request)
  const fresh = version === '' || version === '0'
  const missed = fresh
    ? present.map((object) => ({ type: 'ADDED' as const, object }))
    : context.events.since(Number(version))
  if (missed === undefined) {
    const text = `too old resource version: ${version} (${context.objects.revision()})`
    send('ERROR', statusOf(new ApiError(410, 'Expired', text)).body)
    response.end()
    return
  }
  const known = knownAt(present, missed, chosen)
  const tell = (event: ObjectEvent): void => {
    const { uid } = event.object.metadata
    const type = translate(event, chosen(event.object), known.has(uid))
    if (type === undefined) return
    if (type === 'DELETED') known.delete(uid)
    else known.add(uid)
    send(type, inVersion(resource, event.object))
  }
  for (const event of missed) tell(event)
  response.on('close', context.events.onEvent(tell))
  keep(context, request, response, send)
}
