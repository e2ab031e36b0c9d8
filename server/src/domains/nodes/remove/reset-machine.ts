import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { TalosTarget } from '../../../tools/talosctl.ts'
import { findByMac } from '../find-by-mac.ts'
import { explainMachine } from '../machine-failure.ts'
import { readMachine } from '../machine-reader.ts'
import { nameOf } from '../model.ts'
import { isGone, type RemoveWorld } from './world.ts'

/** 10 minutes, as for an installation. */
const attempts = 300
const intervalMs = 2_000
/** A machine that lost its configuration may get any address; looking at all of them takes seconds. */
const searchEvery = 5

/** Wipes configuration and data, and waits until the machine is free for something else. */
export function resetMachine(w: RemoveWorld): Step {
  /** Where it waits for a configuration; `ours` while it still runs ours. */
  async function where(ctx: StepContext, search: boolean): Promise<TalosTarget | 'ours' | undefined> {
    const record = await w.record()
    const found = await w.find(ctx).catch((error) => {
      // On its way out its address may be somebody else's already.
      if (record.removing && error instanceof WildError && error.code === 'CONFLICT') return undefined
      throw error
    })
    if (found) return found.insecure ? found : 'ours'
    if (!search || !record.mac) return undefined
    const ip = await findByMac(w.talosctl(ctx), w.deps.settings.lan.cidr, record.mac, ctx.signal)
    return ip === undefined ? undefined : { ip, insecure: true }
  }

  async function remember(ctx: StepContext, target: TalosTarget): Promise<void> {
    const machine = await readMachine(w.talosctl(ctx), target)
    const at = new Date(ctx.clock.now()).toISOString()
    if (machine.mac) w.store.remember({ ...machine, mac: machine.mac }, { at })
  }

  return {
    name: 'reset-machine',
    title: 'Resetting its machine',
    weight: 5,
    timeoutMs: 25 * 60_000,
    async done(ctx) {
      if (w.gone) return isGone
      const record = await w.record()
      const target = await where(ctx, record.removing === true)
      if (target === 'ours') return false
      if (target) return `it waits for a configuration at ${target.ip}`
      return record.removing ? false : 'it was never set up'
    },
    async run(ctx) {
      const record = await w.record()
      if ((await where(ctx, false)) === 'ours') {
        await w.store.update(w.instance, w.node, { removing: true }, w.by)
        ctx.say(`${nameOf(record)} is told to forget its configuration and data`)
        try {
          await w.talosctl(ctx).wipe(record.targetIp!, ['STATE', 'EPHEMERAL'], { graceful: w.graceful })
        } catch (error) {
          throw explainMachine(error, record, 'Resetting')
        }
      }
      let looks = 0
      const what = `${record.name} to come back without a configuration`
      const look = async (): Promise<TalosTarget> => {
        const target = await where(ctx, ++looks % searchEvery === 0)
        if (target === 'ours') throw new NotYet('it still runs the configuration')
        if (!target) throw new NotYet('it does not answer yet')
        return target
      }
      try {
        const target = await ctx.waitFor({ what, attempts, intervalMs, look })
        await remember(ctx, target)
        ctx.result({ ip: target.ip })
        ctx.say(`The machine is free again, at ${target.ip}`)
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
        const hint = `wild-cli node remove ${record.name} --gone`
        throw new WildError(
          'TIMEOUT',
          `${record.name} was told to reset but did not come back. ${error.message} Look at its screen, then run this again; if the machine is gone for good: ${hint}`,
          { ...error.details, node: record.name, hint },
          { cause: error },
        )
      }
    },
    plan: async () => [
      {
        kind: 'command',
        text: `talosctl reset --graceful=${w.graceful === true} --reboot --system-labels-to-wipe STATE,EPHEMERAL, on ${w.node}: its configuration and data are lost`,
      },
    ],
  }
}
