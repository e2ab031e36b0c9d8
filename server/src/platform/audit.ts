import { join } from 'node:path'
import type { Door } from './door.ts'
import { openRotatingFile } from './rotating-file.ts'

/** Who changed something or saw a secret: through which door, of which instance, with which end. Never a value. */
export interface AuditEntry {
  /** The mutation of the API, such as `setConfig`, or `secret.reveal`. */
  action: string
  door: Door
  instance?: string
  /** What it was about: names and paths. */
  key?: string
  /** What the person gave as the reason. */
  reason?: string
  /** Code of the refusal; absent when it was done. */
  failed?: string
}

/** Where it is noted who changed what, and who saw secrets. */
export interface Audit {
  record(entry: AuditEntry): void
  close(): void
}

/** Name of the audit file in the folder of logs. */
export const auditFile = 'audit.log'

/** `logs/audit.log`: a JSON line each, 0600, masked by value, written whatever the log level is. `heard` gets each line. */
export function createAudit(folder: string, mask: (text: string) => string, heard?: (line: string) => void): Audit {
  const file = openRotatingFile(join(folder, auditFile))
  return {
    record(entry) {
      const line = mask(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
      file.write(line)
      heard?.(line)
    },
    close: () => file.close(),
  }
}
