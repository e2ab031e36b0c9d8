import type { Address, DiscoveredVolume, Link, Resource, Route, TalosDisk } from '../../tools/talosctl-resources.ts'
import { type Disk, type DiskContent, readableSize } from './disk-contents.ts'
import type { NetworkInterface } from './model.ts'

/** The smallest disk Talos is installed to, in bytes (10 GB, decimal as on the label). */
export const smallestDisk = 10_000_000_000

/** The interface that leads out: the one of the IPv4 default route (empty `dst`, with a gateway), best priority first. */
function defaultRouteInterface(routes: Resource<Route>[]): string | undefined {
  const defaults = routes.filter(({ spec }) => spec.dst === '' && spec.family === 'inet4' && spec.gateway !== '')
  return defaults.sort((a, b) => a.spec.priority - b.spec.priority)[0]?.spec.outLinkName || undefined
}

const usualNames = /^(eth|en)/
const virtualNames = /(cni|flannel|docker|br-|veth)/

function upAndWired(links: Resource<Link>[]): Resource<Link>[] {
  const wired = links.filter(({ id, spec }) => spec.type === 'ether' && spec.kind === '' && id !== 'lo')
  return wired.filter(({ spec }) => spec.operationalState === 'up')
}

export interface InterfaceChoice {
  name?: string
  reason: string
}

/**
 * The network interface to configure: that of the default route, else the first wired one that is up, with usual names
 * before others. No name when the machine has none.
 */
export function chooseInterface(links: Resource<Link>[], routes: Resource<Route>[]): InterfaceChoice {
  const routed = defaultRouteInterface(routes)
  if (routed) return { name: routed, reason: 'the default route leads out there' }
  const up = upAndWired(links)
  const name = (up.find(({ id }) => usualNames.test(id) && !virtualNames.test(id)) ?? up[0])?.id
  if (!name) return { reason: 'no wired interface is up' }
  return {
    name,
    reason:
      up.length === 1 ? 'the only wired one that is up' : `no default route; the first of ${up.length} that are up`,
  }
}

/** What a virtual network card says for "unknown". */
const unknownSpeed = 4_294_967_295

/** The machine's own network cards, with what they are connected to. */
export function readInterfaces(
  links: Resource<Link>[],
  routes: Resource<Route>[],
  addresses: Resource<Address>[],
): NetworkInterface[] {
  const routed = defaultRouteInterface(routes)
  const cards = links.filter(({ id, spec }) => spec.type === 'ether' && spec.kind === '' && id !== 'lo')
  return cards.map(({ id, spec }) => ({
    name: id,
    mac: macOf(links, id) ?? '',
    addresses: addresses.filter((one) => one.spec.linkName === id).map((one) => one.spec.address),
    up: spec.linkState || spec.operationalState === 'up',
    ...(spec.speedMbit > 0 && spec.speedMbit !== unknownSpeed ? { speed: spec.speedMbit } : {}),
    driver: spec.driver,
    defaultRoute: id === routed,
  }))
}

/** The hardware address of an interface, lower case; undefined for one without. */
export function macOf(links: Resource<Link>[], name: string | undefined): string | undefined {
  const link = links.find(({ id }) => id === name)
  const address = link?.spec.permanentAddr || link?.spec.hardwareAddr
  return address ? address.toLowerCase() : undefined
}

/** Every hardware address of the machine's physical interfaces, lower case. */
export function macsOf(links: Resource<Link>[]): string[] {
  const wired = links.filter(({ id, spec }) => spec.type === 'ether' && id !== 'lo')
  return wired
    .flatMap(({ spec }) => [spec.permanentAddr, spec.hardwareAddr])
    .flatMap((mac) => (mac ? [mac.toLowerCase()] : []))
}

/** The IPv4 addresses of an interface, without prefix length. */
export function addressesOf(addresses: Resource<Address>[], name: string | undefined): string[] {
  const own = addresses.filter(({ spec }) => spec.linkName === name && spec.family === 'inet4')
  return own.map(({ spec }) => spec.address.split('/')[0]!)
}

function unsuitable(disk: TalosDisk): string | undefined {
  if (disk.cdrom) return 'a CD-ROM'
  if (disk.readonly) return 'read-only'
  if (disk.transport === 'usb') return 'a USB disk'
  if (disk.size < smallestDisk) return `smaller than ${readableSize(smallestDisk)}`
  return undefined
}

const partitionTables = new Set(['gpt', 'dos', 'mbr'])

/** What is on one disk: its partitions and a file system on the disk itself; a bare partition table is nothing. */
function contentsOf(path: string, volumes: Resource<DiscoveredVolume>[]): DiskContent[] {
  const own = volumes.filter(({ spec }) => spec.parent_dev_path === path || (spec.dev_path === path && spec.name))
  return own
    .filter(({ spec }) => !(spec.dev_path === path && partitionTables.has(spec.name)))
    .map(({ id, spec }) => ({
      path: spec.dev_path || `/dev/${id}`,
      filesystem: spec.name,
      label: spec.partition_label || spec.label,
      size: spec.size,
    }))
}

/**
 * Real disks (loop devices left out) in the order the machine lists them, each with why it is not suitable, if so, and
 * with what is on it when the machine was asked for its volumes.
 */
export function readDisks(disks: Resource<TalosDisk>[], volumes?: Resource<DiscoveredVolume>[]): Disk[] {
  return disks
    .filter(({ id }) => !/^(loop|ram|zram|dm-)/.test(id))
    .map(({ id, spec }) => {
      const { size, model, serial, wwid, transport, rotational } = spec
      const path = spec.dev_path || `/dev/${id}`
      const contents = volumes ? { contents: contentsOf(path, volumes) } : {}
      const disk: Disk = { path, size, model, serial, wwid, transport, rotational, ...contents }
      const reason = unsuitable(spec)
      return reason ? { ...disk, unsuitable: reason } : disk
    })
}

export interface DiskChoice {
  disk?: Disk
  reason: string
}

/** The disk to install to: the smallest suitable one; the disk Talos already runs from, when it is one of ours. */
export function chooseDisk(disks: Disk[], systemDisk?: string): DiskChoice {
  const current = disks.find((disk) => disk.path === systemDisk)
  if (current) return { disk: current, reason: 'the disk Talos runs from' }
  const suitable = disks.filter((disk) => !disk.unsuitable).sort((a, b) => a.size - b.size)
  const [disk] = suitable
  if (disk)
    return {
      disk,
      reason: suitable.length === 1 ? 'the only suitable disk' : `the smallest of ${suitable.length} suitable disks`,
    }
  if (disks.length === 0) return { reason: 'the machine has no disk' }
  return { reason: `no disk fits: ${disks.map((each) => `${each.path} is ${each.unsuitable}`).join(', ')}` }
}

/** What a disk is known by after its name may have changed; undefined when it has neither serial nor WWID. */
export type DiskIdentity = { serial?: string; wwid?: string }

/** Compares a disk with what was written down. `unknown` when nothing was written down or the disk tells nothing. */
export function compareDisk(disk: Disk, known: DiskIdentity): 'same' | 'other' | 'unknown' {
  if (known.serial && disk.serial) return known.serial === disk.serial ? 'same' : 'other'
  if (known.wwid && disk.wwid) return known.wwid === disk.wwid ? 'same' : 'other'
  return known.serial || known.wwid ? 'other' : 'unknown'
}
