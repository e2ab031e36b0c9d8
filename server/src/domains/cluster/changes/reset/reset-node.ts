import { z } from 'zod'
import type { OperationDefinition, StepItem } from '../../../../operations/define.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import { createNodeStore, departing, leaving, lookAtMachine, removeWorld, resetMachine } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { changeWorld } from '../world.ts'
import { recordFree } from './free-machines.ts'
import { saveKeys } from './save-keys.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName,
  graceful: z.boolean().default(true),
  confirm: z.boolean().optional(),
})
export type ResetNodeInput = z.output<typeof input>

/** Wipes one node's configuration and data. What is written down about it stays: it can be set up again. */
export function resetNodeOperation(deps: ChangesDeps): OperationDefinition<ResetNodeInput> {
  const store = createNodeStore(deps.config, deps.db)
  return {
    type: 'node.reset',
    ...departing(deps, store),
    title: ({ node }) => `Reset node ${node}`,
    input: input as z.ZodType<ResetNodeInput>,
    complete: async ({ confirm: _confirm, ...rest }) => rest,
    steps({ instance, node, graceful }): StepItem[] {
      const how = { gone: false, drain: graceful, forced: !graceful, asked: 'node reset' }
      const r = removeWorld({ instance, node, ...how, deps, store })
      const w = changeWorld(deps, instance, `node reset ${node}`)
      async function unneeded(): Promise<string | undefined> {
        const record = await store.record(instance, node)
        if (record?.role !== 'controlplane') return 'a worker is not part of etcd'
        if (!(await w.bootstrapped())) return 'the cluster is not bootstrapped'
        return record.maintenance === false && !record.removing
          ? undefined
          : 'it runs no configuration of ours any more'
      }
      return [
        lookAtMachine(r),
        mustBeDone(saveKeys(w)),
        saveEtcd(w, { purpose: `before-reset-of-${node}`, optional: true, unneeded }),
        ...leaving(r, mustBeDone(resetMachine(r))),
        mustBeDone(recordFree(w, async () => [node])),
      ]
    },
  }
}
