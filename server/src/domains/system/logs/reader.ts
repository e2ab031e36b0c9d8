import { join } from 'node:path'
import { type AuditEntry, auditFile } from '../../../platform/audit.ts'
import { invalid } from '../../../platform/errors.ts'
import { daemonLogFile } from '../../../platform/log.ts'
import { lastLines } from '../../../platform/log-tail.ts'
import type { Signals } from '../../../platform/signals.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

/** A line of the daemon's own log. */
export interface LogEntry {
  time: string
  level: LogLevel
  message: string
  /** What else was said: request id, instance, error. */
  fields: Record<string, unknown>
}

export type AuditLine = AuditEntry & { time: string }

const mostLines = 2_000

/** Reads the logs of the daemon, and follows them. */
export interface LogReader {
  /** The newest lines of this level and above, oldest first. */
  daemon(options: { lines: number; level: LogLevel }): Promise<LogEntry[]>
  /** Lines from now on. */
  follow(level: LogLevel, signal?: AbortSignal): AsyncIterableIterator<LogEntry>
  /** Who changed what and who saw secrets, newest first. */
  audit(options: { lines: number; instance?: string }): Promise<AuditLine[]>
}

interface PinoLine {
  level: number
  time: string
  msg?: string
}

/** A reader over the folder of logs; `heard` brings the lines as they are written. */
export function createLogReader(folder: string, heard: Signals<string>): LogReader {
  return {
    async daemon({ lines, level }) {
      const found = await lastLines<PinoLine>(join(folder, daemonLogFile), checked(lines), (line) =>
        reaches(line, level),
      )
      return found.map(entryOf)
    },
    async *follow(level, signal) {
      for await (const text of heard.iterate({ signal, limit: 1_000 })) {
        const line = JSON.parse(text) as PinoLine
        if (reaches(line, level)) yield entryOf(line)
      }
    },
    async audit({ lines, instance }) {
      const file = join(folder, auditFile)
      const found = await lastLines<AuditLine>(file, checked(lines), (line) => !instance || line.instance === instance)
      return found.reverse()
    },
  }
}

function checked(lines: number): number {
  if (lines < 1 || lines > mostLines) throw invalid('lines', `lines: from 1 to ${mostLines}.`)
  return lines
}

function reaches({ level }: PinoLine, least: LogLevel): boolean {
  return level >= (logLevels.indexOf(least) + 1) * 10
}

function entryOf({ level, time, msg, ...fields }: PinoLine): LogEntry {
  return { time, level: logLevels[Math.min(level / 10, logLevels.length) - 1] ?? 'info', message: msg ?? '', fields }
}
