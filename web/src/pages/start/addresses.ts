/** Addresses an instance needs in the network. */
export interface Addresses {
  router: string
  dns: string
  vip: string
  /** First and last, with "-" between. */
  pool: string
  lb: string
}

export type AddressCheck = 'form' | 'near' | 'apart' | 'door' | 'room'

/** Nodes take the addresses after the one of the cluster; so many are kept free for them. */
const nodesAfterVip = 3

/** Pure: an IPv4 address as a number; undefined when it is none. */
export function addressNumber(text: string): number | undefined {
  const parts = text.trim().split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** Pure: the first and last address of "a-b"; undefined when it is no range. */
export function rangeNumbers(text: string): [number, number] | undefined {
  const [first, last] = text.split('-').map(addressNumber)
  return first !== undefined && last !== undefined && first <= last ? [first, last] : undefined
}

/** Pure: what holds of a choice of addresses, in the order they are read. What cannot be told yet does not hold. */
export function checkAddresses(of: Addresses): [AddressCheck, boolean][] {
  const pool = rangeNumbers(of.pool)
  const single = [of.router, of.dns, of.vip, of.lb].map(addressNumber)
  const formed = pool !== undefined && single.every((number) => number !== undefined)
  if (!formed) return (['form', 'near', 'apart', 'door', 'room'] as const).map((check) => [check, false])
  const [router, dns, vip, lb] = single as [number, number, number, number]
  const inPool = (number: number) => number >= pool[0] && number <= pool[1]
  const neighbours = (number: number) => number >>> 8 === router >>> 8
  const used = [router, dns, vip, lb]
  return [
    ['form', true],
    ['near', [dns, vip, lb, ...pool].every(neighbours)],
    ['apart', new Set(used).size === used.length && !inPool(router) && !inPool(dns)],
    ['door', inPool(lb)],
    ['room', !Array.from({ length: nodesAfterVip + 1 }, (_, step) => vip + step).some(inPool)],
  ]
}
