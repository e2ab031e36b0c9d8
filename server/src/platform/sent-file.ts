import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { invalid } from './errors.ts'
import { builder } from './schema-builder.ts'

/** A file on its way out, piece by piece, so that its size costs no memory. */
export interface SentFile {
  /** What to call it. */
  fileName: string
  /** Bytes of the whole; undefined where that is only known at the end. */
  size?: number
  /** Bytes before the first piece. */
  from: number
  /** Fails when what comes is not what was stored; whoever stops reading ends whatever makes it. */
  pieces: AsyncIterable<Buffer>
}

/** A piece as it is sent. */
export interface Piece {
  fileName: string
  size?: number
  from: number
  /** Base64. */
  content: string
}

const pieceBytes = 256 * 1024

/** A file of this device from a byte on. Throws INVALID_INPUT for a byte it does not have, `missing()` when it is gone. */
export async function storedFile(
  path: string,
  fileName: string,
  from: number,
  missing: () => Error,
): Promise<SentFile & { size: number }> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw missing()
  if (!Number.isInteger(from) || from < 0 || from > info.size)
    throw invalid('from', `from: the file has ${info.size} bytes.`)
  const pieces = createReadStream(path, { start: from, highWaterMark: pieceBytes })
  return { fileName, size: info.size, from, pieces }
}

/** A file as pieces to send; the first is empty, so that a failure to begin is told before any bytes. */
export async function* piecesToSend({ fileName, size, from, pieces }: SentFile): AsyncGenerator<Piece> {
  const about = { fileName, from, ...(size === undefined ? {} : { size }) }
  yield { ...about, content: '' }
  for await (const piece of pieces) yield { ...about, content: piece.toString('base64') }
}

/** A piece as GraphQL shows it, of whatever domain; REST makes one file of them. */
export const PieceType = builder.objectRef<Piece>('FilePiece').implement({
  description: 'A piece of a file that is being read. The first one is empty: it tells what comes.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', { description: 'What to call the whole.' }),
    size: t.field({
      type: 'Bytes',
      nullable: true,
      description: 'Bytes of the whole, where they are known before.',
      resolve: ({ size }) => size,
    }),
    from: t.expose('from', { type: 'Bytes', description: 'Bytes of the whole that come before the first piece.' }),
    content: t.exposeString('content', { description: 'The next bytes, in base64.' }),
  }),
})
