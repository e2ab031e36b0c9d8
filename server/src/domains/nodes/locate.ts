import type { Talosctl, TalosTarget } from '../../tools/talosctl.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import { macsOf } from './hardware.ts'
import { explainMachine, machineOffline, strangeMachine, wrongMachine } from './machine-failure.ts'
import type { NodeRecord } from './model.ts'
import { talosPort, tcpOpen } from './tcp-probe.ts'

const probeMs = 1_500

/** Addresses a node's machine may have right now, most likely first, each once. */
export function likelyAddresses(record: NodeRecord, seenIp?: string): string[] {
  const maintenanceFirst =
    record.maintenance === false ? [record.targetIp, record.currentIp] : [record.currentIp, record.targetIp]
  return [...new Set([...maintenanceFirst, seenIp].filter((ip) => ip !== undefined))]
}

interface Answer {
  target: TalosTarget
  macs: string[]
}

/** Asks both ways, the likelier one first; undefined when nothing usable answers. */
async function ask(talosctl: Talosctl, ip: string, record: NodeRecord): Promise<Answer | 'stranger' | undefined> {
  const ways = [{ ip, insecure: true }, { ip }] as TalosTarget[]
  if (record.maintenance === false) ways.reverse()
  let configured = false
  for (const target of ways) {
    try {
      return { target, macs: macsOf(await talosctl.links(target, { repeated: true })) }
    } catch (error) {
      const kind = talosFailure(error)
      if (!kind) throw error
      if (kind === 'expired') throw explainMachine(error, record, 'Asking who it is')
      if (kind === 'offline' || kind === 'not-talos') return undefined
      configured ||= kind === 'configured'
    }
  }
  return configured ? 'stranger' : undefined
}

/**
 * Where a node's machine is and how to talk to it: by certificate when it runs our configuration, insecurely in
 * maintenance mode. Compares hardware addresses, so that no other machine is ever touched. Throws MACHINE_OFFLINE, or
 * CONFLICT for a stranger or another machine at the address.
 */
export async function locate(
  talosctl: Talosctl,
  record: NodeRecord,
  options: { seenIp?: string; signal?: AbortSignal } = {},
): Promise<TalosTarget> {
  const addresses = likelyAddresses(record, options.seenIp)
  let problem: unknown
  for (const ip of addresses) {
    if (!(await tcpOpen(ip, talosPort, probeMs, options.signal))) continue
    options.signal?.throwIfAborted()
    const answer = await ask(talosctl, ip, record)
    if (answer === 'stranger') problem ??= strangeMachine(record, ip)
    else if (answer && record.mac && !answer.macs.includes(record.mac))
      problem ??= wrongMachine(record, ip, answer.macs)
    else if (answer) return answer.target
  }
  throw problem ?? machineOffline(record, addresses)
}
