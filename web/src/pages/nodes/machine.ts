import { nodesText } from '../../strings/nodes.ts'
import { bytes } from '../../ui/time.ts'

const { machines: texts } = nodesText

/** A machine that discovery has seen. */
export interface Machine {
  mac: string | null
  ip: string
  state: 'maintenance' | 'ours' | 'stranger'
  hostname: string | null
  problem: string | null
  serial: string | null
  uuid: string | null
  interface: string | null
  interfaceReason: string | null
  interfaces: {
    name: string
    mac: string
    addresses: string[]
    up: boolean
    speed: number | null
    defaultRoute: boolean
  }[]
  manufacturer: string | null
  product: string | null
  instance: string | null
  selectedDisk: string | null
  selectedDiskReason: string
  disks: { path: string; size: unknown; model: string; unsuitable: string | null; holds: string }[]
}

/** "HP EliteDesk 800"; some makers write their name into the product too. */
export function called({ manufacturer, product, hostname }: Machine): string {
  if (!manufacturer || !product) return manufacturer ?? product ?? hostname ?? texts.unnamed
  return product.toLowerCase().startsWith(manufacturer.toLowerCase()) ? product : `${manufacturer} ${product}`
}

/** The disk Talos would go to, in words. */
export function diskText(machine: Machine): string {
  const disk = machine.disks.find(({ path }) => path === machine.selectedDisk)
  if (!disk) return texts.noDisk
  const holds = disk.holds && texts.holds(disk.holds)
  return [disk.path, disk.model, bytes(Number(disk.size)), holds].filter(Boolean).join(', ')
}

/** Waits to be set up, and belongs to nobody. */
export const isFree = (machine: Machine) => machine.state === 'maintenance' && !machine.instance

/** As `wild-cli node setup` takes them. */
export function byAddress(a: Machine, b: Machine): number {
  return a.ip.localeCompare(b.ip, 'en', { numeric: true })
}

/** The first free name of a kind: control-1, control-2… */
export function freeName(kind: string, names: Set<string>): string {
  for (let number = 1; ; number++) if (!names.has(`${kind}-${number}`)) return `${kind}-${number}`
}
