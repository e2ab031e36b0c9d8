import type { Step, StepContext } from '../../operations/define.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { liveDifferences } from './differences.ts'
import { keyOf, lookup, stateOf, withHash } from './model.ts'

const words = { absent: 'would be created', different: 'would be changed', same: 'stays as it is' }

/** Dry run: says object by object what applying would do, with what the cluster says would change; changes nothing. */
export function compareStep(set: {
  name: string
  title: string
  kubectl(ctx: StepContext): Kubectl
  objects(ctx: StepContext): Promise<KubeObject[]>
}): Step {
  return {
    name: `compare-${set.name}`,
    title: `Comparing ${set.title} with the cluster`,
    async run(ctx) {
      const wanted = await set.objects(ctx)
      const kubectl = set.kubectl(ctx)
      const find = lookup(await kubectl.getLive(wanted))
      const states = wanted.map((object) => ({ object, state: stateOf(object, find(object)) }))
      // A Job that differs is made anew; the cluster refuses to compare it.
      const comparable = states.filter(({ object, state }) => state === 'different' && object.kind !== 'Job')
      const diffs = await liveDifferences(
        kubectl,
        comparable.map(({ object }) => withHash(object)),
      )
      for (const { object, state } of states) {
        ctx.say(`${keyOf(object)}: ${words[state]}`)
        for (const line of diffs.get(keyOf(object))?.split('\n') ?? []) ctx.say(`  ${line}`)
      }
      ctx.result({ [set.name]: Object.fromEntries(states.map(({ object, state }) => [keyOf(object), words[state]])) })
    },
  }
}
