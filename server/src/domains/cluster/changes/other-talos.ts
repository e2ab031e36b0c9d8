import { NotYet, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { NodeRecord } from '../../nodes/index.ts'
import { talosOf } from './upgrade/now.ts'
import type { ChangeWorld } from './world.ts'

/** Another Talos that a node is told to start. */
export interface OtherTalos {
  /** For people: "control-1 to run Talos v1.11.2". */
  what: string
  /** Looks, one every two seconds. */
  attempts: number
  /** Is this the one? */
  isIt(version: string): boolean
  /** Tells the node. Throws NotYet when it could not be told now. */
  order(ctx: StepContext, record: NodeRecord): Promise<void>
  /** It restarted, and runs the one before. */
  cameBack(record: NodeRecord, version: string): WildError
  /** It did not come back in time. */
  silent(record: NodeRecord, cause: WildError): WildError
}

const intervalMs = 2_000

/** Tells a node once to start another Talos and waits until it runs it; answers the version. */
export async function startOther(w: ChangeWorld, ctx: StepContext, name: string, other: OtherTalos): Promise<string> {
  const record = await w.node(name)
  let told: number | undefined
  async function look(): Promise<string> {
    const version = await talosOf(w, ctx, await w.node(name))
    if (!version) throw new NotYet('it does not answer yet')
    if (other.isIt(version)) return version
    if (told === undefined) {
      const now = ctx.clock.now()
      await other.order(ctx, record)
      told = now
      throw new NotYet('it was told')
    }
    if ((await w.startedAt(ctx, record.targetIp!).catch(() => 0)) > told) throw other.cameBack(record, version)
    throw new NotYet(`it still runs ${version}`)
  }
  try {
    const version = await ctx.waitFor({ what: other.what, attempts: other.attempts, intervalMs, look })
    ctx.say(`${name} runs Talos ${version}`)
    return version
  } catch (error) {
    if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
    throw other.silent(record, error)
  }
}
