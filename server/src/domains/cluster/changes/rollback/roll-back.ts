import { NotYet, type Step, type StepContext } from '../../../../operations/define.ts'
import { saidBy, WildError } from '../../../../platform/errors.ts'
import { explainMachine, type NodeRecord, nameOf } from '../../../nodes/index.ts'
import { mustBeDone } from '../must-be-done.ts'
import { startOther } from '../other-talos.ts'
import { talosOf } from '../upgrade/now.ts'
import type { ChangeWorld } from '../world.ts'

/** 15 minutes: the firmware of servers takes its time. */
const attempts = 450
/** What a machine says that has one Talos only. */
const noOther = /no fallback|boot entry/i

async function order(w: ChangeWorld, ctx: StepContext, record: NodeRecord, from: string): Promise<void> {
  ctx.say(`${nameOf(record)} is told to restart into its other boot slot`)
  try {
    await w.talosctl(ctx).rollBack(record.targetIp!)
  } catch (error) {
    if (!noOther.test(saidBy(error))) throw explainMachine(error, record, 'Going back to the Talos before')
    throw new WildError(
      'CONFLICT',
      `${nameOf(record)} has no other Talos to go back to: it was not upgraded since ${from} was installed. Nothing was changed.`,
      { node: record.name, hint: `wild-cli node show ${record.name}` },
      { cause: error },
    )
  }
}

/** Restarts a node into the Talos of its other boot slot, away from `from`. Done when it runs another one. */
export function rollBack(w: ChangeWorld, name: string, from: string): Step {
  /** It goes down already: told once more it would come back with the version it leaves. */
  async function refuseGoing(ctx: StepContext, record: NodeRecord): Promise<void> {
    const status = await w.talosctl(ctx).machineStatus({ ip: record.targetIp! }, { repeated: true })
    if (status && status.stage !== 'running' && status.stage !== 'booting') throw new NotYet(`it is ${status.stage}`)
  }

  return mustBeDone({
    name: 'roll-back',
    title: `Restarting ${name} into its other boot slot`,
    weight: 3,
    timeoutMs: 40 * 60_000,
    async done(ctx) {
      const version = await talosOf(w, ctx, await w.node(name))
      return version !== undefined && version !== from && `it runs ${version}`
    },
    async run(ctx) {
      const version = await startOther(w, ctx, name, {
        what: `${name} to run another Talos than ${from}`,
        attempts,
        isIt: (runsNow) => runsNow !== from,
        async order(at, record) {
          await refuseGoing(at, record)
          await order(w, at, record, from)
        },
        cameBack: (record) =>
          new WildError(
            'OPERATION_FAILED',
            `${nameOf(record)} restarted, but into ${from} again: the Talos in its other slot did not start. It runs as it did before.`,
            { node: name, hint: `wild-cli node show ${name}` },
          ),
        silent: (record, cause) =>
          new WildError(
            'TIMEOUT',
            `${nameOf(record)} did not come back. Look at its screen: its boot menu offers both versions of Talos. Run the same again when it answers; when it is broken for good: wild-cli node remove ${name} --gone`,
            { node: name, hint: `wild-cli node rollback ${name}` },
            { cause },
          ),
      })
      ctx.result({ version })
    },
    plan: async () => [
      {
        kind: 'command',
        text: `talosctl rollback, on ${name}: it leaves ${from} and restarts into its other boot slot`,
      },
    ],
  })
}
