import type { GraphQLSchema } from 'graphql'
import type { Masker } from '../../platform/masking.ts'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { behind } from '../graphql/errors.ts'
import { documentOf, rootField, snakeKeys } from './shape.ts'
import { event, eventStream, heartbeat, stillHere } from './sse.ts'
import { openSubscription } from './subscription.ts'

interface FeedWorld {
  route: RestRoute
  variables: Record<string, unknown>
  context: RequestContext
  request: Request
  schema: GraphQLSchema
  heartbeatMs?: number
  masker: Masker
}

/** Server-sent events of any subscription: one `item` for each value, at last `complete`, or `failed` with the reason. */
export async function streamFeed(world: FeedWorld): Promise<Response> {
  const document = documentOf(world.route.document)
  // Opened before the answer begins, so that a refusal is a refusal and not an empty feed.
  const source = await openSubscription<unknown>(world, document, world.variables)
  const end = () => void source.return?.()
  world.request.signal.addEventListener('abort', end, { once: true })
  return eventStream(items(world, source, rootField(document).selectionSet, end), end)
}

async function* items(
  { masker, heartbeatMs }: FeedWorld,
  source: AsyncIterator<unknown, undefined>,
  selection: ReturnType<typeof rootField>['selectionSet'],
  end: () => void,
): AsyncGenerator<string> {
  const take = () => source.next().then((item) => ({ kind: 'item' as const, item }))
  try {
    yield ': following\n\n'
    let next = take()
    for (;;) {
      const beat = heartbeat(heartbeatMs)
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
  } catch (error) {
    // The answer has begun: what went wrong can only be its last event.
    const { code, message, details } = behind(error)
    yield event('failed', masker.deep({ code, message, details }))
  } finally {
    end()
  }
}
