import type { Download } from './pieces.ts'

/** A piece as it is sent. */
export interface Piece {
  fileName: string
  size?: number
  from: number
  /** Base64. */
  content: string
}

/** A download as pieces to send; the first is empty, so that a failure to begin is told before any bytes. */
export async function* piecesToSend({ fileName, size, from, pieces }: Download): AsyncGenerator<Piece> {
  const about = { fileName, from, ...(size === undefined ? {} : { size }) }
  yield { ...about, content: '' }
  for await (const piece of pieces) yield { ...about, content: piece.toString('base64') }
}
