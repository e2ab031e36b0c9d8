/** Name of the trash folder of an instance deleted `at` (milliseconds since the epoch): `home-2026-01-31T10-20-30-123Z`. */
export function trashEntryName(instance: string, at: number): string {
  return `${instance}-${new Date(at).toISOString().replace(/[:.]/g, '-')}`
}

const pattern = /^([a-z0-9](?:[-a-z0-9]{0,38}[a-z0-9])?)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/

/** What such a name says; undefined for anything else that lies in the trash. */
export function readTrashEntryName(entry: string): { instance: string; deletedAt: string } | undefined {
  const parts = pattern.exec(entry)
  if (!parts) return undefined
  const [, instance, day, hours, minutes, seconds, milliseconds] = parts
  const deletedAt = `${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`
  return Number.isNaN(Date.parse(deletedAt)) ? undefined : { instance: instance!, deletedAt }
}

/** A deleted instance that can still be had back. */
export interface TrashEntry {
  /** Names it in the trash. */
  entry: string
  /** What the instance was called. */
  name: string
  description: string
  deletedAt: string
  /** When it is removed for good; absent when `trash.keepDays` cannot be read. */
  goneAt?: string
  /** Bytes of all its files. */
  size: number
  files: number
  apps: string[]
}
