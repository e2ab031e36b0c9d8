import type { Readable } from 'node:stream'
import type { Masker } from './masking.ts'

/** Longest piece of one output line that is kept; the rest is cut with a note. */
const longestLine = 16_384
const cutNote = ' … (line cut)'

/**
 * Splits chunks into lines and masks them. Of a very long line only the beginning is kept, so that one 10 MB line costs
 * no more than any other; masking comes before cutting, or half a secret would stand at the cut.
 */
export function lineSplitter(masker: Masker, emit: (line: string) => void): { push(chunk: string): void; end(): void } {
  let rest = ''
  let cut = false
  const masked = masker.lines((line) =>
    emit(cut || line.length > longestLine ? `${line.slice(0, longestLine)}${cutNote}` : line),
  )
  function flush(line: string, ended: boolean): void {
    masked.push(line, { cut: cut || !ended })
    cut = false
  }
  return {
    push(chunk: string): void {
      const lineEnd = cut ? chunk.search(/[\r\n]/) : 0
      if (lineEnd < 0) return
      const text = rest + chunk.slice(lineEnd)
      // A carriage return at the end may be half of a line break.
      const half = text.endsWith('\r') ? 1 : 0
      const parts = text.slice(0, text.length - half).split(/\r?\n|\r/)
      rest = parts.pop() ?? ''
      for (const part of parts) flush(part, true)
      const kept = longestLine + masker.longest()
      if (rest.length > kept * 4) {
        cut = true
        rest = rest.slice(0, kept)
      }
      if (half) rest += '\r'
    },
    end(): void {
      if (rest) flush(rest.replace(/\r$/, ''), rest.endsWith('\r'))
      masked.end()
    },
  }
}

/** Characters split and handed on in one turn of the event loop. */
const mostAtOnce = 4_096

/** Hands on the lines of a stream, a little in each turn so that a talkative tool does not keep others waiting. Resolves at its end. */
export function hear(stream: Readable, masker: Masker, emit: (line: string) => void): Promise<void> {
  const splitter = lineSplitter(masker, emit)
  const queue: string[] = []
  let ended = false
  let working = false
  return new Promise((resolve) => {
    function work(): void {
      const chunk = queue.shift()
      working = chunk !== undefined
      if (chunk !== undefined) {
        splitter.push(chunk.slice(0, mostAtOnce))
        if (chunk.length > mostAtOnce) queue.unshift(chunk.slice(mostAtOnce))
        setImmediate(work)
      } else if (ended) {
        splitter.end()
        resolve()
      }
    }
    function close(): void {
      if (ended) return
      ended = true
      if (!working) work()
    }
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      queue.push(chunk)
      if (!working) work()
    })
    stream.on('end', close)
    // Destroyed before its end: see `kill`.
    stream.on('close', close)
  })
}
