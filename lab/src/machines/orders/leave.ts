import type { Lan } from '../lan.ts'
import { isRegistered, type Machine, victimOf } from '../life.ts'
import { type MachineRecord, NEVER } from '../record.ts'

/**
 * Takes a machine off the network until `upFrom` (a moment) with whatever else changes meanwhile. A never-returns fault
 * strikes here.
 */
export function leaveNetwork(
  lan: Lan,
  machine: Machine,
  change: Partial<MachineRecord> & Pick<MachineRecord, 'activity' | 'upFrom'>,
): void {
  const { number } = machine.record
  const stuck = lan.faults.strike('never-returns', victimOf(number, machine.facts))
  const registeredIn = isRegistered(machine, lan.clock.now()) ? machine.facts?.clusterId : undefined
  lan.update(number, { registeredIn, ...change, stuck, ...(stuck ? { upFrom: NEVER } : {}) })
}

/** Brings back machines that a never-returns fault holds, after an ordinary reboot. */
export function releaseStuck(lan: Lan, rebootMs: number): void {
  for (const { record } of lan.machines()) {
    if (record.stuck)
      lan.update(record.number, { stuck: false, activity: 'rebooting', upFrom: lan.clock.due(rebootMs) })
  }
}
