import { z } from 'zod'
import type { OperationDefinition, StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import { createTalosctl } from '../../../../tools/talosctl.ts'
import { nameOf } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { waitUntilSpare, waitUntilWell } from '../rolling/well.ts'
import { talosOf } from '../upgrade/now.ts'
import { recordTalos } from '../upgrade/record-talos.ts'
import { changeWorld, refuseBeforeBootstrap } from '../world.ts'
import { rollBack } from './roll-back.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName,
  /** Also when the rest of the cluster is not well. */
  force: z.boolean().default(false),
  /** The Talos it shall leave; what it runs when this is asked. */
  from: z.string().max(40).optional(),
})
export type RollbackInput = z.output<typeof input>

/** Starts the Talos again that a node ran before its last upgrade. */
export function rollbackOperation(deps: ChangesDeps): OperationDefinition<RollbackInput> {
  const world = (instance: string, node: string) => changeWorld(deps, instance, `node rollback ${node}`)

  async function runningNow(instance: string, node: string): Promise<string | undefined> {
    const places = deps.paths.instance(instance)
    try {
      const { targetIp } = await world(instance, node).node(node)
      const talosctl = createTalosctl(deps.reads, { talosconfig: places.talosconfig, home: places.home })
      return await talosctl.version({ ip: targetIp! })
    } catch {
      return undefined
    }
  }

  return {
    type: 'node.rollback',
    tools: ['talosctl', 'kubectl'],
    title: ({ node, from }) => `Take ${node} back from Talos ${from}`,
    input: input as z.ZodType<RollbackInput>,
    complete: async ({ from, ...rest }) => ({ ...rest, from: from ?? (await runningNow(rest.instance, rest.node)) }),
    instance: ({ instance }) => instance,
    target: ({ node }) => node,
    locks: ({ instance }) => [`instances/${instance}/cluster`, `instances/${instance}/nodes`],
    async refuse({ instance, node, from }) {
      await refuseBeforeBootstrap(deps, instance)
      const record = await world(instance, node).node(node)
      if (from) return
      throw new WildError(
        'MACHINE_OFFLINE',
        `${nameOf(record)} does not tell which Talos it runs, so it cannot be told to leave it. Its boot menu, on its screen, offers both versions.`,
        { node, hint: `wild-cli node show ${node}` },
      )
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    steps({ instance, node, force, from }) {
      const w = world(instance, node)
      const step = rollBack(w, node, from!)
      const unneeded = async (ctx: StepContext) =>
        (await step.done!(ctx)) ? `it does not run ${from} any more` : false
      const version = async (ctx: StepContext) => (await talosOf(w, ctx, await w.node(node))) ?? from!
      return [
        ...(force ? [] : [waitUntilSpare(w, node, unneeded)]),
        step,
        recordTalos(w, node, { version, names: async (written, ctx) => written === (await version(ctx)) }),
        waitUntilWell(w, node, {
          unwell: (reason) =>
            new WildError(
              'OPERATION_FAILED',
              `${node} left Talos ${from}, but the cluster is not well with it: ${reason}. Mend this, then run the same again.`,
              { node, hint: 'wild-cli cluster health' },
            ),
        }),
      ]
    },
  }
}
