import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { formatYamlPath, type PathSegment } from '../../platform/yaml-path.ts'

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const letters = `${upper}${upper.toLowerCase()}0123456789`

/** Characters a generated secret may be made of, by the name people choose them by. */
export const charsets = {
  alnum: letters,
  alpha: `${upper}${upper.toLowerCase()}`,
  digits: '0123456789',
  hex: '0123456789abcdef',
  base64: `${letters}+/`,
  base64url: `${letters}-_`,
  /** Everything printable but the space. */
  ascii: String.fromCharCode(...Array.from({ length: 94 }, (_unused, index) => 33 + index)),
} as const
export type Charset = keyof typeof charsets

/** The name of a set of characters. */
export const charsetName = z.enum(
  Object.keys(charsets) as [Charset, ...Charset[]],
  `This is none of ${Object.keys(charsets).join(', ')}.`,
)

/** Why somebody wants to see a secret; a line for the audit log. */
export const revealReason = z
  .string()
  .max(200, 'At most 200 characters.')
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'One line of text.')

/** Where a secret came from: made by us, given by a person, or worked out from others. */
export const secretKinds = ['generated', 'supplied', 'derived'] as const
export type SecretKind = (typeof secretKinds)[number]

/** A secret without its value. */
export interface ListedSecret {
  path: string
  kind: SecretKind
  /** The app or service of the catalog it belongs to. */
  owner?: string
  description?: string
  /** What it belongs to works without it. */
  optional: boolean
  /** False for one that is declared, or there as a key, without a value. */
  set: boolean
}

/** What an instance's secrets look like from outside. */
export interface SecretList {
  secrets: ListedSecret[]
  /** Permissions that were too wide, with what was done about it. */
  warnings: string[]
}

/** What the catalog says of a secret. */
export type KnownSecret = Pick<ListedSecret, 'kind' | 'owner' | 'description' | 'optional'> & {
  /** What declares it is in the instance, so that it belongs there too. */
  wanted: boolean
}

/** Length of a generated secret: 8–1024 characters. */
export const secretLength = z
  .int('length is a whole number.')
  .min(8, 'At least 8 characters.')
  .max(1024, 'At most 1024 characters.')

/** A random secret: 32 letters and digits unless told otherwise (design 12.4). Every character is equally likely. */
export function randomSecret(length = 32, charset: Charset = 'alnum'): string {
  const characters = charsets[charset]
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
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

/** Every leaf with its path as people write it, in the order of the file. */
export function leafPaths(tree: unknown, at: PathSegment[] = []): { path: string; value: unknown }[] {
  const entries: [PathSegment, unknown][] = Array.isArray(tree)
    ? [...tree.entries()]
    : typeof tree === 'object' && tree !== null
      ? Object.entries(tree)
      : []
  if (typeof tree !== 'object' || tree === null) return at.length ? [{ path: formatYamlPath(at), value: tree }] : []
  return entries.flatMap(([key, inner]) => leafPaths(inner, [...at, key]))
}
