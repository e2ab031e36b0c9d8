import type { KubeObject } from '../objects.ts'

/** An IPv4 address as a number; undefined when it is none. */
export function addressNumber(text: string): number | undefined {
  const parts = text.trim().split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((total, part) => total * 256 + Number(part), 0)
}

const addressText = (value: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.')

/** First and last address of `a-b` or `a/bits`. */
function rangeOf(text: string): [number, number] | undefined {
  const [left = '', right] = text.includes('/') ? text.split('/') : text.split('-')
  const first = addressNumber(left)
  if (first === undefined) return undefined
  if (text.includes('/')) {
    const size = 2 ** (32 - Number(right))
    const start = Math.floor(first / size) * size
    return [start, start + size - 1]
  }
  const last = addressNumber(right ?? left)
  return last === undefined || last < first ? undefined : [first, last]
}

const rangesOf = (pool: KubeObject): [number, number][] =>
  ((pool.spec?.addresses ?? []) as string[]).flatMap((text) => {
    const range = rangeOf(text)
    return range === undefined ? [] : [range]
  })

/** Whether an address belongs to a MetalLB pool. */
export function poolHas(pool: KubeObject, address: string): boolean {
  const number = addressNumber(address)
  return number !== undefined && rangesOf(pool).some(([first, last]) => number >= first && number <= last)
}

/** The first address of a pool that `isFree` accepts. */
export function freeAddress(pool: KubeObject, isFree: (address: string) => boolean): string | undefined {
  for (const [first, last] of rangesOf(pool)) {
    for (let number = first; number <= last; number += 1) if (isFree(addressText(number))) return addressText(number)
  }
  return undefined
}
