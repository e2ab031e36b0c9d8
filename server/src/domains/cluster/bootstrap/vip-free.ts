import type { StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { neighbourOf } from '../../../platform/neighbours.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import { talosPort, tcpOpen } from '../../nodes/index.ts'
import { probeApi } from '../api-probe.ts'
import { apiPort } from '../model.ts'
import type { BootstrapWorld } from './world.ts'

/** What devices on a home network usually listen on, the cluster's own ports first. */
const ports = [apiPort, talosPort, 22, 80, 443]
const probeMs = 1_500

/** True when one of the control planes says that it has the virtual address. */
export async function holdsVip(w: BootstrapWorld, ctx: StepContext): Promise<boolean> {
  for (const { targetIp } of w.controlPlanes) {
    try {
      const addresses = await w.talosctl(ctx).addresses({ ip: targetIp! }, { repeated: true, timeoutMs: 5_000 })
      if (addresses.some(({ spec }) => spec.address.split('/')[0] === w.vip)) return true
    } catch (error) {
      if (!talosFailure(error)) throw error
    }
  }
  return false
}

/** How somebody at the address showed itself, in words; undefined when nobody did. */
async function somebodyAt(w: BootstrapWorld, ctx: StepContext): Promise<string | undefined> {
  const answers = await Promise.all(ports.map((port) => tcpOpen(w.vip, port, probeMs, ctx.signal)))
  ctx.signal.throwIfAborted()
  const open = ports.filter((_port, index) => answers[index])
  const mac = await neighbourOf(w.vip)
  // A table entry may outlive the address: a machine of ours had it before a reset.
  const ours = (await w.deps.nodes.records(w.instance)).some((record) => record.mac === mac)
  const whose = mac && !ours ? ` (hardware address ${mac})` : ''
  if (open.length) return `TCP ${open.join(', ')}${whose}`
  return whose ? `the network${whose}` : undefined
}

/**
 * Before a cluster starts nobody may have its virtual address. Throws CONFLICT naming the address and what to change;
 * a cluster of our own that answers there is fine.
 */
export async function refuseTakenVip(w: BootstrapWorld, ctx: StepContext): Promise<void> {
  const where = await somebodyAt(w, ctx)
  if (where === undefined || (await holdsVip(w, ctx))) return
  const api = await probeApi(w.vip, await w.authority(), probeMs, ctx.signal)
  ctx.signal.throwIfAborted()
  if (api.state === 'answers') return
  const path = 'cluster.nodes.control.vip'
  throw new WildError(
    'CONFLICT',
    `The virtual address ${w.vip} of the cluster is in use: another device answers there on ${where}. Nothing was changed. Give that device another address (its settings, or the address pool of the router), or the cluster another virtual address: ${path}.`,
    { field: path, vip: w.vip, hint: 'wild-cli config get cluster.nodes.control.vip' },
  )
}
