import type { RunTool } from '../../platform/run-tool.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { keyOf, liveDifferences, lookup, stateOf, withHash } from '../objects/index.ts'
import type { Drift } from './model.ts'
import type { Made, Place } from './place.ts'

export interface Drifted extends Made {
  /** Absent: it was deleted. */
  live?: KubeObject
  diff?: string
}

/**
 * Objects that are not what was deployed although nothing newer waits to be: somebody changed or deleted them. Jobs are
 * left out: they end and are cleaned up by themselves. Throws CLUSTER_UNREACHABLE.
 */
export async function drifted(run: RunTool, place: Place): Promise<Drifted[]> {
  const kubectl = place.kubectl(run)
  const made = (await place.made(run)).filter(({ object }) => object.kind !== 'Job')
  const wanted = made.map(({ object }) => object)
  const live = await kubectl.getLive(wanted)
  // Nothing of it was deployed yet, or all of it was deleted: that is no drift.
  if (live.length === 0) return []
  const find = lookup(live)
  const deployed = wanted.filter((object) => stateOf(object, find(object)) === 'same')
  const diffs = await liveDifferences(kubectl, deployed.map(withHash))
  return made.flatMap((one) => {
    const there = find(one.object)
    const diff = diffs.get(keyOf(one.object))
    if (!there) return [one]
    return diff === undefined ? [] : [{ ...one, live: there, diff }]
  })
}

/** As it is shown. */
export function shownDrift({ object, live, diff }: Drifted, adoptable: boolean): Drift {
  return { object: keyOf(object), missing: live === undefined, diff, adoptable }
}
