import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** A log file that is put aside when it is full: `wildd.log`, `wildd.log.1`, `wildd.log.2`… the oldest is overwritten. */
export interface RotatingFile {
  /** Appends; trouble with the disk costs the line, never the daemon. */
  write(text: string): void
  close(): void
}

/** Opens (and makes) the file. `largest` in bytes; `kept` older files stay. */
export function openRotatingFile(path: string, options: { largest?: number; kept?: number } = {}): RotatingFile {
  const largest = options.largest ?? 10 * 1024 * 1024
  const kept = options.kept ?? 4
  mkdirSync(dirname(path), { recursive: true })
  let file = openSync(path, 'a', 0o600)
  let size = fstatSync(file).size

  function rotate(): void {
    closeSync(file)
    for (let number = kept - 1; number >= 0; number--) {
      try {
        renameSync(number === 0 ? path : `${path}.${number}`, `${path}.${number + 1}`)
      } catch {}
    }
    file = openSync(path, 'a', 0o600)
    size = 0
  }

  return {
    write(text) {
      try {
        if (size > 0 && size + text.length > largest) rotate()
        size += writeSync(file, text)
      } catch {}
    },
    close: () => closeSync(file),
  }
}
