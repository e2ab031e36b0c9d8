import type { GraphQLSchema } from 'graphql'
import type { RestRoute } from '../../platform/rest-route.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { documentOf } from './shape.ts'
import { openSubscription } from './subscription.ts'

interface BytesWorld {
  route: RestRoute
  variables: Record<string, unknown>
  context: RequestContext
  request: Request
  schema: GraphQLSchema
}

interface Piece {
  fileName: string
  size: number | null
  from: number
  content: string
}

/**
 * Bytes of a subscription of pieces, taken only as fast as they are read, so that a large file costs no memory. The first
 * piece tells what comes: a refusal is an answer of its own. What goes wrong later breaks the connection off.
 */
export async function streamBytes(world: BytesWorld): Promise<Response> {
  const { route, request } = world
  const wanted = route.ranges ? firstByte(request.headers.get('range')) : undefined
  const variables = wanted === undefined ? world.variables : { ...world.variables, [route.ranges!]: wanted }
  const source = await openSubscription<Piece>(world, documentOf(route.document), variables)
  const first = await source.next()
  if (first.done) throw new Error('a file of no pieces')
  const left = () => void source.return?.()
  request.signal.addEventListener('abort', left, { once: true })
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await source.next()
      if (done) controller.close()
      else controller.enqueue(Buffer.from(value.content, 'base64'))
    },
    cancel: left,
  })
  return new Response(body, { status: first.value.from > 0 ? 206 : 200, headers: headersOf(route, first.value) })
}

function headersOf(route: RestRoute, { fileName, size, from }: Piece): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
    ...(size === null ? {} : { 'content-length': String(size - from) }),
    ...(route.ranges && size !== null ? { 'accept-ranges': 'bytes' } : {}),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${(size ?? 0) - 1}/${size}` } : {}),
  }
}

/** `bytes=100-`: everything from there on. Other ranges are not needed to go on, and the whole is a right answer to them. */
function firstByte(range: string | null): number | undefined {
  const [, start] = /^bytes=(\d{1,15})-$/.exec(range ?? '') ?? []
  return start === undefined || start === '0' ? undefined : Number(start)
}
