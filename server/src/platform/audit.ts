import { join } from 'node:path'
import type { Door } from './door.ts'
import { openRotatingFile } from './rotating-file.ts'

/** Somebody saw secrets: through which door, which ones, and why. Never a value. */
export interface AuditEntry {
  /** Such as `secret.reveal`. */
  action: string
  door: Door
  instance: string
  /** Which secrets: a path, or what else says which. */
  key: string
  /** What the person gave as the reason. */
  reason?: string
}

/** Where it is noted who saw secrets. */
export interface Audit {
  record(entry: AuditEntry): void
  close(): void
}

/** `logs/audit.log`: a JSON line each, 0600, written whatever the log level is. */
export function createAudit(folder: string): Audit {
  const file = openRotatingFile(join(folder, 'audit.log'))
  return {
    record: (entry) => file.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
    close: () => file.close(),
  }
}
