import { z } from 'zod'

/** A snapshot's name, which is also that of its file. */
export const snapshotName = z
  .string()
  .max(80, 'A name of a snapshot has at most 80 characters.')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'The name of a snapshot may hold letters, digits, ".", "_" and "-", and starts with a letter or digit.',
  )

/** What is noted beside a snapshot when it is made. */
export const snapshotNote = z.object({
  /** The control plane that was asked. */
  node: z.string(),
  /** Not known of a copy. */
  revision: z.number().optional(),
  keys: z.number().optional(),
  /** SHA-256 of the file where it carries none: it was copied off the disk of a machine. */
  sha256: z.string().optional(),
  kubernetesVersion: z.string().optional(),
  talosVersion: z.string().optional(),
  /** SHA-256 of the cluster's certificate authority: what etcd holds is of use under its own keys only. */
  authority: z.string().optional(),
})
export type SnapshotNote = z.infer<typeof snapshotNote>

/** A snapshot of etcd as it lies on the disk. */
export interface EtcdSnapshot extends Partial<SnapshotNote> {
  name: string
  file: string
  takenAt: string
  /** Bytes. */
  size: number
  /** Made without a name of its own: old ones are removed when there are more than are kept. */
  automatic: boolean
  /** False when its size cannot be that of a snapshot: its writing was cut off. */
  whole: boolean
}

const stamped = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-|$)/

/** True for a name that was made from the time. */
export function isAutomatic(name: string): boolean {
  return stamped.test(name)
}

/** `2026-01-31T10-20-30Z`, with what it was made for: `2026-01-31T10-20-30Z-before-reset`. */
export function stampedName(now: number, purpose?: string): string {
  const stamp = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return purpose ? `${stamp}-${purpose}` : stamp
}

/** The automatic ones beyond the newest `keep`, which may go; newest first is expected. */
export function superfluous(snapshots: EtcdSnapshot[], keep: number): EtcdSnapshot[] {
  return snapshots.filter(({ automatic }) => automatic).slice(keep)
}
