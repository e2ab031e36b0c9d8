import { NotYet, type Step, type StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { explainMachine, type NodeRecord, nameOf } from '../../../nodes/index.ts'
import { mustBeDone } from '../must-be-done.ts'
import { talosOf } from '../upgrade/now.ts'
import type { ChangeWorld } from '../world.ts'

/** 15 minutes: the firmware of servers takes its time. */
const attempts = 450
const intervalMs = 2_000
/** What a machine says that has one Talos only. */
const noOther = /no fallback|boot entry/i

async function order(w: ChangeWorld, ctx: StepContext, record: NodeRecord, from: string): Promise<void> {
  ctx.say(`${nameOf(record)} is told to restart into its other boot slot`)
  try {
    await w.talosctl(ctx).rollBack(record.targetIp!)
  } catch (error) {
    const said = error instanceof WildError ? `${error.message} ${String(error.details.output ?? '')}` : ''
    if (!noOther.test(said)) throw explainMachine(error, record, 'Going back to the Talos before')
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
  const runs = async (ctx: StepContext) => talosOf(w, ctx, await w.node(name))

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
      const version = await runs(ctx)
      return version !== undefined && version !== from && `it runs ${version}`
    },
    async run(ctx) {
      const record = await w.node(name)
      let told: number | undefined
      const look = async (): Promise<string> => {
        const version = await runs(ctx)
        if (!version) throw new NotYet('it does not answer yet')
        if (version !== from) return version
        if (told === undefined) {
          await refuseGoing(ctx, record)
          told = ctx.clock.now()
          await order(w, ctx, record, from)
          throw new NotYet('it was told')
        }
        if ((await w.startedAt(ctx, record.targetIp!).catch(() => 0)) > told)
          throw new WildError(
            'OPERATION_FAILED',
            `${nameOf(record)} restarted, but into ${from} again: the Talos in its other slot did not start. It runs as it did before.`,
            { node: name, hint: `wild-cli node show ${name}` },
          )
        throw new NotYet(`it still runs ${version}`)
      }
      try {
        const version = await ctx.waitFor({
          what: `${name} to run another Talos than ${from}`,
          attempts,
          intervalMs,
          look,
        })
        ctx.result({ version })
        ctx.say(`${name} runs Talos ${version}`)
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
        throw new WildError(
          'TIMEOUT',
          `${nameOf(record)} did not come back. Look at its screen: its boot menu offers both versions of Talos. Run the same again when it answers; when it is broken for good: wild-cli node remove ${name} --gone`,
          { node: name, hint: `wild-cli node rollback ${name}` },
          { cause: error },
        )
      }
    },
    plan: async () => [
      {
        kind: 'command',
        text: `talosctl rollback, on ${name}: it leaves ${from} and restarts into its other boot slot`,
      },
    ],
  })
}
