import { createHash } from 'node:crypto'
import type { DiskChange } from './record.ts'

/** A disk as it is soldered or plugged into a machine. Sizes in bytes. */
export interface Disk {
  name: string
  size: number
  transport: 'nvme' | 'sata' | 'usb' | ''
  model: string
  serial: string
  wwid: string
  rotational: boolean
  readonly: boolean
  cdrom: boolean
  busPath: string
}

export interface Nic {
  name: string
  mac: string
  driver: string
  vendor: string
  product: string
  pciId: string
  busPath: string
}

export interface Hardware {
  manufacturer: string
  productName: string
  version: string
  serial: string
  uuid: string
  cpu: { manufacturer: string; productName: string; cores: number; threads: number; mhz: number }
  memoryMib: number
  nic: Nic
  disks: Disk[]
}

interface Profile {
  manufacturer: string
  productName: string
  version: string
  cpu: Hardware['cpu']
  memoryMib: number
  macPrefix: string
  nic: Omit<Nic, 'mac'>
  disks: DiskPlan[]
}

type DiskPlan = Omit<Disk, 'serial' | 'wwid' | 'readonly' | 'cdrom'> & { serialPrefix: string }

const I219 = {
  driver: 'e1000e',
  vendor: 'Intel Corporation',
  product: 'Ethernet Connection (7) I219-LM',
  pciId: '8086:15BB',
}
const NVME_BUS = '/pci0000:00/0000:00:1b.0/0000:01:00.0/nvme'
const SATA_BUS = '/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0'

const PROFILES: Profile[] = [
  {
    manufacturer: 'Dell Inc.',
    productName: 'OptiPlex 7060',
    version: '',
    cpu: {
      manufacturer: 'Intel(R) Corporation',
      productName: 'Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz',
      cores: 6,
      threads: 6,
      mhz: 2100,
    },
    memoryMib: 16_384,
    macPrefix: 'd8:9e:f3',
    nic: { name: 'enp1s0', busPath: '0000:01:00.0', ...I219 },
    disks: [
      {
        name: 'nvme0n1',
        size: 256_060_514_304,
        transport: 'nvme',
        model: 'PM981 NVMe Samsung 256GB',
        serialPrefix: 'S3ZHNX0K',
        rotational: false,
        busPath: NVME_BUS,
      },
    ],
  },
  {
    manufacturer: 'HP',
    productName: 'HP EliteDesk 800 G4 DM 35W',
    version: '',
    cpu: {
      manufacturer: 'Intel(R) Corporation',
      productName: 'Intel(R) Core(TM) i7-8700T CPU @ 2.40GHz',
      cores: 6,
      threads: 12,
      mhz: 2400,
    },
    memoryMib: 32_768,
    macPrefix: 'c8:d9:d2',
    nic: { name: 'eno1', busPath: '0000:00:1f.6', ...I219 },
    disks: [
      {
        name: 'nvme0n1',
        size: 512_110_190_592,
        transport: 'nvme',
        model: 'KXG50ZNV512G TOSHIBA',
        serialPrefix: '58ES10B',
        rotational: false,
        busPath: NVME_BUS,
      },
      {
        name: 'sda',
        size: 2_000_398_934_016,
        transport: 'sata',
        model: 'ST2000LM015-2E81',
        serialPrefix: 'ZDZ',
        rotational: true,
        busPath: SATA_BUS,
      },
    ],
  },
  {
    manufacturer: 'LENOVO',
    productName: '10T8S0XP00',
    version: 'ThinkCentre M720q',
    cpu: {
      manufacturer: 'Intel(R) Corporation',
      productName: 'Intel(R) Core(TM) i5-8400T CPU @ 1.70GHz',
      cores: 6,
      threads: 6,
      mhz: 1700,
    },
    memoryMib: 16_384,
    macPrefix: '98:fa:9b',
    nic: {
      name: 'enp1s0',
      busPath: '0000:01:00.0',
      driver: 'r8169',
      vendor: 'Realtek Semiconductor Co., Ltd.',
      product: 'RTL8111/8168/8411 PCI Express Gigabit Ethernet Controller',
      pciId: '10EC:8168',
    },
    disks: [
      {
        name: 'sda',
        size: 512_110_190_592,
        transport: 'sata',
        model: 'Samsung SSD 860',
        serialPrefix: 'S3Z8NB0K',
        rotational: false,
        busPath: SATA_BUS,
      },
    ],
  },
]

