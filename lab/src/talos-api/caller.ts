import { X509Certificate } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'
import type { Lan } from '../machines/lan.ts'
import type { Machine } from '../machines/life.ts'
import { type ConfiguredMachine, forward, isAddressOf, type Reached, roleOf } from '../machines/reach.ts'
import { RpcError } from '../machines/rpc-error.ts'

/** A node a call is for: under which name the caller asked for it, and how it is reached. */
export interface Target {
  /** As the caller named it; undefined for the machine that was dialled. */
  name?: string
  /** Throws RpcError with what happens on the way there. */
  reach(): Reached
}

/** The machine that was dialled, as it is now. Throws RpcError when it went away meanwhile. */
export function dialled(lan: Lan, number: number): Machine {
  const machine = lan.machines().find((one) => one.record.number === number)
  if (!machine?.up) throw new RpcError('Unavailable', 'the machine is going down')
  return machine
}

/** Values of a header that may be repeated, or hold several with commas. */
export const valuesOf = (metadata: Metadata, name: string): string[] =>
  metadata.get(name).flatMap((value) =>
    String(value)
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )

/** Whom a call is for, as the machine that was dialled sees it. `raw` is the caller's certificate, DER. */
export function targetsOf(lan: Lan, number: number, raw: Buffer | undefined, names: string[]): Target[] {
  const machine = dialled(lan, number)
  // Nothing forwards in maintenance mode.
  if (machine.facts === undefined || raw === undefined)
    return [{ reach: () => ({ machine: dialled(lan, number), role: 'reader', proxied: false }) }]
  const role = roleOf(new X509Certificate(raw).toString())
  const local = (): Reached => ({ machine: dialled(lan, number), role, proxied: false })
  if (names.length === 0) return [{ reach: local }]
  return names.map((name) => ({
    name,
    reach: () => {
      const self = dialled(lan, number) as ConfiguredMachine
      return isAddressOf(self, name) ? local() : { machine: forward(lan, self, name), role, proxied: true }
    },
  }))
}
