import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'

/** One resource of a type on one machine. */
export interface Resource {
  id: string
  spec: unknown
  version?: number
}

/** A type of Talos resources as `talosctl get` knows it. */
export interface ResourceType {
  type: string
  namespace: string
  /** Short names besides those derived from the type. */
  aliases: string[]
  /** Only an administrator may read it. */
  sensitive?: boolean
  owner: string | null
  list(machine: Machine, lan: Lan): Resource[]
}

/** Every word under which `talosctl get` finds a type, in lower case. */
export function namesOf({ type, aliases }: Pick<ResourceType, 'type' | 'aliases'>): string[] {
  const parts = type.split('.')
  const name = parts[0]!
  const plural = name.toLowerCase()
  const singular = /(ss|us)es$/.test(plural) ? plural.slice(0, -2) : plural.replace(/s$/, '')
  const suffixed = parts.slice(1, -1).map((_, index) => [plural, ...parts.slice(1, index + 2)].join('.'))
  const capitals = name.replace(/[^A-Z]/g, '').toLowerCase()
  const acronyms = capitals.length > 1 ? [capitals, `${capitals}s`] : []
  return [...new Set([type.toLowerCase(), plural, singular, ...suffixed, ...acronyms, ...aliases])]
}

/** `512110190592` as `512 GB`, the way Talos prints sizes. */
export function prettySize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${units[power]}`
}
