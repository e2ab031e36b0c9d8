import type { LabStore } from '../store.ts'
import { holdCollection } from './held-collection.ts'

/** Something that was ordered to go wrong. */
export interface Fault {
  id: string
  /** Machine number; with `cluster` absent too, every machine. */
  machine?: number
  /** Cluster name or id. */
  cluster?: string
  kind: FaultKind
  /**
   * Limits `hang` and `refuse` to one command, e.g. `bootstrap` or `get`, `download-…` to one file name, `object-refused` to
   * one `Kind/name`, `image-unavailable` to one image without its tag.
   */
  command?: string
  /** How often it still strikes; absent = until it is cleared. */
  times?: number
}

const kinds = [
  'upgrade-fails',
  'never-returns',
  'hang',
  'unreachable',
  'refuse',
  'full-disk',
  'api-unavailable',
  'object-refused',
  'image-unavailable',
  'download-breaks-off',
  'download-altered',
  'download-unavailable',
] as const
export type FaultKind = (typeof kinds)[number]

/** Whom a fault may strike: a machine, or with `machine` absent the API of a cluster. */
export interface Victim {
  machine?: number
  clusterId?: string
  clusterName?: string
}

export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault
  list(): Fault[]
  clear(): void
  /** Whether a fault of this kind strikes now, without using it up. */
  holds(kind: FaultKind, victim: Victim, command?: string): boolean
  /** Like `holds`, and counts one strike when it does. */
  strike(kind: FaultKind, victim: Victim, command?: string): boolean
}

const COLLECTION = 'faults'

/** Reads an order for a fault from untrusted JSON. Throws with a sentence for a person. */
export function readFault(input: unknown): Omit<Fault, 'id'> {
  const body = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const kind = kinds.find((one) => one === body.kind)
  if (!kind) throw new Error(`kind must be one of ${kinds.join(', ')}`)
  const number = (key: string): number | undefined => {
    const value = body[key]
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      throw new Error(`${key} must be a whole number from 1`)
    return value
  }
  const text = (key: string): string | undefined => (body[key] === undefined ? undefined : String(body[key]))
  return {
    kind,
    machine: number('machine'),
    times: number('times'),
    cluster: text('cluster'),
    command: text('command'),
  }
}

/** The faults ordered so far; they are stored, so that a killed lab keeps them. */
export function createFaults(store: LabStore): Faults {
  let counter = 0
  const held = holdCollection<Fault>(store, COLLECTION)
  const find = (kind: FaultKind, victim: Victim, command?: string): Fault | undefined =>
    held.list().find((fault) => fault.kind === kind && meets(fault, victim, command))
  return {
    add: (fault) => {
      counter += 1
      const made = { ...fault, id: `${Date.now()}-${String(counter).padStart(4, '0')}` }
      held.put(made.id, made)
      return made
    },
    list: held.list,
    clear: () => {
      for (const fault of held.list()) held.delete(fault.id)
    },
    holds: (kind, victim, command) => find(kind, victim, command) !== undefined,
    strike: (kind, victim, command) => {
      const fault = find(kind, victim, command)
      if (!fault) return false
      if (fault.times !== undefined && fault.times <= 1) held.delete(fault.id)
      else if (fault.times !== undefined) held.put(fault.id, { ...fault, times: fault.times - 1 })
      return true
    },
  }
}

function meets(fault: Fault, victim: Victim, command: string | undefined): boolean {
  if (fault.machine !== undefined && fault.machine !== victim.machine) return false
  if (fault.cluster !== undefined && fault.cluster !== victim.clusterId && fault.cluster !== victim.clusterName)
    return false
  return fault.command === undefined || fault.command === command
}
