import { z } from 'zod'
import type { OperationDefinition, Step, StepItem } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { instanceName } from '../../../../platform/names.ts'
import {
  createNodeStore,
  type NodeRecord,
  nameOf,
  removeWorld,
  resetMachine,
  talosPort,
  tcpOpen,
} from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'
import { forgetCluster, recordFree } from './free-machines.ts'
import { saveKeys } from './save-keys.ts'

const input = z.strictObject({
  instance: instanceName,
  graceful: z.boolean().default(false),
  skipOffline: z.boolean().default(false),
  confirm: z.boolean().optional(),
})
export type ResetClusterInput = z.output<typeof input>

const probeMs = 1_500
/** Machines that are reset at a time, when none waits for another. */
const atOnce = 10

async function answers({ targetIp, currentIp, removing }: NodeRecord): Promise<boolean> {
  // One that was told to reset restarts: it does answer soon.
  if (removing) return true
  for (const ip of new Set([targetIp, currentIp])) if (ip && (await tcpOpen(ip, talosPort, probeMs))) return true
  return false
}

/** Before anything is lost: who of the nodes that were set up does not answer. */
function lookAtMachines(nodes: NodeRecord[], silent: NodeRecord[], skipOffline: boolean): Step {
  return {
    name: 'look-at-machines',
    title: 'Looking for the machines',
    async done(ctx) {
      const names = silent.map(nameOf).join(', ')
      if (silent.length && !skipOffline)
        throw new WildError(
          'MACHINE_OFFLINE',
          `${names} ${silent.length === 1 ? 'does' : 'do'} not answer, so not every machine can be reset. Switch them on; or leave them out and reset them by hand before they come back to the network: wild-cli cluster reset --skip-offline`,
          { nodes: silent.map(({ name }) => name), hint: 'wild-cli cluster reset --skip-offline' },
        )
      if (silent.length) ctx.warn(`${names} did not answer and still has the keys of this cluster: reset it by hand.`)
      return `${nodes.length - silent.length} of ${nodes.length} answer`
    },
    run: async () => undefined,
  }
}

/** Workers first; among control planes the last one cannot leave etcd and goes as it is. */
function inOrder(nodes: NodeRecord[]): NodeRecord[] {
  const rank = ({ role }: NodeRecord) => (role === 'worker' ? 0 : 1)
  return [...nodes].sort((one, other) => rank(one) - rank(other))
}

/** Wipes every machine of the cluster. Settings, keys and snapshots are kept: it can be built again. */
export function resetClusterOperation(deps: ChangesDeps): OperationDefinition<ResetClusterInput> {
  const store = createNodeStore(deps.config, deps.db)

  function resetStep(w: ChangeWorld, node: NodeRecord, how: { gone: boolean; graceful: boolean }): Step {
    const world = { instance: w.instance, node: node.name, drain: false, asked: 'cluster reset', ...how }
    return {
      ...mustBeDone(resetMachine(removeWorld({ ...world, deps, store }))),
      name: `reset-${node.name}`,
      title: `Resetting ${node.name}`,
    }
  }

  return {
    type: 'cluster.reset',
    tools: ['talosctl'],
    title: ({ instance }) => `Reset the cluster of ${instance}`,
    input: input as z.ZodType<ResetClusterInput>,
    complete: async ({ confirm: _confirm, ...rest }) => rest,
    instance: ({ instance }) => instance,
    async locks({ instance }) {
      const macs = (await store.records(instance)).flatMap(({ mac }) => (mac ? [`machines/${mac}`] : []))
      return [`instances/${instance}`, ...macs]
    },
    async refuse({ instance }) {
      await deps.instances.require(instance)
      if ((await store.records(instance)).length) return
      throw new WildError('CONFLICT', `${instance} has no nodes, so there is nothing to reset.`, {
        hint: 'wild-cli node list',
      })
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async steps({ instance, graceful, skipOffline }): Promise<StepItem[]> {
      const w = changeWorld(deps, instance, 'cluster reset')
      const nodes = inOrder((await store.records(instance)).filter((one) => one.maintenance === false || one.removing))
      const awake = await Promise.all(nodes.map(answers))
      const silent = nodes.filter((_node, index) => !awake[index])
      const last = nodes.at(-1)
      const resets = nodes.map((node) =>
        resetStep(w, node, { gone: silent.includes(node), graceful: graceful && node !== last }),
      )
      const unneeded = async () => ((await w.bootstrapped()) ? undefined : 'the cluster is not bootstrapped')
      return [
        lookAtMachines(nodes, silent, skipOffline),
        mustBeDone(saveKeys(w)),
        saveEtcd(w, { purpose: 'before-reset', optional: true, unneeded }),
        ...(resets.length
          ? [
              {
                name: 'machines',
                title: 'Resetting the machines',
                steps: resets,
                weight: 5,
                parallel: graceful ? 1 : atOnce,
              },
            ]
          : []),
        mustBeDone(recordFree(w, async () => nodes.map(({ name }) => name))),
        mustBeDone(forgetCluster(w)),
      ]
    },
  }
}
