import { z } from 'zod'
import { NotYet, type OperationDefinition, type Step, type StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { explainMachine, nameOf, talosPort, tcpOpen } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { oneOrAll } from '../one-or-all.ts'
import { waitUntilSpare, waitUntilWell } from '../rolling/well.ts'
import { upgradeOrder } from '../upgrade/talos.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'

const input = z.strictObject({
  instance: instanceName,
  node: nodeName.optional(),
  /** A machine that started after this has done what was asked; taken from the time. */
  since: z.iso.datetime().optional(),
})
export type RebootInput = z.output<typeof input>

const probeMs = 1_500
/** 15 minutes: the firmware of servers takes its time. */
const attempts = 450
const intervalMs = 2_000

/** When it was started; undefined while it does not answer. */
async function startOf(w: ChangeWorld, ctx: StepContext, name: string): Promise<number | undefined> {
  const { targetIp } = await w.node(name)
  if (!(await tcpOpen(targetIp!, talosPort, probeMs, ctx.signal))) return undefined
  try {
    return await w.startedAt(ctx, targetIp!)
  } catch (error) {
    if (talosFailure(error) === 'offline' || talosFailure(error) === 'configured') return undefined
    throw explainMachine(error, await w.node(name), 'Asking when it was started')
  }
}

function rebootStep(w: ChangeWorld, name: string, since: number): Step {
  async function restarted(ctx: StepContext): Promise<string | false> {
    const at = await startOf(w, ctx, name)
    return at !== undefined && at > since && `it restarted at ${new Date(at).toISOString()}`
  }
  return {
    name: 'reboot',
    title: `Restarting ${name}`,
    weight: 2,
    timeoutMs: 40 * 60_000,
    done: restarted,
    async run(ctx) {
      const record = await w.node(name)
      let told = false
      const look = async (): Promise<void> => {
        const at = await startOf(w, ctx, name)
        if (at === undefined) throw new NotYet('it does not answer')
        if (at > since) return
        if (!told) {
          told = true
          try {
            await w.talosctl(ctx).reboot(record.targetIp!)
          } catch (error) {
            throw explainMachine(error, record, 'Restarting')
          }
        }
        throw new NotYet('it has not restarted yet')
      }
      try {
        await ctx.waitFor({ what: `${name} to restart`, attempts, intervalMs, look })
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
        throw new WildError(
          'TIMEOUT',
          `${nameOf(record)} did not come back after its restart. The nodes after it are left as they are. Look at its screen, then retry this: nodes that restarted are not restarted again. When it is broken for good: wild-cli node remove ${name} --gone`,
          { node: name, hint: `wild-cli node show ${name}` },
          { cause: error },
        )
      }
    },
    plan: async () => [{ kind: 'command', text: `talosctl reboot, on ${name}` }],
  }
}

/** Restarts one node, or all of them one after the other, each when the rest is well. */
export function rebootOperation(deps: ChangesDeps): OperationDefinition<RebootInput> {
  return {
    ...oneOrAll(deps),
    type: 'cluster.reboot',
    title: ({ instance, node }) => `Restart ${node ?? `the nodes of ${instance}`}`,
    input: input as z.ZodType<RebootInput>,
    complete: async ({ since, ...rest }) => ({ ...rest, since: since ?? new Date(deps.clock.now()).toISOString() }),
    async steps({ instance, node, since }) {
      const w = changeWorld(deps, instance, 'cluster reboot')
      const nodes = node ? [await w.node(node)] : upgradeOrder(await w.nodes())
      const from = Date.parse(since!)
      return nodes.map(({ name }) => {
        const step = mustBeDone(rebootStep(w, name, from))
        const unneeded = async (ctx: StepContext) => ((await step.done!(ctx)) ? 'it restarted' : false)
        const unwell = (reason: string) =>
          new WildError(
            'OPERATION_FAILED',
            `${name} restarted, but the cluster is not well with it: ${reason}. The nodes after it are left as they are. Mend this, then run the same again.`,
            { node: name, hint: 'wild-cli cluster health' },
          )
        return {
          name,
          title: `Restart of ${name}`,
          steps: [waitUntilSpare(w, name, unneeded), step, waitUntilWell(w, name, { unwell })],
        }
      })
    },
  }
}
