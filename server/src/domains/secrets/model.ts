import { randomInt } from 'node:crypto'
import { z } from 'zod'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Length of a generated secret: 8–1024 characters. */
export const secretLength = z
  .int('length is a whole number.')
  .min(8, 'At least 8 characters.')
  .max(1024, 'At most 1024 characters.')

/** A random secret of letters and digits, 32 characters unless told otherwise (design 12.4). */
export function randomSecret(length = 32): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

/** The same tree with every leaf replaced by `***`; the shape stays visible. */
export function maskLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskLeaves)
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskLeaves(inner)]))
  return '***'
}

/** All leaf values as text. */
export function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves)
  if (value && typeof value === 'object') return Object.values(value).flatMap(leaves)
  return value === null || value === undefined ? [] : [String(value)]
}
