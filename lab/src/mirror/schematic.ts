import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { encodeYaml } from '../machine-config/index.ts'

/** What a schematic may hold, in the order of its canonical form. Nested records are structs, `true` is any value. */
const FIELDS = {
  overlay: { image: true, name: true, options: true },
  customization: {
    extraKernelArgs: true,
    meta: true,
    systemExtensions: { officialExtensions: true },
    bootloader: true,
    secureboot: { enrollKeys: true, includeWellKnownCertificates: true },
    diskImage: { sectorSize: true },
  },
} as const

type Fields = { [name: string]: true | Fields }

/** A schematic the factory took. */
export interface Schematic {
  id: string
  /** Canonical YAML; its SHA-256 is the id. */
  yaml: string
  extensions: string[]
}

/** Reads a schematic (YAML or JSON) as it is posted. Throws with the factory's plain text for bad input. */
export function readSchematic(text: string): Schematic {
  const tree: unknown = text.trim() === '' ? {} : parse(text)
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw new Error('yaml: unmarshal errors: schematic must be a mapping')
  const canonical = pick(tree as Record<string, unknown>, FIELDS, '') as Record<string, unknown>
  canonical.customization ??= {}
  const yaml = encodeYaml(canonical)
  const extensions = (canonical as { customization: { systemExtensions?: { officialExtensions?: unknown } } })
    .customization.systemExtensions?.officialExtensions
  return {
    id: createHash('sha256').update(yaml).digest('hex'),
    yaml,
    extensions: Array.isArray(extensions) ? extensions.map(String) : [],
  }
}

/** The known, non-empty fields in canonical order. */
function pick(tree: Record<string, unknown>, fields: Fields, path: string): Record<string, unknown> {
  const unknown = Object.keys(tree).find((key) => !(key in fields))
  if (unknown !== undefined)
    throw new Error(`yaml: unmarshal errors:\n  field ${unknown} not found in ${path || 'schematic'}`)
  const entries = Object.entries(fields).flatMap(([key, inner]) => {
    const value = tree[key]
    if (isEmpty(value)) return []
    if (inner === true) return [[key, value]]
    if (typeof value !== 'object' || Array.isArray(value))
      throw new Error(`yaml: unmarshal errors: cannot unmarshal ${key}`)
    const picked = pick(value as Record<string, unknown>, inner, key)
    return isEmpty(picked) ? [] : [[key, picked]]
  })
  return Object.fromEntries(entries)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
