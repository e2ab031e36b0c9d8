import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { nameOf } from '../model.ts'
import type { RemoveWorld } from './world.ts'

/** Whether the machine is there fits what was asked. Reads only; the other steps rely on it. */
export function lookAtMachine(w: RemoveWorld): Step {
  async function look(ctx: StepContext): Promise<string> {
    const record = await w.record()
    const target = await w.find(ctx)
    if (w.gone) {
      if (!target || target.insecure) return `${w.node} is taken out without its machine`
      const hint = `wild-cli node remove ${w.node}`
      throw new WildError(
        'CONFLICT',
        `The machine of ${w.node} is not gone: it answers at ${target.ip}. Taken out unseen it would go on running with the cluster's secrets. Remove it properly, without "gone": ${hint}`,
        { node: w.node, ip: target.ip, hint },
      )
    }
    if (target) return target.insecure ? `it waits for a configuration at ${target.ip}` : `it answers at ${target.ip}`
    if (record.removing) return 'it was told to reset and restarts'
    if (record.maintenance !== false) return 'it was never set up'
    const hint = `wild-cli node remove ${w.node} --gone`
    throw new WildError(
      'MACHINE_OFFLINE',
      `${nameOf(record)} does not answer, so it can neither leave etcd nor be reset. Switch it on and try again; if it is broken or given away, take it out without it: ${hint}`,
      { node: w.node, mac: record.mac, hint },
    )
  }
  return {
    name: 'look-at-machine',
    title: 'Looking for its machine',
    done: look,
    run: async () => undefined,
  }
}
