import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import type { Masker } from './masking.ts'

export type Log = Logger

/**
 * The daemon's own log: JSON lines on stderr and in `logs/wildd.log`, masked by value. Level from WILD_LOG (info).
 * A folder that cannot be written costs the file, not the daemon.
 */
export function createLog(options: { folder?: string; level: string; masker: Masker; quiet?: boolean }): Log {
  const streams: pino.StreamEntry[] = options.quiet ? [] : [{ stream: process.stderr, level: 'trace' }]
  if (options.folder) {
    mkdirSync(options.folder, { recursive: true })
    const file = pino.destination({ dest: join(options.folder, 'wildd.log'), sync: true, mkdir: true })
    file.on('error', () => undefined)
    streams.push({ stream: file, level: 'trace' })
  }
  const masked = streams.map((entry) => ({
    level: entry.level,
    stream: { write: (line: string) => void entry.stream.write(options.masker.text(line)) },
  }))
  return pino(
    { level: options.level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream(masked as pino.StreamEntry[]),
  )
}
