import { WildError } from '../../platform/errors.ts'
import { called, hasTalosLayout, readableSize, talosData, talosPartitions } from './disk-contents.ts'
import { compareDisk, smallestDisk } from './hardware.ts'
import { type Disk, type NodeRecord, nameOf } from './model.ts'

/** What a disk is called: its serial number, else its WWID, else where it is. Also the word that gives it up. */
export function wordOf(disk: Pick<Disk, 'serial' | 'wwid' | 'path'>): string {
  return disk.serial.trim() || disk.wwid.trim() || disk.path
}

function isBootMedium({ contents = [] }: Disk): boolean {
  return contents.some(({ filesystem, label }) => filesystem === 'iso9660' && /^talos/i.test(label))
}

/** What speaks against wiping this disk, one sentence each; empty when nothing does. `it` is the disk. */
export function objections(record: NodeRecord, disk: Disk): string[] {
  const agreed = record.installedDisk !== undefined && record.installedDisk === wordOf(disk)
  const known = { serial: record.diskSerial, wwid: record.diskWwid }
  const found: string[] = []
  if (compareDisk(disk, known) === 'other')
    found.push(
      `it is not the disk that was chosen (serial ${record.diskSerial ?? record.diskWwid}): it has the serial ${disk.serial || 'unknown'}`,
    )
  if (isBootMedium(disk)) found.push('it is the medium the machine was started from')
  else if (disk.transport === 'usb' && !agreed) found.push('it is a USB disk')
  const { contents = [] } = disk
  const talos = hasTalosLayout(contents)
  const installed = talos && contents.some(({ label, filesystem }) => talosData.has(label) && filesystem)
  if (installed && !agreed) found.push('it holds an installation of Talos with its data, which this node did not make')
  const foreign = contents.filter(
    ({ filesystem, label }) => filesystem && filesystem !== 'iso9660' && !(talos && talosPartitions.has(label)),
  )
  if (foreign.length) found.push(`it holds ${foreign.map(called).join(', ')}`)
  return found
}

function moved(record: NodeRecord, disks: Disk[]): string {
  const known = { serial: record.diskSerial, wwid: record.diskWwid }
  const now = disks.find((disk) => compareDisk(disk, known) === 'same')
  return now ? ` The chosen disk is now ${now.path}.` : ' The chosen disk is not in the machine.'
}

function missing(record: NodeRecord, disks: Disk[]): WildError {
  const hint = `wild-cli node setup ${record.name} --force-reconfigure`
  return new WildError(
    'CONFLICT',
    `${nameOf(record)} has no disk ${record.disk}.${moved(record, disks)} Nothing was changed. To choose anew, run: ${hint}`,
    { node: record.name, disk: record.disk, hint },
  )
}

function impossible(record: NodeRecord, disk: Disk): WildError {
  const hint = `wild-cli node setup ${record.name} --force-reconfigure`
  return new WildError(
    'CONFLICT',
    `${disk.path} of ${nameOf(record)} cannot hold Talos: it is ${disk.unsuitable}. Choose another disk in cluster.nodes.active.${record.name}.disk, or run: ${hint}`,
    { node: record.name, disk: disk.path, hint },
  )
}

/**
 * The disk of a node that may be wiped. Throws CONFLICT when it is not there or cannot hold Talos; and when something
 * speaks against it, unless `accepted` is the word that gives this very disk up (`details.accept`; its serial number).
 */
export function guardDisk(record: NodeRecord, disks: Disk[], accepted?: string): Disk {
  const disk = disks.find(({ path }) => path === record.disk)
  if (!disk) throw missing(record, disks)
  if (disk.unsuitable && (disk.transport !== 'usb' || disk.size < smallestDisk)) throw impossible(record, disk)
  const found = objections(record, disk)
  const word = wordOf(disk)
  if (found.length === 0 || accepted?.trim() === word) return disk
  const hint = `wild-cli node setup ${record.name} --accept-disk ${quoted(word)}`
  const other = compareDisk(disk, { serial: record.diskSerial, wwid: record.diskWwid }) === 'other'
  const typed = accepted ? ` "${accepted}" is not its word.` : ''
  throw new WildError(
    'CONFLICT',
    `${disk.path} of ${nameOf(record)} (${disk.model || 'a disk'}, ${readableSize(disk.size)}) is not overwritten: ${found.join('; ')}.${other ? moved(record, disks) : ''} Nothing was changed.${typed} To lose what is on it, the word to type is ${word}: ${hint}`,
    { node: record.name, disk: disk.path, serial: disk.serial, found, accept: word, hint },
  )
}

/** Safe to paste into a shell: serial numbers may hold anything. */
function quoted(word: string): string {
  return /^[\w./:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
