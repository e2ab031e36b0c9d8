import { readableSize } from './hardware.ts'
import type { Disk, DiskContent } from './model.ts'

/** Partitions Talos makes, by their labels. */
export const talosPartitions = new Set(['EFI', 'BIOS', 'BOOT', 'META', 'STATE', 'EPHEMERAL'])
/** Those that hold a configuration and data; a reset empties them. */
export const talosData = new Set(['STATE', 'EPHEMERAL'])

/** Talos left its partitions here: META names it, EFI and BOOT alone could be anybody's. */
export function hasTalosLayout(contents: DiskContent[]): boolean {
  return contents.some(({ label }) => label === 'META') && contents.some(({ label }) => talosData.has(label))
}

/** `xfs "STATE" (105 MB)`. */
export function called({ filesystem, label, size }: DiskContent): string {
  return [filesystem, label && `"${label}"`, `(${readableSize(size)})`].filter(Boolean).join(' ')
}

/** "ext4 "backup" (500 GB)", "an installation of Talos"; empty for a disk on which nothing is. */
export function contentsText({ contents = [] }: Pick<Disk, 'contents'>): string {
  const talos = hasTalosLayout(contents)
  const others = contents.filter(({ label, filesystem }) => filesystem && !(talos && talosPartitions.has(label)))
  return [...(talos ? ['an installation of Talos'] : []), ...others.map(called)].join(', ')
}