const built = new Map<number, Hardware>()

/** The hardware of machine number `number` (from 1): always the same for the same number. */
export function hardwareOf(number: number): Hardware {
  const known = built.get(number) ?? buildHardware(number)
  built.set(number, known)
  return known
}

function buildHardware(number: number): Hardware {
  const profile = PROFILES[(number - 1) % PROFILES.length]!
  const id = fingerprint(number)
  return {
    manufacturer: profile.manufacturer,
    productName: profile.productName,
    version: profile.version,
    serial: id.slice(0, 7).toUpperCase(),
    uuid: `4c4c4544-${id.slice(0, 4)}-${id.slice(4, 8)}-8${id.slice(8, 11)}-${id.slice(12, 24)}`,
    cpu: profile.cpu,
    memoryMib: profile.memoryMib,
    nic: {
      ...profile.nic,
      mac: `${profile.macPrefix}:${id.slice(0, 2)}:${id.slice(2, 4)}:${number.toString(16).padStart(2, '0')}`,
    },
    disks: [...profile.disks.map((plan) => madeDisk(plan, id)), bootStick(profile, id), opticalDrive(), talosImage()],
  }
}

/** The hardware with disks that somebody exchanged, filled or pulled out. */
export function withDisks(hardware: Hardware, changes: Record<string, DiskChange> = {}): Hardware {
  if (Object.keys(changes).length === 0) return hardware
  const disks = hardware.disks
    .filter(({ name }) => !changes[name]?.missing)
    .map((disk) => {
      const { serial = disk.serial, wwid = disk.wwid, size = disk.size } = changes[disk.name] ?? {}
      return { ...disk, serial, wwid, size }
    })
  return { ...hardware, disks }
}

const fingerprint = (number: number): string => createHash('sha256').update(`wild-lab-machine-${number}`).digest('hex')

function madeDisk({ serialPrefix, ...plan }: DiskPlan, id: string): Disk {
  const digits = createHash('sha256').update(id).update(plan.name).digest('hex')
  const wwid = plan.transport === 'nvme' ? `eui.${digits.slice(8, 24)}` : `naa.5002538${digits.slice(8, 17)}`
  return { ...plan, serial: `${serialPrefix}${digits.slice(0, 6).toUpperCase()}`, wwid, readonly: false, cdrom: false }
}

/** The stick that Talos was booted from. */
function bootStick(profile: Profile, id: string): Disk {
  const name = profile.disks.some((disk) => disk.name === 'sda') ? 'sdb' : 'sda'
  const serial = `4C530001${id.slice(24, 34).toUpperCase()}`
  const busPath = '/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/host4/target4:0:0/4:0:0:0'
  return {
    name,
    size: 8_004_304_896,
    transport: 'usb',
    model: 'Cruzer Blade',
    serial,
    wwid: '',
    rotational: true,
    readonly: false,
    cdrom: false,
    busPath,
  }
}

function opticalDrive(): Disk {
  const busPath = '/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0'
  return {
    name: 'sr0',
    size: 1_073_741_312,
    transport: 'sata',
    model: 'DVD+-RW GU90N',
    serial: '',
    wwid: '',
    rotational: true,
    readonly: false,
    cdrom: true,
    busPath,
  }
}

/** The read-only image Talos runs from. */
function talosImage(): Disk {
  return {
    name: 'loop0',
    size: 77_336_576,
    transport: '',
    model: '',
    serial: '',
    wwid: '',
    rotational: false,
    readonly: true,
    cdrom: false,
    busPath: '/virtual',
  }
}
