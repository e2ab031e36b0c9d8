import { isDeepStrictEqual } from 'node:util'
import { decodeConfig, type MachineConfig } from '../../machine-config/index.ts'
import { schematicOf, tagOf } from '../config-facts.ts'
import { unifiedDiff } from '../diff.ts'
import { durations } from '../durations.ts'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import type { MachineRecord } from '../record.ts'
import { RpcError } from '../rpc-error.ts'
import { checkConfig, installDiskOf } from './check-config.ts'
import { leaveNetwork } from './leave.ts'
import { needsReboot } from './reboot-rules.ts'

export interface ApplyOrder {
  config: string
  mode: string
  dryRun: boolean
}

/** Gives a machine a config. Returns what the client prints to stderr, empty for silence. Throws RpcError. */
export function applyConfig(lan: Lan, machine: Machine, order: ApplyOrder): string {
  return machine.facts === undefined ? applyInMaintenance(lan, machine, order) : applyToConfigured(lan, machine, order)
}

function applyInMaintenance(lan: Lan, machine: Machine, { config, mode, dryRun }: ApplyOrder): string {
  if (!['auto', 'reboot', 'try'].includes(mode)) {
    throw new RpcError('Unimplemented', `apply configuration --mode='${mode}' is not supported in maintenance mode`)
  }
  const checked = checkConfig(config, machine.hardware)
  if ('problem' in checked) throw new RpcError('InvalidArgument', `configuration validation failed: ${checked.problem}`)
  if (dryRun) return 'Dry run summary:\nNode is running in maintenance mode and does not have a config yet.'
  installOn(lan, machine, config, checked.config)
  return ''
}

function installOn(lan: Lan, machine: Machine, text: string, config: MachineConfig): void {
  const { record } = machine
  const disk = installDiskOf(config, machine.hardware)!
  const image = String(config.main.machine.install.image ?? '')
  const installed = record.systemDisk === disk.name
  const now = lan.clock.now()
  const installUntil = installed ? now : lan.clock.due(durations.install)
  const upFrom = lan.clock.due((installed ? 0 : durations.install) + durations.reboot)
  const full = !installed && lan.faults.strike('full-disk', { machine: record.number })
  if (!installed)
    lan.recordDiskWrite({
      machine: record.number,
      disk: `/dev/${disk.name}`,
      serial: disk.serial,
      wwid: disk.wwid,
      action: 'install',
      image,
    })
  rejoin(lan, record.number)
  if (full) {
    // The installer gives up, and the machine boots its medium again.
    leaveNetwork(lan, machine, { activity: 'installing', installUntil, upFrom })
    return
  }
  leaveNetwork(lan, machine, {
    activity: 'installing',
    config: text,
    installUntil,
    upFrom,
    systemDisk: disk.name,
    disks: emptied(record.disks, disk.name),
    talosVersion: installed ? record.talosVersion : (tagOf(image) ?? record.talosVersion),
    schematic: installed ? record.schematic : (schematicOf(image) ?? record.schematic),
    configVersion: record.configVersion + 1,
    createdAt: now,
  })
}

/** A machine set up anew joins etcd as a new member. */
function rejoin(lan: Lan, number: number): void {
  for (const etcd of lan.etcd())
    if (etcd.left?.includes(number)) {
      const others = (numbers: number[] = []) => numbers.filter((one) => one !== number)
      lan.putEtcd({ ...etcd, left: others(etcd.left), joined: others(etcd.joined) })
    }
}

/** What was on the disk is gone; which disk it is stays. */
function emptied(disks: MachineRecord['disks'], name: string): MachineRecord['disks'] {
  if (!disks?.[name]) return disks
  const { filesystem: _filesystem, label: _label, ...disk } = disks[name]
  return { ...disks, [name]: disk }
}

const IMMEDIATE = "this config change can't be applied in immediate mode"

function applyToConfigured(lan: Lan, machine: Machine, { config, mode, dryRun }: ApplyOrder): string {
  const checked = checkConfig(config, machine.hardware)
  if ('problem' in checked) throw new RpcError('InvalidArgument', checked.problem)
  const current = machine.record.config!
  const before = decodeConfig(current)
  const reboot = mode === 'reboot' || (mode !== 'staged' && needsReboot(before, checked.config))
  const equal = isDeepStrictEqual(before, checked.config)
  const diff = equal ? '' : unifiedDiff(current, config)
  if (mode === 'no-reboot' && reboot) throw new RpcError('FailedPrecondition', `${IMMEDIATE}\ndiff:\n${diff}`)
  if (mode === 'try')
    throw new RpcError('Unimplemented', `apply configuration --mode='try' is not simulated on configured machines`)
  const summary = summaryOf(mode, reboot, diff)
  if (dryRun)
    return `Dry run summary:\n${summary} (skipped in dry-run).\n${equal ? 'No changes.' : `Config diff:\n\n${diff}`}`
  take(lan, machine, { config, mode, equal, reboot })
  return summary
}

function summaryOf(mode: string, reboot: boolean, diff: string): string {
  if (mode === 'staged') return 'Staged configuration to be applied after the next reboot'
  if (!reboot) return 'Applied configuration without a reboot'
  return `Applied configuration with a reboot${mode === 'auto' ? `: ${IMMEDIATE}\ndiff:\n${diff}` : ''}`
}

function take(
  lan: Lan,
  machine: Machine,
  what: { config: string; mode: string; equal: boolean; reboot: boolean },
): void {
  const { number, configVersion } = machine.record
  if (what.mode === 'staged') lan.update(number, { stagedConfig: what.config })
  else if (what.reboot) {
    leaveNetwork(lan, machine, {
      activity: 'rebooting',
      upFrom: lan.clock.due(durations.reboot),
      config: what.config,
      stagedConfig: undefined,
      configVersion: configVersion + 1,
    })
  } else if (!what.equal) lan.update(number, { config: what.config, configVersion: configVersion + 1 })
}
