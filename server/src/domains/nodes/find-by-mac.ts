import type { Talosctl } from '../../tools/talosctl.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import { macsOf } from './hardware.ts'
import { hostsOf, scanRange } from './subnet.ts'
import { eachOf, talosPort, tcpOpen } from './tcp-probe.ts'

const probes = 64
const probeMs = 300
const readers = 3
/** A larger network takes longer than a person waits: discovery looks there, with progress. */
const mostAddresses = 1_024

/**
 * Looks at every address of the network (unless it is larger than a /22) for a machine in maintenance mode with this hardware address; undefined when
 * none has it. For a machine that came back on another address than the one it had.
 */
export async function findByMac(
  talosctl: Talosctl,
  lan: string,
  mac: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const range = scanRange(lan, lan)
  if (range.size > mostAddresses) return undefined
  const open: string[] = []
  let found: string | undefined
  await eachOf(
    hostsOf(range),
    probes,
    async (ip) => {
      if (await tcpOpen(ip, talosPort, probeMs)) open.push(ip)
    },
    () => signal.aborted,
  )
  await eachOf(
    open,
    readers,
    async (ip) => {
      try {
        if (macsOf(await talosctl.links({ ip, insecure: true }, { repeated: true })).includes(mac)) found = ip
      } catch (error) {
        if (!talosFailure(error)) throw error
      }
    },
    () => signal.aborted || found !== undefined,
  )
  signal.throwIfAborted()
  return found
}
