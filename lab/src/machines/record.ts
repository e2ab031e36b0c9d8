/** A moment that never comes: the machine is off, or does not return. */
export const NEVER = Number.MAX_SAFE_INTEGER

/** What is remembered of one machine. Everything else follows from it and from the time (see life.ts). Moments are real milliseconds since the epoch. */
export interface MachineRecord {
  number: number
  /** The applied machine config, as it was sent. Absent in maintenance mode. */
  config?: string
  /** A config to take effect with the next reboot. */
  stagedConfig?: string
  /** What keeps the machine away until `upFrom`. */
  activity: 'installing' | 'rebooting' | 'resetting' | 'upgrading' | 'off'
  /** End of writing to the disk; the reboot follows. */
  installUntil: number
  /** The machine API answers from here on. */
  upFrom: number
  /** A never-returns fault holds the machine. */
  stuck: boolean
  /** What somebody changed about its disks, by name: another disk plugged in, or something put on one. */
  disks?: Record<string, DiskChange>
  /** Graphics cards somebody put in, as PCI class and vendor: `0300_10de`. */
  cards?: string[]
  /** The last number of the address the router gives it; its usual one when absent. */
  leasedHost?: number
  /** How far its clock is ahead, ms (behind: below zero), because it reaches no time server. */
  clockOffset?: number
  /** Name of the disk that carries Talos. */
  systemDisk?: string
  talosVersion: string
  /** What the other boot slot holds: the Talos before the last upgrade. */
  otherSlot?: { talosVersion: string; schematic: string }
  /** Schematic of the running image. */
  schematic: string
  /** The Kubernetes cluster in which this machine's node object exists since an earlier boot. */
  registeredIn?: string
  /** Counts changes of the config: the version of the machineconfig resource. */
  configVersion: number
  /** Its disk holds what an etcd cluster knew that was given up: with it the machine takes no part in the one after it. */
  outdatedEtcd?: boolean
  /** When the running system booted first (maintenance) or was installed. */
  createdAt: number
}

/** What is remembered of an etcd cluster since it was bootstrapped, keyed by cluster id. */
export interface EtcdRecord {
  clusterId: string
  bootstrappedOn: number
  etcdFrom: number
  vipFrom: number
  apiFrom: number
  /** Numbers of machines on which it ran since: members, also while they are off, until they leave. */
  joined?: number[]
  /** Numbers of machines that left it or were removed from it, until they are set up anew. */
  left?: number[]
  /** Numbers of members whose data was wiped; they get it from the others when they come back. */
  wiped?: number[]
  /** Since when too few members work for a majority; absent while enough do. */
  stalledFrom?: number
}

/** How a disk differs from the one the machine was made with. */
export interface DiskChange {
  serial?: string
  wwid?: string
  /** Bytes. */
  size?: number
  /** Pulled out. */
  missing?: boolean
  /** What is on it: a file system (`ext4`, `ntfs`), or `talos` for an installation of somebody else's. */
  filesystem?: string
  label?: string
}

/** One write to a disk that loses what was on it. */
export interface DiskWrite {
  at: string
  machine: number
  disk: string
  serial: string
  wwid: string
  action: 'install' | 'upgrade' | 'wipe'
  image?: string
}
