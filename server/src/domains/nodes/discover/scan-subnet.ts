import type { Step } from '../../../operations/define.ts'
import { ipToNumber } from '../../../platform/network.ts'
import { hostsOf } from '../subnet.ts'
import { eachOf, talosPort, tcpOpen } from '../tcp-probe.ts'
import type { DiscoveryWorld } from './world.ts'

const concurrency = 64
const longestProbeMs = 1_000
const shortestProbeMs = 150

/** How long one address may take so that the whole range fits into the time given. */
function probeTime(addresses: number, timeoutSeconds: number): number {
  const fair = (timeoutSeconds * 1_000 * concurrency) / Math.max(1, addresses)
  return Math.round(Math.min(longestProbeMs, Math.max(shortestProbeMs, fair)))
}

/** Tries to connect to the Talos port of every address of the range. */
export function scanSubnet(w: DiscoveryWorld): Step {
  return {
    name: 'scan',
    title: `Scanning ${w.range.cidr} for Talos machines`,
    timeoutMs: w.timeout * 1_000 + 30_000,
    async run(ctx) {
      const deadline = ctx.clock.now() + w.timeout * 1_000
      const probeMs = probeTime(w.range.size, w.timeout)
      let looked = 0
      async function look(ip: string): Promise<void> {
        // Without the signal: 64 listeners on it at a time would be noise, and a probe is short.
        if (await tcpOpen(ip, talosPort, probeMs)) w.open.push(ip)
        looked++
        if (looked % concurrency === 0) ctx.progress(looked / w.range.size)
      }
      await eachOf(hostsOf(w.range), concurrency, look, () => ctx.signal.aborted || ctx.clock.now() > deadline)
      ctx.signal.throwIfAborted()
      w.open.sort((a, b) => ipToNumber(a) - ipToNumber(b))
      if (looked < w.range.size)
        ctx.warn(
          `Only ${looked} of ${w.range.size} addresses were looked at in ${w.timeout} s. Give more time, or a smaller subnet.`,
        )
      ctx.say(`${w.open.length} of ${looked} addresses have port ${talosPort} open`)
      if (w.open.length === 0) ctx.result({ nodes: [], others: [] })
    },
  }
}
