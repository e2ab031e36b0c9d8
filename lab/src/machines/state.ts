import type { Lan } from './lan.ts'
import { isReady, isRegistered } from './life.ts'
import type { DiskWrite } from './record.ts'
import { machineStatus } from './services.ts'

/** Everything about the LAN that tests and rehearsals want to see; no secrets. */
export function labState(lan: Lan) {
  const now = lan.clock.now()
  return {
    net: `${lan.prefix}.0/24`,
    speed: lan.clock.speed,
    machines: lan.machines().map((machine) => ({
      number: machine.record.number,
      mac: machine.hardware.nic.mac,
      nic: machine.hardware.nic.name,
      addresses: machine.addresses,
      up: machine.up,
      activity: machine.awake ? undefined : activityOf(machine.record.activity, machine.record.installUntil, now),
      stage: machine.up ? machineStatus(machine, now).stage : undefined,
      configured: machine.facts !== undefined,
      role: machine.facts?.role,
      hostname: machine.hostname,
      cluster: machine.facts?.clusterName,
      holdsVip: machine.holdsVip,
      registered: isRegistered(machine, now),
      ready: isReady(machine, now),
      stuck: machine.record.stuck,
      systemDisk: machine.record.systemDisk,
      talosVersion: machine.record.talosVersion,
      schematic: machine.record.schematic,
    })),
    diskWrites: lan.store.list<DiskWrite>('disk-writes').map(({ value }) => value),
    faults: lan.faults.list(),
  }
}

const activityOf = (activity: string, installUntil: number, now: number): string =>
  activity === 'installing' && now >= installUntil ? 'rebooting' : activity
