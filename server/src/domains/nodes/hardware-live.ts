import { exists } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import { createTalosctl } from '../../tools/talosctl.ts'
import type { NodesDeps } from './deps.ts'
import { likelyAddresses } from './locate.ts'
import { identify } from './machine-reader.ts'
import { type Machine, machineResult, type NodeRecord, type SeenMachine } from './model.ts'
import type { NodeStore } from './store.ts'
import { talosPort, tcpOpen } from './tcp-probe.ts'

const probeMs = 1_500

function offline(mac: string, tried: string[], seen?: SeenMachine): WildError {
  const last = seen ? ` It was last seen at ${seen.ip} on ${seen.seenAt}.` : ''
  return new WildError(
    'MACHINE_OFFLINE',
    `The machine ${mac} does not answer${tried.length ? ` at ${tried.join(' or ')}` : ''}.${last} Check that it is switched on, or run discovery again.`,
    {
      mac,
      tried,
      hint: 'wild-cli node discover',
      ...(seen ? { last_seen: { ...machineResult(seen), seen_at: seen.seenAt } } : {}),
    },
  )
}

/**
 * Reads a known machine again, live, and remembers what it says. Throws MACHINE_OFFLINE (with what was last seen) when
 * it does not answer where it may be, or when another machine does.
 */
export async function rereadMachine(
  deps: NodesDeps,
  store: NodeStore,
  instance: string,
  mac: string,
  record?: NodeRecord,
  seen?: SeenMachine,
): Promise<Machine> {
  const { talosconfig, home } = deps.paths.instance(instance)
  const insecure = createTalosctl(deps.reads, { home })
  const secure = (await exists(talosconfig))
    ? [{ instance, talosctl: createTalosctl(deps.reads, { talosconfig, home }) }]
    : []
  const addresses = record ? likelyAddresses(record, seen?.ip) : [seen!.ip]
  for (const ip of addresses) {
    if (!(await tcpOpen(ip, talosPort, probeMs))) continue
    const found = await identify(ip, insecure, secure)
    const machine = 'machine' in found ? found.machine : undefined
    if (machine?.mac !== mac) continue
    const owned = record ? { ...machine, instance, node: record.name } : machine
    store.remember({ ...owned, mac }, { at: new Date(deps.clock.now()).toISOString() })
    return owned
  }
  throw offline(mac, addresses, seen)
}
