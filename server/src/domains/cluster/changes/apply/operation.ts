import { z } from 'zod'
import type { OperationDefinition, PlannedChange, Step, StepContext, StepGroup } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { instanceName, nodeName } from '../../../../platform/names.ts'
import { explainMachine, nodeConfiguration } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { oneOrAll } from '../one-or-all.ts'
import { waitUntilSpare, waitUntilWell } from '../rolling/well.ts'
import { upgradeOrder } from '../upgrade/talos.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'

const input = z.strictObject({ instance: instanceName, node: nodeName.optional() })
export type ApplyInput = z.output<typeof input>

/** What a machine says about a configuration before it takes it. */
export interface Preview {
  changes: boolean
  reboots: boolean
  diff?: string
}

/** Reads the words of `talosctl apply-config --dry-run`. */
export function readPreview(words: string): Preview {
  if (/No changes\./.test(words)) return { changes: false, reboots: false }
  const diff = /Config diff:\s*\n([\s\S]*)$/.exec(words)?.[1]?.trim()
  return { changes: true, reboots: /Applied configuration with a reboot/.test(words), ...(diff ? { diff } : {}) }
}

/** One node: its configuration made anew, shown, handed over; with gates around it where it restarts. */
function applyTo(w: ChangeWorld, name: string): StepGroup {
  const configuration = nodeConfiguration(w.deps, w.store, w.instance, name)
  const file = w.places.final(name)

  async function preview(ctx: StepContext): Promise<Preview> {
    const record = await w.node(name)
    try {
      return readPreview(
        await configuration.withCandidate(ctx, (candidate) => w.talosctl(ctx).applyDryRun(record.targetIp!, candidate)),
      )
    } catch (error) {
      throw explainMachine(error, record, 'Asking what its new configuration would change')
    }
  }
  async function stays(ctx: StepContext): Promise<string | false> {
    const { changes, reboots } = await preview(ctx)
    if (!changes) return 'it runs this configuration'
    return !reboots && 'it does not restart'
  }
  const prepare: Step = {
    name: 'prepare',
    title: `Making the configuration of ${name}`,
    done: (ctx) => configuration.prepared(ctx),
    run: (ctx) => configuration.prepare(ctx),
    plan: async () => [{ kind: 'file', text: `Write ${file}` }],
  }
  const apply: Step = {
    name: 'apply',
    title: `Handing it to ${name}`,
    weight: 2,
    async done(ctx) {
      return !(await preview(ctx)).changes && 'it runs this configuration'
    },
    async run(ctx) {
      const record = await w.node(name)
      const { reboots } = await preview(ctx)
      ctx.say(`${name} takes its new configuration ${reboots ? 'and restarts' : 'without a restart'}`)
      try {
        await w.talosctl(ctx).applyConfig({ ip: record.targetIp! }, file)
      } catch (error) {
        throw explainMachine(error, record, 'Applying the configuration')
      }
    },
    async plan(ctx): Promise<PlannedChange[]> {
      const { reboots, diff } = await preview(ctx)
      const how = reboots ? 'it restarts' : 'without a restart'
      return [{ kind: 'command', text: `talosctl apply-config, on ${name}: ${how}`, diff }]
    },
  }
  const unwell = (reason: string) =>
    new WildError(
      'OPERATION_FAILED',
      `${name} has its new configuration, but the cluster is not well with it: ${reason}. The nodes after it are left as they are. To go on: mend this and run the same again. To go back: undo the change in config.yaml (wild-cli config history) and run the same again.`,
      { node: name, hint: 'wild-cli cluster health' },
    )
  return {
    name,
    title: `Configuration of ${name}`,
    steps: [mustBeDone(prepare), waitUntilSpare(w, name, stays), apply, waitUntilWell(w, name, { unwell })],
  }
}

/** Hands every node (or one) the configuration that config.yaml asks for now, one node at a time. */
export function applyOperation(deps: ChangesDeps): OperationDefinition<ApplyInput> {
  return {
    ...oneOrAll(deps),
    type: 'cluster.apply',
    title: ({ instance, node }) => `Apply the configuration to ${node ?? `the nodes of ${instance}`}`,
    input: input as z.ZodType<ApplyInput>,
    async steps({ instance, node }) {
      const w = changeWorld(deps, instance, 'cluster apply')
      const nodes = node ? [await w.node(node)] : upgradeOrder(await w.nodes())
      return nodes.map(({ name }) => applyTo(w, name))
    },
  }
}
