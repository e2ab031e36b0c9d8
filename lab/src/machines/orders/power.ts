import { schematicOf, tagOf } from '../config-facts.ts'
import { durations } from '../durations.ts'
import type { Lan } from '../lan.ts'
import { type Machine, victimOf } from '../life.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { NEVER } from '../record.ts'
import { RpcError } from '../rpc-error.ts'
import { loseEtcdData } from './etcd-data.ts'
import { leaveMembership } from './etcd-members.ts'
import { leaveNetwork } from './leave.ts'

/** Reboots; a staged config takes effect. */
export function reboot(lan: Lan, machine: Machine): void {
  const { stagedConfig, config } = machine.record
  leaveNetwork(lan, machine, {
    activity: 'rebooting',
    upFrom: lan.clock.due(durations.reboot),
    config: stagedConfig ?? config,
    stagedConfig: undefined,
  })
}

/** Switches off; only `powerOn` brings the machine back. */
export function shutDown(lan: Lan, machine: Machine): void {
  leaveNetwork(lan, machine, { activity: 'off', upFrom: NEVER })
}

/** What a person does at the power button. A machine that is on stays as it is. */
export function powerOn(lan: Lan, machine: Machine): void {
  if (machine.record.activity === 'off')
    lan.update(machine.record.number, { activity: 'rebooting', stuck: false, upFrom: lan.clock.due(durations.reboot) })
}

export interface UpgradeOrder {
  image: string
}

/**
 * Writes another Talos image to the boot slot that is not running and reboots into it; config and data stay, and so does
 * the system that ran, in its slot. An upgrade-fails fault makes the machine boot that one again. Throws RpcError.
 */
export function upgrade(lan: Lan, machine: ConfiguredMachine, { image }: UpgradeOrder): void {
  const version = tagOf(image)
  if (version === undefined || !/^v\d+\.\d+\.\d+/.test(version))
    throw new RpcError('InvalidArgument', `error validating installer image "${image}": not found`)
  writeToSystemDisk(lan, machine, 'upgrade', image)
  const upFrom = lan.clock.due(durations.install + durations.reboot)
  const { talosVersion, schematic } = machine.record
  const running = { talosVersion, schematic }
  const written = { talosVersion: version, schematic: schematicOf(image) ?? schematic }
  const fails = lan.faults.strike('upgrade-fails', victimOf(machine.record.number, machine.facts))
  const [boots, other] = fails ? [running, written] : [written, running]
  leaveNetwork(lan, machine, { activity: 'upgrading', upFrom, ...boots, otherSlot: other })
}

/** Reboots into the other boot slot. Throws RpcError where there is none. */
export function rollback(lan: Lan, machine: ConfiguredMachine): void {
  const { otherSlot, talosVersion, schematic } = machine.record
  if (!otherSlot) throw new RpcError('Unknown', 'error getting next boot entry: no fallback entry found')
  leaveNetwork(lan, machine, {
    activity: 'rebooting',
    upFrom: lan.clock.due(durations.reboot),
    ...otherSlot,
    otherSlot: { talosVersion, schematic },
  })
}

export interface ResetOrder {
  graceful: boolean
  reboot: boolean
  /** Partitions to wipe; none = the whole system disk. */
  labels: string[]
}

/**
 * Wipes a machine. With STATE wiped it comes back in maintenance mode, if it reboots. A graceful reset of the last etcd
 * member changes nothing: the machine cannot leave a cluster that it is alone in.
 */
export function reset(lan: Lan, machine: ConfiguredMachine, order: ResetOrder): void {
  if (order.graceful && !leaveMembership(lan, machine)) return
  writeToSystemDisk(lan, machine, 'wipe')
  if (order.labels.length === 0 || order.labels.includes('EPHEMERAL')) loseEtcdData(lan, machine)
  const wipesConfig = order.labels.length === 0 || order.labels.includes('STATE')
  const upFrom = order.reboot ? lan.clock.due(durations.reset + durations.reboot) : NEVER
  leaveNetwork(lan, machine, {
    activity: order.reboot ? 'resetting' : 'off',
    upFrom,
    stagedConfig: undefined,
    ...(wipesConfig ? { config: undefined, registeredIn: undefined } : {}),
    ...(order.labels.length === 0 ? { systemDisk: undefined, otherSlot: undefined } : {}),
  })
}

function writeToSystemDisk(lan: Lan, { record, hardware }: Machine, action: 'upgrade' | 'wipe', image?: string): void {
  const disk = hardware.disks.find((one) => one.name === record.systemDisk)
  if (disk)
    lan.recordDiskWrite({
      machine: record.number,
      disk: `/dev/${disk.name}`,
      serial: disk.serial,
      wwid: disk.wwid,
      action,
      image,
    })
}
