import { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { cidr, instanceName } from '../../../platform/names.ts'
import type { NodesDeps } from '../deps.ts'
import { createSightings } from '../feeds.ts'
import type { NodeStore } from '../store.ts'
import { scanRange } from '../subnet.ts'
import { readMachines } from './read-machines.ts'
import { scanSubnet } from './scan-subnet.ts'
import type { DiscoveryWorld } from './world.ts'

const input = z.strictObject({
  instance: instanceName,
  subnet: cidr.optional(),
  /** Seconds for the scan. */
  timeout: z.int().min(1, 'At least 1 second.').max(900, 'At most 900 seconds.').default(30),
})
export type DiscoverInput = z.output<typeof input>

/** Looks for Talos machines on the LAN. Reads only; may run any number of times. */
export function discoverOperation(
  deps: NodesDeps,
  store: NodeStore,
  sightings = createSightings(),
): OperationDefinition<DiscoverInput> {
  return {
    type: 'node.discover',
    tools: ['talosctl'],
    title: ({ instance, subnet }) => `Discover machines for ${instance} in ${subnet ?? deps.settings.lan.cidr}`,
    input: input as z.ZodType<DiscoverInput>,
    instance: ({ instance }) => instance,
    target: ({ subnet }) => subnet ?? deps.settings.lan.cidr,
    locks: ({ instance }) => [`instances/${instance}/discovery`],
    async refuse({ instance, subnet }) {
      await deps.instances.require(instance)
      scanRange(subnet ?? deps.settings.lan.cidr, deps.settings.lan.cidr)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    steps(request, ctx) {
      const world: DiscoveryWorld = {
        ...request,
        deps,
        store,
        sightings,
        range: scanRange(request.subnet ?? deps.settings.lan.cidr, deps.settings.lan.cidr),
        startedAt: new Date(ctx.clock.now()).toISOString(),
        open: [],
      }
      return [scanSubnet(world), readMachines(world)]
    },
  }
}
