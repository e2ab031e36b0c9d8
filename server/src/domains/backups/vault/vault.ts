import { createHash } from 'node:crypto'
import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream'
import type { RunTool } from '../../../platform/run-tool.ts'
import type { BackupManifest, StoredBackup } from '../model.ts'

/** A place that keeps backups: each is a few named streams and a manifest. Everything but the manifest is encrypted. */
export interface Vault {
  readonly kind: 'archive' | 'restic'
  /** For people: a folder or a repository. */
  readonly place: string
  /** Makes it ready to be written. Throws, saying what to do, when it cannot be reached or the password does not fit. */
  prepare(run: RunTool): Promise<void>
  /** Every backup, newest first; none where nothing was ever written. */
  list(run: RunTool): Promise<StoredBackup[]>
  /** Stores a stream of at least one byte, whole or not at all. */
  put(run: RunTool, id: string, part: string, source: Readable): Promise<void>
  /** Finishes a backup. */
  finish(run: RunTool, manifest: BackupManifest): Promise<void>
  /** Reads a stream; `into` is ended, or destroyed when it cannot be read to its end. */
  get(run: RunTool, id: string, part: string, into: PassThrough): Promise<void>
  /** Removes backups, finished or not. */
  remove(run: RunTool, ids: string[]): Promise<void>
  /** Checks the place itself, as far as it can. */
  check(run: RunTool): Promise<void>
}

export interface Measure {
  bytes: number
  sha256: string
}

/** A stream that lets everything through, and the count and hash of it once it has ended. */
export function measuring(onBytes?: (bytes: number) => void): { through: Transform; measure(): Measure } {
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length
      hash.update(chunk)
      onBytes?.(bytes)
      done(null, chunk)
    },
  })
  let sum: string | undefined
  return {
    through,
    measure() {
      sum ??= hash.digest('hex')
      return { bytes, sha256: sum }
    },
  }
}

/**
 * Runs a producer and a consumer of one stream side by side, and measures what goes through. When one fails the other is
 * ended; what the consumer says counts, since it also hears what the producer died of.
 */
export async function pump(
  produce: (into: PassThrough) => Promise<unknown>,
  consume: (from: Readable) => Promise<unknown>,
  onBytes?: (bytes: number) => void,
): Promise<Measure> {
  const head = new PassThrough()
  const { through, measure } = measuring(onBytes)
  head.on('error', (error) => through.destroy(error))
  through.on('error', (error) => head.destroy(error))
  through.on('close', () => {
    if (!through.readableEnded) head.destroy()
  })
  head.pipe(through)
  const [produced, consumed] = await Promise.allSettled([
    produce(head).catch((error: unknown) => {
      head.destroy(error as Error)
      throw error
    }),
    consume(through).catch((error: unknown) => {
      through.destroy()
      throw error
    }),
  ])
  const own = consumed.status === 'rejected' && !closedEarly(consumed.reason)
  // What the consumer only heard from the producer is told better by the producer.
  const heard = own && produced.status === 'rejected' && produced.reason?.cause === consumed.reason
  if (own && !heard) throw consumed.reason
  if (produced.status === 'rejected') throw produced.reason
  if (consumed.status === 'rejected') throw consumed.reason
  return measure()
}

function closedEarly(error: unknown): boolean {
  return (error as NodeJS.ErrnoException)?.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
