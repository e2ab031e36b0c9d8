import type { TextStream } from './messages.ts'

/** A block of lines at the bottom of a terminal that is drawn again and again. */
export interface Repaint {
  /** Draws the block; only lines that differ from the last time are written. */
  draw(lines: string[]): void
  /** Writes a line above the block, where it stays. */
  above(line: string): void
  /** Removes the block. */
  erase(): void
}

/** A repaintable block on `stream`, whose cursor must be at the start of a line. */
export function createRepaint(stream: TextStream): Repaint {
  let drawn: string[] = []

  const draw = (wanted: string[]) => {
    const lines = wanted.map((line) => clip(line, (stream.columns ?? 80) - 1))
    let text = up(drawn.length)
    lines.forEach((line, i) => {
      text += i < drawn.length && drawn[i] === line ? '\n' : `\r\u001b[2K${line}\n`
    })
    if (lines.length < drawn.length) text += '\u001b[J'
    if (lines.length !== drawn.length || lines.some((line, i) => line !== drawn[i])) stream.write(text)
    drawn = lines
  }
  const erase = () => {
    if (drawn.length > 0) stream.write(`${up(drawn.length)}\r\u001b[J`)
    drawn = []
  }
  return {
    draw,
    erase,
    above(line) {
      const block = drawn
      erase()
      stream.write(`${line}\n`)
      draw(block)
    },
  }
}

function up(lines: number): string {
  return lines > 0 ? `\u001b[${lines}A` : ''
}

const pieces = /\u001b\[[0-9;]*m|[\s\S]/gu

/** Cuts a line to `width` visible characters; colour codes count nothing and are kept. */
export function clip(line: string, width: number): string {
  let shown = 0
  let text = ''
  for (const [piece] of line.matchAll(pieces)) {
    if (piece.startsWith('\u001b')) text += piece
    else if (++shown <= width) text += piece
  }
  return text
}
