import type { Step } from '../../../operations/define.ts'
import { keyOf, lookup, stateOf } from '../../objects/index.ts'
import type { AppWorld } from './world.ts'

const words = { absent: 'would be created', different: 'would be changed', same: 'stays as it is' }

/** Dry run: says object by object what a deploy would do, and changes nothing. */
export function compareWithCluster(w: AppWorld): Step {
  return {
    name: `compare-${w.manifest.name}`,
    title: `Comparing ${w.manifest.title} with the cluster`,
    async run(ctx) {
      const wanted = await w.objectsToBe(ctx)
      const find = lookup(await w.kubectl(ctx).getLive(wanted))
      const changes = wanted.map((object) => ({
        object: keyOf(object),
        state: stateOf(object, find(object)),
      }))
      for (const { object, state } of changes) ctx.say(`${object}: ${words[state]}`)
      ctx.result({ [w.manifest.name]: Object.fromEntries(changes.map(({ object, state }) => [object, words[state]])) })
    },
  }
}
