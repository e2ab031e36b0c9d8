import type { GraphQLSchema } from 'graphql'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { documentOf, rootField, snakeKeys } from './shape.ts'
import { event, eventStream, heartbeat, stillHere } from './sse.ts'
import { openSubscription } from './subscription.ts'

interface FeedWorld {
  route: RestRoute
  variables: Record<string, unknown>
  context: RequestContext
  request: Request
  schema: GraphQLSchema
}

/** Server-sent events of any subscription: one `item` for each value, `complete` when it ends. */
export async function streamFeed(world: FeedWorld): Promise<Response> {
  const document = documentOf(world.route.document)
  // Opened before the answer begins, so that a refusal is a refusal and not an empty feed.
  const source = await openSubscription<unknown>(world, document, world.variables)
  const end = () => void source.return?.()
  world.request.signal.addEventListener('abort', end, { once: true })
  return eventStream(items(source, rootField(document).selectionSet, end), end)
}

async function* items(
  source: AsyncIterator<unknown, undefined>,
  selection: ReturnType<typeof rootField>['selectionSet'],
  end: () => void,
): AsyncGenerator<string> {
  const take = () => source.next().then((item) => ({ kind: 'item' as const, item }))
  try {
    yield ': following\n\n'
    let next = take()
    for (;;) {
      const beat = heartbeat()
      const woken = await Promise.race([next, beat.promise])
      beat.cancel()
      if (woken.kind === 'heartbeat') yield stillHere
      else if (woken.item.done) break
      else {
        yield event('item', snakeKeys(woken.item.value, selection))
        next = take()
      }
    }
    yield event('complete', {})
  } finally {
    end()
  }
}
