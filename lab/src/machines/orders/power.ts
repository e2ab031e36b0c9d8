import { schematicOf, tagOf } from '../config-facts.ts'
import { durations } from '../durations.ts'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { NEVER } from '../record.ts'
import { RpcError } from '../rpc-error.ts'
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

/** Writes another Talos image to the system disk and reboots into it; config and data stay. Throws RpcError. */
export function upgrade(lan: Lan, machine: ConfiguredMachine, { image }: UpgradeOrder): void {
  const version = tagOf(image)
  if (version === undefined || !/^v\d+\.\d+\.\d+/.test(version))
    throw new RpcError('InvalidArgument', `error validating installer image "${image}": not found`)
  writeToSystemDisk(lan, machine, 'upgrade', image)
  const upFrom = lan.clock.due(durations.install + durations.reboot)
  leaveNetwork(lan, machine, {
    activity: 'upgrading',
    upFrom,
    talosVersion: version,
    schematic: schematicOf(image) ?? machine.record.schematic,
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
  const others = lan
    .machines()
    .filter(
      (one) =>
        one.record.number !== machine.record.number &&
        one.facts?.clusterId === machine.facts.clusterId &&
        one.facts.role === 'controlplane',
    )
  const isLastMember = machine.facts.role === 'controlplane' && others.length === 0
  if (order.graceful && isLastMember && lan.etcd().some((one) => one.clusterId === machine.facts.clusterId)) return
  writeToSystemDisk(lan, machine, 'wipe')
  const wipesConfig = order.labels.length === 0 || order.labels.includes('STATE')
  const upFrom = order.reboot ? lan.clock.due(durations.reset + durations.reboot) : NEVER
  leaveNetwork(lan, machine, {
    activity: order.reboot ? 'resetting' : 'off',
    upFrom,
    stagedConfig: undefined,
    ...(wipesConfig ? { config: undefined, registeredIn: undefined } : {}),
    ...(order.labels.length === 0 ? { systemDisk: undefined } : {}),
  })
  if (isLastMember) lan.deleteEtcd(machine.facts.clusterId)
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
