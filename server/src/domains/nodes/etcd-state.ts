import type { Talosctl } from '../../tools/talosctl.ts'
import { talosPort, tcpOpen } from './tcp-probe.ts'

const probeMs = 1_500

/** etcd's state while it has no data and waits for a bootstrap. */
export const etcdIsEmpty = 'Preparing'

/** State of etcd on a machine in talosctl's words; undefined when the machine takes no connection. Throws as talosctl. */
export async function etcdState(talosctl: Talosctl, ip: string, signal: AbortSignal): Promise<string | undefined> {
  if (!(await tcpOpen(ip, talosPort, probeMs, signal))) return undefined
  return talosctl.serviceState(ip, 'etcd')
}
