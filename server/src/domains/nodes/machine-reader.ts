import type { Talosctl, TalosTarget } from '../../tools/talosctl.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import { chooseDisk, chooseInterface, macOf, readDisks } from './hardware.ts'
import type { Machine, MachineState } from './model.ts'

/** Everything one machine tells about itself, and what we would choose on it. Throws as talosctl does. */
export async function readMachine(talosctl: Talosctl, target: TalosTarget): Promise<Machine> {
  const links = await talosctl.links(target)
  const interfaceName = chooseInterface(links, await talosctl.routes(target))
  const disks = readDisks(await talosctl.disks(target), await talosctl.discoveredVolumes(target))
  // Left-overs of an earlier installation do not decide the choice; only a machine of ours keeps its disk.
  const systemDisk = target.insecure ? undefined : await talosctl.systemDisk(target)
  const choice = chooseDisk(disks, systemDisk)
  const system = await talosctl.systemInformation(target)
  const state: MachineState = target.insecure ? 'maintenance' : 'ours'
  return {
    mac: macOf(links, interfaceName),
    ip: target.ip,
    state,
    maintenanceMode: state === 'maintenance',
    interface: interfaceName,
    hostname: target.insecure ? undefined : await talosctl.hostname(target),
    version: await talosctl.version(target),
    manufacturer: system?.manufacturer || undefined,
    product: system?.productName || undefined,
    serial: system?.serialnumber || undefined,
    disks,
    selectedDisk: choice.disk?.path,
    selectedDiskReason: choice.reason,
  }
}

/** A machine that tells us nothing: only that Talos, configured by somebody else, is there. */
export function stranger(ip: string): Machine {
  return {
    ip,
    state: 'stranger',
    maintenanceMode: false,
    disks: [],
    selectedDiskReason: 'the machine belongs to another cluster',
  }
}

/** True when a failed call means "not this way, but Talos may be there": try the other way. */
function tryOtherWay(error: unknown): boolean {
  const kind = talosFailure(error)
  return kind === 'configured' || kind === 'unknown-authority' || kind === 'wrong-address' || kind === 'offline'
}

/**
 * Finds out what listens at an address whose port 50000 is open: in maintenance mode, ours (one of `certificates`
 * works), or a stranger. Undefined when it is no Talos at all or went away. Throws only when talosctl itself is missing
 * or the work is cancelled.
 */
export async function identify(
  ip: string,
  insecure: Talosctl,
  certificates: { instance: string; talosctl: Talosctl }[],
): Promise<Machine | undefined> {
  let first: unknown
  try {
    return await readMachine(insecure, { ip, insecure: true })
  } catch (error) {
    first = error
    if (!talosFailure(error)) throw error
    if (!tryOtherWay(error)) return undefined
  }
  for (const { instance, talosctl } of certificates) {
    try {
      return { ...(await readMachine(talosctl, { ip })), instance }
    } catch (error) {
      if (!talosFailure(error)) throw error
    }
  }
  return talosFailure(first) === 'offline' ? undefined : stranger(ip)
}
