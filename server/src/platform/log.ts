import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import type { Masker } from './masking.ts'
import { openRotatingFile } from './rotating-file.ts'

export type Log = Logger

/**
 * The daemon's own log: JSON lines on stderr and in `logs/wildd.log` (put aside at 10 MB, four kept), masked by value.
 * Level from WILD_LOG (info).
 */
export function createLog(options: { folder: string; level: string; masker: Masker }): Log {
  const file = openRotatingFile(join(options.folder, 'wildd.log'))
  const write = (line: string): void => {
    const masked = options.masker.text(line)
    process.stderr.write(masked)
    file.write(masked)
  }
  return pino({ level: options.level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
