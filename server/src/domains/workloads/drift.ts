import type { RunTool } from '../../platform/run-tool.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { keyOf, liveDifferences, lookup, stateOf, withHash } from '../objects/index.ts'
import type { Drift } from './model.ts'
import type { Place } from './place.ts'

export interface Drifted {
  object: KubeObject
  live?: KubeObject
  diff?: string
}

/**
 * Objects that are not what was deployed although nothing newer waits to be: somebody changed or deleted them. Jobs are
 * left out: they end and are cleaned up by themselves. Throws CLUSTER_UNREACHABLE.
 */
export async function drifted(run: RunTool, place: Place): Promise<Drifted[]> {
  const kubectl = place.kubectl(run)
  const wanted = (await place.objects(run)).filter(({ kind }) => kind !== 'Job')
  const live = await kubectl.getLive(wanted)
  // Nothing of it was deployed yet, or all of it was deleted: that is no drift.
  if (live.length === 0) return []
  const find = lookup(live)
  const deployed = wanted.filter((object) => stateOf(object, find(object)) === 'same')
  const diffs = await liveDifferences(kubectl, deployed.map(withHash))
  return wanted.flatMap((object) => {
    const there = find(object)
    const diff = diffs.get(keyOf(object))
    if (!there) return [{ object }]
    return diff === undefined ? [] : [{ object, live: there, diff }]
  })
}

/** As it is shown. */
export function shownDrift({ object, live, diff }: Drifted, adoptable: boolean): Drift {
  return { object: keyOf(object), missing: live === undefined, diff, adoptable: live !== undefined && adoptable }
}
