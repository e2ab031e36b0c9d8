import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { appName, instanceName } from '../../platform/names.ts'
import { snapshotNote } from '../cluster/index.ts'

/** What a backup is of: one app's data; an instance's folder; a cluster's objects and etcd; the whole data directory. */
export const backupKinds = ['app', 'home', 'cluster', 'device'] as const
export type BackupKind = (typeof backupKinds)[number]

/** Why it was made. */
export const backupReasons = ['manual', 'schedule', 'update', 'restore'] as const
export type BackupReason = (typeof backupReasons)[number]

export const partKinds = ['database', 'volume', 'files', 'etcd', 'objects'] as const

/** One stream of a backup, with what proves it. */
const backupPart = z.object({
  /** Its name in the vault. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  kind: z.enum(partKinds),
  /** Bytes as they were read, before anything is packed or encrypted. */
  bytes: z.number(),
  /** Of those bytes. */
  sha256: z.string(),
  /** Name of the database or the claim. */
  source: z.string().optional(),
  /** Engine of a database and the app that runs it. */
  engine: z.enum(['postgres', 'mysql']).optional(),
  server: z.string().optional(),
  /** Rows of each table. */
  tables: z.record(z.string(), z.number()).optional(),
  /** Files of a volume and their bytes together; absent when it was written to meanwhile. */
  contents: z.object({ files: z.number(), bytes: z.number() }).optional(),
  /** What is noted of a snapshot of etcd, to know later whether it fits a cluster. */
  snapshot: snapshotNote.optional(),
  /** What the claim asked for, to make one like it. */
  claim: z
    .object({ size: z.string(), storageClass: z.string().optional(), accessModes: z.array(z.string()) })
    .optional(),
})
export type BackupPart = z.infer<typeof backupPart>

/** What is written last: a backup without it does not count. It holds no secret. */
export const backupManifest = z.object({
  format: z.literal('wild-central-backup'),
  version: z.literal(1),
  id: z.string(),
  kind: z.enum(backupKinds),
  instance: z.string().optional(),
  app: z.string().optional(),
  /** Version of the app in the catalog when it was made. */
  appVersion: z.string().optional(),
  createdAt: z.string(),
  reason: z.enum(backupReasons),
  /** Whether the app stood still meanwhile. */
  quiet: z.boolean().default(false),
  parts: z.array(backupPart),
})
export type BackupManifest = z.infer<typeof backupManifest>

/** What is found in a vault: whole, or begun and never finished. */
export interface StoredBackup {
  id: string
  parts: string[]
  /** Absent: not finished. */
  manifest?: BackupManifest
}

export const manifestPart = 'manifest.json'

export const backupId = z
  .string()
  .max(180)
  .regex(
    /^(app|home|cluster|device)-[a-z0-9-]+-\d{8}t\d{6}z-[a-z0-9]{4}$/,
    'This is not the name of a backup; see wild-cli backup list.',
  )

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** `app-home-ghost-20260131t020304z-k3x9`: sorts by time within its kind. */
export function newBackupId(kind: BackupKind, of: (string | undefined)[], now: number): string {
  const at = new Date(now)
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
    .toLowerCase()
  const tail = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return [kind, ...of.filter((part) => part !== undefined), at, tail].join('-')
}

/** When a backup was begun, from its name; ms since 1970. */
export function backupTime(id: string): number {
  const [, date = '', time = ''] = /-(\d{8})t(\d{6})z-/.exec(id) ?? []
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`
  return Date.parse(iso)
}

export const appBackupInput = z.strictObject({
  instance: instanceName,
  app: appName,
  /** Filled in when it starts, so that running it again goes on with the same one. */
  backup: backupId.optional(),
  reason: z.enum(backupReasons).default('manual'),
})
export type AppBackupInput = z.output<typeof appBackupInput>

export const restoreParts = ['all', 'database', 'volumes'] as const
export type RestorePart = (typeof restoreParts)[number]

export const appRestoreInput = z.strictObject({
  instance: instanceName,
  app: appName,
  /** Default: the newest whole one. Filled in when it starts. */
  backup: backupId.optional(),
  only: z.enum(restoreParts).default('all'),
  /** Although it was made with another version of the app. */
  otherVersion: z.boolean().default(false),
  /** Name of a namespace to restore the data into, beside the app. */
  beside: appName.optional(),
  /** Marks what this restore makes. Filled in when it starts. */
  mark: z
    .string()
    .regex(/^[a-z0-9]{6}$/)
    .optional(),
})
export type AppRestoreInput = z.output<typeof appRestoreInput>

/** Six letters and digits that mark what belongs to one piece of work. */
export function newMark(): string {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
}

export const oneBackupInput = z.strictObject({
  /** Absent: one of the device. */
  instance: instanceName.optional(),
  backup: backupId,
  /** Also when it is the last good one. */
  force: z.boolean().default(false),
})
export type OneBackupInput = z.output<typeof oneBackupInput>
