import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** An IPv4 network. */
export interface Lan {
  /** `192.168.1.0/24` */
  cidr: string
  prefixLength: number
}

/** 192.168.1.5 → 3232235781. */
export function ipToNumber(ip: string): number {
  return ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
}

/** The reverse of ipToNumber. */
export function numberToIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

/** First and last host address of a network, as numbers (network and broadcast left out below /31). */
export function hostRange(cidr: string): { first: number; last: number } {
  const [address, bits] = cidr.split('/') as [string, string]
  const size = 2 ** (32 - Number(bits))
  const base = Math.floor(ipToNumber(address) / size) * size
  return size <= 2 ? { first: base, last: base + size - 1 } : { first: base + 1, last: base + size - 2 }
}

/** The address `offset` above the network's own: 90 in 192.168.1.0/24 → 192.168.1.90. */
export function addressInLan(lan: Lan, offset: number): string {
  const { first } = hostRange(lan.cidr)
  return numberToIp(first - 1 + offset)
}

/** True when an address lies in a network. */
export function contains(cidr: string, ip: string): boolean {
  const { first, last } = hostRange(cidr)
  const value = ipToNumber(ip)
  return value >= first - 1 && value <= last + 1
}

interface DefaultRoute {
  device: string
  gateway: string
}

/** The default route from the kernel's table (Linux); undefined when there is none. */
export function defaultRoute(table = readRoutes()): DefaultRoute | undefined {
  for (const line of table.split('\n').slice(1)) {
    const [device, destination, gateway] = line.trim().split(/\s+/)
    if (device && destination === '00000000' && gateway && gateway !== '00000000') {
      const octets = gateway.match(/../g)!.map((hex) => Number.parseInt(hex, 16))
      return { device, gateway: octets.reverse().join('.') }
    }
  }
  return undefined
}

function readRoutes(): string {
  try {
    return readFileSync('/proc/net/route', 'utf8')
  } catch {
    return ''
  }
}

/** The network this device is on: that of its default route, else of the first outside interface, else a common home network. */
export function detectLan(): { lan: Lan; gateway: string } {
  const route = defaultRoute()
  const all = networkInterfaces()
  const candidates = route ? [all[route.device]] : Object.values(all)
  for (const addresses of candidates) {
    const own = addresses?.find((address) => address.family === 'IPv4' && !address.internal)
    if (!own?.cidr) continue
    const prefixLength = Number(own.cidr.split('/')[1])
    const { first } = hostRange(own.cidr)
    const cidr = `${numberToIp(first - 1)}/${prefixLength}`
    return { lan: { cidr, prefixLength }, gateway: route?.gateway ?? numberToIp(first) }
  }
  return { lan: { cidr: '192.168.1.0/24', prefixLength: 24 }, gateway: '192.168.1.1' }
}
