import { z } from 'zod'
import type { OperationDefinition, StepItem } from '../../../operations/define.ts'
import { instanceName, nodeName } from '../../../platform/names.ts'
import type { NodesDeps } from '../deps.ts'
import type { NodeStore } from '../store.ts'
import { departing, leaving } from './departing.ts'
import { forgetNode } from './forget-node.ts'
import { lookAtMachine } from './look-at-machine.ts'
import { resetMachine } from './reset-machine.ts'
import { removeWorld } from './world.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName,
  gone: z.boolean().default(false),
  drain: z.boolean().default(true),
})
export type RemoveInput = z.output<typeof input>

/** Takes a node out of the cluster and frees its machine. Running it again goes on where it ended. */
export function removeOperation(deps: NodesDeps, store: NodeStore): OperationDefinition<RemoveInput> {
  return {
    type: 'node.remove',
    ...departing(deps, store),
    title: ({ node, gone }) => `Remove node ${node}${gone ? ', whose machine is gone' : ''}`,
    input: input as z.ZodType<RemoveInput>,
    steps({ instance, node, gone, drain }): StepItem[] {
      const w = removeWorld({ instance, node, gone, drain, asked: 'node remove', deps, store })
      return [lookAtMachine(w), ...leaving(w, resetMachine(w)), forgetNode(w)]
    },
  }
}
