import { z } from 'zod'
import type { OperationDefinition, StepItem } from '../../../../operations/define.ts'
import { notFound } from '../../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import {
  cordonNode,
  createNodeStore,
  deleteKubernetesNode,
  dialOthers,
  drainNode,
  leaveEtcd,
  lookAtMachine,
  refuseLastPlane,
  removeWorld,
  resetMachine,
} from '../../../nodes/index.ts'
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
    tools: ['talosctl', 'kubectl'],
    title: ({ node }) => `Reset node ${node}`,
    input: input as z.ZodType<ResetNodeInput>,
    complete: async ({ confirm: _confirm, ...rest }) => rest,
    instance: ({ instance }) => instance,
    target: ({ node }) => node,
    async locks({ instance, node }) {
      const mac = (await store.record(instance, node))?.mac
      return [
        `instances/${instance}/cluster`,
        `instances/${instance}/nodes/${node}`,
        ...(mac ? [`machines/${mac}`] : []),
      ]
    },
    async refuse({ instance, node }) {
      await deps.instances.require(instance)
      if (!(await store.record(instance, node))) throw notFound('node', node, 'wild-cli node list')
      await refuseLastPlane(deps, store, instance, node)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
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
        cordonNode(r),
        drainNode(r),
        leaveEtcd(r),
        mustBeDone(resetMachine(r)),
        deleteKubernetesNode(r),
        dialOthers(r),
        mustBeDone(recordFree(w, async () => [node])),
      ]
    },
  }
}
