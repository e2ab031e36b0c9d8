import type { Column } from '../output/table.ts'
import { formatBytes } from '../output/units.ts'
import type { Assignment, ClusterNode, Disk, Machine, NetworkInterface } from '../rest/types.ts'

export const nodeColumns: Column<ClusterNode>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'role', value: (row) => row.role },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'address', value: (row) => row.ip ?? row.target_ip },
  { title: 'talos', value: (row) => row.version },
]

export const machineColumns: Column<Machine>[] = [
  { title: 'mac', value: (row) => row.mac },
  { title: 'address', value: (row) => row.ip },
  { title: 'interface', value: (row) => row.interface, spare: 1 },
  {
    title: 'state',
    value: (row) => (row.maintenance_mode ? 'maintenance' : row.state === 'stranger' ? 'stranger' : 'configured'),
  },
  {
    title: 'machine',
    value: (row) => [row.manufacturer, row.product].filter(Boolean).join(' ') || row.hostname,
  },
  { title: 'node', value: (row) => (row.node ? [row.instance, row.node].filter(Boolean).join('/') : undefined) },
  { title: 'disks', value: (row) => row.disks?.filter(({ unsuitable }) => !unsuitable).map(diskText), prose: true },
]

export const diskColumns: Column<Disk>[] = [
  { title: 'disk', value: (row) => row.path },
  { title: 'size', value: (row) => (row.size === undefined ? undefined : formatBytes(row.size)) },
  { title: 'model', value: (row) => row.model },
  { title: 'serial', value: (row) => row.serial },
  { title: 'holds', value: (row) => row.holds, prose: true },
  { title: 'not for talos', value: (row) => row.unsuitable },
]

export const interfaceColumns: Column<NetworkInterface>[] = [
  { title: 'interface', value: (row) => row.name },
  { title: 'link', value: (row) => (row.up ? speedText(row.speed) : 'no cable') },
  { title: 'mac', value: (row) => row.mac },
  { title: 'addresses', value: (row) => row.addresses?.join(', '), prose: true },
  { title: 'leads out', value: (row) => (row.default_route ? 'yes' : undefined) },
]

function speedText(speed: number | null | undefined): string {
  if (!speed) return 'up'
  return speed >= 1000 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`
}

export const assignmentColumns: Column<Assignment>[] = [
  { title: 'node', value: (row) => row.node },
  { title: 'disk', value: (row) => row.disk },
  { title: 'from', value: (row) => row.current_ip },
  { title: 'to', value: (row) => row.target_ip },
  { title: 'machine', value: (row) => row.mac },
  { title: 'role', value: (row) => row.role },
  { title: 'interface', value: (row) => row.interface },
  { title: 'why this disk', value: (row) => row.reason, prose: true },
]

function diskText({ path, size }: Disk): string {
  return size === undefined ? path : `${path} (${formatBytes(size)})`
}
