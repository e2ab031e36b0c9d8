import type { Disk } from '../hardware.ts'
import type { Machine } from '../life.ts'
import type { DiskChange } from '../record.ts'
import { prettySize, type Resource, type ResourceType } from './model.ts'

const MB = 1_048_576

/** The partitions Talos makes, with their sizes; EPHEMERAL takes the rest. */
const PARTITIONS = [
  { label: 'EFI', name: 'vfat', size: 100 * MB },
  { label: 'BIOS', name: '', size: MB },
  { label: 'BOOT', name: 'xfs', size: 1000 * MB },
  { label: 'META', name: 'talosmeta', size: MB },
  { label: 'STATE', name: 'xfs', size: 100 * MB },
  { label: 'EPHEMERAL', name: 'xfs', size: 0 },
]

/** Disks, what is found on them, and where Talos is installed. */
export const blockTypes: ResourceType[] = [
  {
    type: 'Disks.block.talos.dev',
    namespace: 'runtime',
    aliases: [],
    owner: 'block.DisksController',
    list: ({ hardware }) => hardware.disks.map((disk) => ({ id: disk.name, spec: diskSpec(disk) })),
  },
  {
    type: 'DiscoveredVolumes.block.talos.dev',
    namespace: 'runtime',
    aliases: ['dv'],
    owner: 'block.DiscoveryController',
    list: (machine) => machine.hardware.disks.flatMap((disk) => volumesOf(machine, disk)),
  },
  {
    type: 'SystemDisks.block.talos.dev',
    namespace: 'runtime',
    aliases: [],
    owner: 'block.SystemDiskController',
    list: ({ record }) =>
      record.systemDisk === undefined
        ? []
        : [{ id: 'system-disk', spec: { diskID: record.systemDisk, devPath: `/dev/${record.systemDisk}` } }],
  },
]

function diskSpec(disk: Disk) {
  return {
    dev_path: `/dev/${disk.name}`,
    size: disk.size,
    pretty_size: prettySize(disk.size),
    io_size: 512,
    sector_size: disk.cdrom ? 2048 : 512,
    readonly: disk.readonly,
    cdrom: disk.cdrom,
    ...filled({
      model: disk.model,
      serial: disk.serial,
      modalias: disk.transport === 'nvme' || disk.transport === '' ? '' : disk.cdrom ? 'scsi:t-0x05' : 'scsi:t-0x00',
      wwid: disk.wwid,
      transport: disk.transport,
      rotational: disk.rotational,
    }),
    bus_path: disk.busPath,
    sub_system: disk.transport === 'nvme' ? '/sys/class/nvme' : '/sys/class/block',
  }
}

/** Fields that Talos leaves out when they are empty or false. */
function filled(fields: Record<string, string | boolean>): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false))
}

const partitionName = (disk: string, index: number): string =>
  /\d$/.test(disk) ? `${disk}p${index}` : `${disk}${index}`

function volumesOf({ record }: Machine, disk: Disk): Resource[] {
  const found = record.disks?.[disk.name]
  const installed = record.systemDisk === disk.name || found?.filesystem === 'talos'
  // A reset empties what holds configuration and data; the partitions stay.
  const wiped = record.systemDisk === disk.name && record.config === undefined
  const whole = {
    dev_path: `/dev/${disk.name}`,
    type: 'disk',
    size: disk.size,
    pretty_size: prettySize(disk.size),
    sector_size: 512,
    io_size: 512,
    ...wholeDisk(disk, installed, found),
  }
  const used = PARTITIONS.reduce((sum, partition) => sum + partition.size, 0)
  const partitions = PARTITIONS.map((partition, index) => {
    const name = partitionName(disk.name, index + 1)
    const size = partition.size || disk.size - used - 2 * MB
    const empty = wiped && ['STATE', 'EPHEMERAL'].includes(partition.label)
    return {
      id: name,
      spec: {
        dev_path: `/dev/${name}`,
        type: 'partition',
        parent: disk.name,
        parent_dev_path: `/dev/${disk.name}`,
        size,
        pretty_size: prettySize(size),
        sector_size: 512,
        io_size: 512,
        name: empty ? '' : partition.name,
        ...(partition.name === 'xfs' && !empty ? { label: partition.label } : {}),
        partition_label: partition.label,
        partition_index: index + 1,
      },
    }
  })
  return [{ id: disk.name, spec: whole }, ...(installed ? partitions : [])]
}

/** What the probe finds on the disk as a whole: a partition table, or a file system without one. */
function wholeDisk(disk: Disk, installed: boolean, found: DiskChange | undefined): { name: string; label?: string } {
  if (installed) return { name: 'gpt' }
  if (found?.filesystem) return { name: found.filesystem, ...(found.label ? { label: found.label } : {}) }
  if (disk.transport === 'usb') return { name: 'iso9660', label: 'TALOS_V1_11_5' }
  return { name: disk.name === 'loop0' ? 'squashfs' : '' }
}
