import { PassThrough } from 'node:stream'

const heldBytes = 256 * 1024

/** What a producer writes, as fast as it is read. It ends only once the producer has, and fails as that does. */
export function piecesOf(produce: (into: PassThrough) => Promise<unknown>): AsyncIterable<Buffer> {
  const through = new PassThrough({ highWaterMark: heldBytes })
  // Whoever reads is told too; without this a failure after they went away would be nobody's.
  through.on('error', () => undefined)
  produce(through).then(
    () => through.end(),
    (error: Error) => through.destroy(error),
  )
  return through
}
