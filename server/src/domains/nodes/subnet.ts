import { invalid } from '../../platform/errors.ts'
import { contains, hostRange, ipToNumber, numberToIp } from '../../platform/network.ts'

/** Networks larger than this are not scanned: a /16 has 65 534 addresses. */
const widestPrefix = 16
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
]

export interface Subnet {
  cidr: string
  first: number
  last: number
  size: number
}

/**
 * The addresses discovery may look at. Refuses (INVALID_INPUT, field `subnet`) networks larger than a /16 and networks
 * that are neither private nor this device's own: a scan must not leave the house.
 */
export function scanRange(cidr: string, ownLan: string): Subnet {
  const [address, bits] = cidr.split('/') as [string, string]
  if (Number(bits) < widestPrefix)
    throw invalid(
      'subnet',
      `subnet: ${cidr} has too many addresses to look at. Name the part your machines are in, /${widestPrefix} or smaller.`,
    )
  if (![...privateNetworks, ownLan].some((network) => contains(network, address)))
    throw invalid('subnet', `subnet: ${cidr} is not a private network. Discovery only looks at your own LAN.`)
  const { first, last } = hostRange(cidr)
  return { cidr, first, last, size: last - first + 1 }
}

/** Every host address of the range, in order. */
export function* hostsOf(range: Subnet): Generator<string> {
  for (let value = range.first; value <= range.last; value++) yield numberToIp(value)
}

/** The network an address lies in, given its prefix length: 192.168.1.90, 24 → 192.168.1.0/24. */
export function networkOf(ip: string, prefixLength: number): string {
  const size = 2 ** (32 - prefixLength)
  return `${numberToIp(Math.floor(ipToNumber(ip) / size) * size)}/${prefixLength}`
}

/** `192.168.1.80-192.168.1.89` as numbers; undefined when it is not such a range. */
export function addressRange(text: unknown): { first: number; last: number } | undefined {
  const match = typeof text === 'string' ? /^\s*([\d.]+)\s*-\s*([\d.]+)\s*$/.exec(text) : null
  return match ? { first: ipToNumber(match[1]!), last: ipToNumber(match[2]!) } : undefined
}
