import { networkInterfaces } from 'node:os'
import { invalid } from '../../platform/errors.ts'
import { defaultRoute, hostRange, numberToIp } from '../../platform/network.ts'
import type { Served } from './conf.ts'

/** A network interface of this device that can be served. */
export interface OwnInterface {
  name: string
  /** Its IPv4 addresses with prefix length. */
  addresses: string[]
}

/** The interfaces of this device that have an IPv4 address. */
export function ownInterfaces(): OwnInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, all = []]) => {
    const addresses = all.flatMap(({ family, cidr }) => (family === 'IPv4' && cidr ? [cidr] : []))
    return addresses.length ? [{ name, addresses }] : []
  })
}

/** Their names. */
export function interfacesOfDevice(): string[] {
  return ownInterfaces().map(({ name }) => name)
}

/** The interface of the default route, else the first one to the outside, else `lo`. */
export function usualInterface(): string {
  const route = defaultRoute()?.device
  return route ?? interfacesOfDevice().find((name) => name !== 'lo') ?? 'lo'
}

/** An interface's own address with its prefix length; undefined while it is not there, or has none. */
export function cidrOf(name: string): string | undefined {
  return networkInterfaces()[name]?.find(({ family }) => family === 'IPv4')?.cidr ?? undefined
}

/** An interface's own address and network. Throws INVALID_INPUT naming the ones there are. */
export function servedBy(name: string): Served {
  const own = networkInterfaces()[name]?.find(({ family }) => family === 'IPv4')
  if (!own?.cidr)
    throw invalid(
      'interface',
      `${name} is no network interface of this device with an IPv4 address; there are: ${interfacesOfDevice().join(', ')}.`,
    )
  const bits = Number(own.cidr.split('/')[1])
  return { address: own.address, cidr: `${numberToIp(hostRange(own.cidr).first - 1)}/${bits}` }
}
