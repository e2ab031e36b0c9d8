import type { Talosctl, TalosTarget } from '../../tools/talosctl.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import { chooseDisk, chooseInterface, macOf, readDisks, readInterfaces } from './hardware.ts'
import type { Machine, MachineState, OtherHost } from './model.ts'
import { talosPort } from './tcp-probe.ts'
import { type Spoken, tlsProbe } from './tls-probe.ts'

/** Everything one machine tells about itself, and what we would choose on it. Throws as talosctl does. */
export async function readMachine(talosctl: Talosctl, target: TalosTarget): Promise<Machine> {
  // The first call alone: where it fails, the others would fail the same way.
  const links = await talosctl.links(target)
  const [routes, addresses, found, volumes, system, version, hostname, systemDisk] = await Promise.all([
    talosctl.routes(target),
    talosctl.addresses(target),
    talosctl.disks(target),
    talosctl.discoveredVolumes(target),
    talosctl.systemInformation(target),
    talosctl.version(target),
    target.insecure ? undefined : talosctl.hostname(target),
    // Left-overs of an earlier installation do not decide the choice; only a machine of ours keeps its disk.
    target.insecure ? undefined : talosctl.systemDisk(target),
  ])
  const link = chooseInterface(links, routes)
  const disks = readDisks(found, volumes)
  const choice = chooseDisk(disks, systemDisk)
  const state: MachineState = target.insecure ? 'maintenance' : 'ours'
  return {
    mac: macOf(links, link.name),
    ip: target.ip,
    state,
    maintenanceMode: state === 'maintenance',
    interface: link.name,
    interfaceReason: link.reason,
    interfaces: readInterfaces(links, routes, addresses),
    hostname,
    version,
    manufacturer: system?.manufacturer || undefined,
    product: system?.productName || undefined,
    serial: system?.serialnumber || undefined,
    uuid: system?.uuid || undefined,
    disks,
    selectedDisk: choice.disk?.path,
    selectedDiskReason: choice.reason,
  }
}

/** A machine that tells us nothing but the name in its certificate: Talos, configured by somebody else, is there. */
export function stranger(ip: string, hostname?: string): Machine {
  return {
    ip,
    state: 'stranger',
    maintenanceMode: false,
    hostname,
    disks: [],
    selectedDiskReason: 'the machine belongs to another cluster',
  }
}

/** True when a failed call means "not this way, but Talos may be there": try the other way. */
function tryOtherWay(error: unknown): boolean {
  const kind = talosFailure(error)
  return kind === 'configured' || kind === 'unknown-authority' || kind === 'wrong-address' || kind === 'offline'
}

const others: Record<OtherHost['kind'], string> = {
  silent:
    'it takes connections on port 50000 but never answers: a machine that hangs, or a firewall. Restart it, if it is yours',
  'no-tls': 'another service than Talos listens on port 50000 (it speaks no TLS)',
  'not-talos': 'another service than Talos listens on port 50000 (it speaks TLS, but not as Talos does)',
}

/** What is there instead of a machine. */
function other(ip: string, kind: OtherHost['kind']): { other: OtherHost } {
  return { other: { ip, kind, reason: others[kind] } }
}

const probeMs = 4_000

/** Who speaks at an address whose port 50000 is open: cheap, so that many can be asked at a time. */
export function whoSpeaks(ip: string, signal?: AbortSignal): Promise<Spoken> {
  return tlsProbe(ip, talosPort, probeMs, signal)
}

/**
 * Finds out what listens at an address whose port 50000 is open: in maintenance mode, ours (one of `certificates`
 * works), a stranger, or something else. `known`: who speaks there, when it was asked already. Throws only when talosctl itself is missing or the work is cancelled.
 */
export async function identify(
  ip: string,
  insecure: Talosctl,
  certificates: { instance: string; talosctl: Talosctl }[],
  known?: Spoken,
): Promise<{ machine: Machine } | { other: OtherHost }> {
  const spoken = known ?? (await whoSpeaks(ip))
  if (spoken.kind === 'silent' || spoken.kind === 'no-tls') return other(ip, spoken.kind)
  if (spoken.kind === 'tls' && !spoken.http2) return other(ip, 'not-talos')
  let first: unknown
  try {
    return { machine: await readMachine(insecure, { ip, insecure: true }) }
  } catch (error) {
    first = error
    if (!talosFailure(error)) throw error
    if (!tryOtherWay(error)) return other(ip, 'not-talos')
  }
  for (const { instance, talosctl } of certificates) {
    try {
      return { machine: { ...(await readMachine(talosctl, { ip })), instance } }
    } catch (error) {
      if (!talosFailure(error)) throw error
      if (talosFailure(error) === 'wrong-address') return { machine: elsewhere(ip, instance, spoken) }
    }
  }
  return talosFailure(first) === 'offline' ? other(ip, 'silent') : { machine: stranger(ip, nameIn(spoken)) }
}

function nameIn(spoken: Spoken): string | undefined {
  return spoken.kind === 'tls' ? spoken.commonName : undefined
}

/** One of ours at an address it should not have: its certificate was made for others. */
function elsewhere(ip: string, instance: string, spoken: Spoken): Machine {
  const names = spoken.kind === 'tls' ? spoken.certificateNames.filter((name) => name !== '127.0.0.1') : []
  return {
    ...stranger(ip, nameIn(spoken)),
    state: 'ours',
    instance,
    selectedDiskReason: 'its certificate does not fit its address',
    problem: `its certificate is for ${names.join(', ') || 'another address'}, not for ${ip}: it came up with an address it was not set up with`,
  }
}
