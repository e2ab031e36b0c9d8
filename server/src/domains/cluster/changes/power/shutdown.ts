import { z } from 'zod'
import { NotYet, type OperationDefinition, type Step, type StepContext } from '../../../../operations/define.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import { explainMachine, talosPort, tcpOpen } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { oneOrAll } from '../one-or-all.ts'
import { waitUntilSpare } from '../rolling/well.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { upgradeOrder } from '../upgrade/talos.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'
import { keepMajority } from './keep-majority.ts'

const input = z.strictObject({ instance: instanceName, node: nodeName.optional(), confirm: z.boolean().optional() })
export type ShutdownInput = z.output<typeof input>

const probeMs = 1_500

function shutDownStep(w: ChangeWorld, name: string, force: boolean): Step {
  async function isOff(ctx: StepContext): Promise<string | false> {
    const { targetIp } = await w.node(name)
    return !(await tcpOpen(targetIp!, talosPort, probeMs, ctx.signal)) && 'it does not answer'
  }
  return {
    name: `shut-down-${name}`,
    title: `Switching ${name} off`,
    timeoutMs: 15 * 60_000,
    done: isOff,
    async run(ctx) {
      const record = await w.node(name)
      try {
        await w.talosctl(ctx).shutDown(record.targetIp!, force)
      } catch (error) {
        throw explainMachine(error, record, 'Switching off')
      }
      await ctx.waitFor({
        what: `${name} to be off`,
        attempts: 300,
        look: async () => {
          if (!(await isOff(ctx))) throw new NotYet('it still answers')
        },
      })
      w.deps.instances.changed(w.instance, 'nodes')
      ctx.say(`${name} is off; it is switched on at the machine`)
    },
    plan: async () => [
      {
        kind: 'command',
        text: `talosctl shutdown${force ? ' --force' : ''}, on ${name}: only a hand switches it on again`,
      },
    ],
  }
}

/** Switches one node off while the rest goes on, or the whole cluster: workers first, control planes last. */
export function shutdownOperation(deps: ChangesDeps): OperationDefinition<ShutdownInput> {
  return {
    ...oneOrAll(deps),
    type: 'cluster.shutdown',
    title: ({ instance, node }) => `Switch off ${node ?? `the nodes of ${instance}`}`,
    input: input as z.ZodType<ShutdownInput>,
    complete: async ({ confirm: _confirm, ...rest }) => rest,
    async steps({ instance, node }) {
      const w = changeWorld(deps, instance, 'cluster shutdown')
      if (node) {
        const step = mustBeDone(shutDownStep(w, node, false))
        const unneeded = async (ctx: StepContext) => ((await step.done!(ctx)) ? 'it does not answer' : false)
        return [keepMajority(w, node, unneeded), waitUntilSpare(w, node, unneeded), step]
      }
      const steps = upgradeOrder(await w.nodes()).map(({ name }) => mustBeDone(shutDownStep(w, name, true)))
      const unneeded = async (ctx: StepContext) => {
        const off = await Promise.all(steps.map((step) => step.done!(ctx)))
        return off.every(Boolean) ? 'every machine is off' : undefined
      }
      return [saveEtcd(w, { purpose: 'before-shutdown', optional: true, unneeded }), ...steps]
    },
  }
}
