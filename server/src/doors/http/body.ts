import { invalid } from '../../platform/errors.ts'

/** The most a request may bring, in bytes. */
export const largestBody = 3 * 1024 * 1024

/**
 * The bytes of a request, read no further than `largest` (bytes) whatever it announced. Throws INVALID_INPUT (field `body`)
 * beyond that.
 */
export async function readBody(request: Request, largest = largestBody): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => invalid('body', `body: larger than ${largest / 1024 / 1024} MB.`)
  if (Number(request.headers.get('content-length') ?? 0) > largest) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > largest) throw tooLarge()
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
