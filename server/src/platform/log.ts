import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import type { Masker } from './masking.ts'
import { openRotatingFile } from './rotating-file.ts'

export type Log = Logger

/** Name of the daemon's own log in the folder of logs. */
export const daemonLogFile = 'wildd.log'

/**
 * The daemon's own log: JSON lines on stderr and in `logs/wildd.log` (put aside at 10 MB, four kept), masked by value.
 * Level from WILD_LOG (info). `heard` gets each line as it was written.
 */
export function createLog(options: {
  folder: string
  level: string
  masker: Masker
  heard?: (line: string) => void
}): Log {
  const file = openRotatingFile(join(options.folder, daemonLogFile))
  const write = (line: string): void => {
    const masked = options.masker.text(line)
    process.stderr.write(masked)
    file.write(masked)
    options.heard?.(masked)
  }
  return pino({ level: options.level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
