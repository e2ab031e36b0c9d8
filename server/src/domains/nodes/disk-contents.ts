/** A file system or partition found on a disk. */
export interface DiskContent {
  /** `/dev/sda1`, or the disk itself. */
  path: string
  /** `xfs`, `ext4`, `luks`, `iso9660`…; empty for a partition on which nothing was recognised. */
  filesystem: string
  /** The name people or installers gave it; empty without one. */
  label: string
  /** Bytes. */
  size: number
}

export interface Disk {
  path: string
  /** Bytes. */
  size: number
  model: string
  serial: string
  wwid: string
  transport: string
  rotational: boolean
  /** Why it is not offered for the installation; absent when it could be. */
  unsuitable?: string
  /** What is on it; empty for a blank one, absent when nobody looked. */
  contents?: DiskContent[]
}

/** "512.1 GB" */
export function readableSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`
}

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
