import { PassThrough } from 'node:stream'

/** Something of a backup on its way out, piece by piece. */
export interface Download {
  /** What to call it. */
  fileName: string
  /** Bytes of the whole; undefined where that is only known at the end. */
  size?: number
  /** Bytes before the first piece. */
  from: number
  /** Fails when what comes is not what was stored; whoever stops reading ends whatever makes it. */
  pieces: AsyncIterable<Buffer>
}

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
