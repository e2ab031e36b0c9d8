import type { Step, StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { majorityOf, nameOf, whoAnswers } from '../../../nodes/index.ts'
import type { ChangeWorld } from '../world.ts'

/** etcd decides by majority: a control plane that goes off for long must leave enough of the others. */
export function keepMajority(w: ChangeWorld, name: string, off: (ctx: StepContext) => Promise<string | false>): Step {
  return {
    name: 'majority',
    title: `Looking whether etcd keeps its majority without ${name}`,
    async done(ctx) {
      const reason = await off(ctx)
      if (reason) return reason
      const planes = await w.planes()
      const others = planes.filter((plane) => plane.name !== name)
      if (others.length === planes.length) return 'it is a worker'
      const left = (await whoAnswers(others, ctx.signal)).awake.length
      const needed = majorityOf(planes.length)
      if (left >= needed) return `${left} of ${planes.length} control planes stay`
      throw new WildError(
        'CONFLICT',
        `Without ${nameOf(await w.node(name))} the cluster stops: etcd needs ${needed} of ${planes.length} control planes, and ${left} would be left. To switch everything off: wild-cli cluster shutdown. To do without this one: wild-cli node remove ${name}`,
        { node: name, hint: 'wild-cli cluster shutdown' },
      )
    },
    run: async () => undefined,
  }
}
