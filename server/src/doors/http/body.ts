import { invalid } from '../../platform/errors.ts'

/** The most a request may bring, in bytes. */
export const largestBody = 3 * 1024 * 1024

/**
 * The bytes of a request, read no further than `largestBody` whatever it announced. Throws INVALID_INPUT (field `body`)
 * beyond that.
 */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => invalid('body', `body: larger than ${largestBody / 1024 / 1024} MB.`)
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > largestBody) throw tooLarge()
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
