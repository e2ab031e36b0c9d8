import type { Clock } from '../../platform/clock.ts'
import { newsAndTicks } from '../../platform/news-and-ticks.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { InstancesService } from '../instances/index.ts'
import type { NodeView } from './live.ts'
import type { SeenMachine } from './model.ts'

/** Machines come and go without telling: they are looked at again this often while somebody watches, ms. */
const lookAgainMs = 5_000

/** A machine that discovery has just read, and for which instance it looked. */
export interface Sighting {
  instance: string
  machine: SeenMachine
}

export type Sightings = Signals<Sighting>

/** Machines as discovery reads them. */
export const createSightings = (): Sightings => createSignals<Sighting>()

/** Each machine that discovery reads for an instance from now on. */
export async function* sightingsOf(sightings: Sightings, instance: string): AsyncGenerator<SeenMachine> {
  for await (const sighting of sightings.iterate()) if (sighting.instance === instance) yield sighting.machine
}

/** All nodes now, and again whenever one of them became something else. */
export async function* nodesOf(
  changes: InstancesService['changes'],
  instance: string,
  list: () => Promise<NodeView[]>,
  clock: Clock,
): AsyncGenerator<NodeView[]> {
  // Heard from the beginning, so that nothing that happens while the first list is read gets lost.
  const news = changes.iterate()
  try {
    let told = ''
    const next = async (): Promise<NodeView[] | undefined> => {
      const nodes = await list()
      if (JSON.stringify(nodes) === told) return undefined
      told = JSON.stringify(nodes)
      return nodes
    }
    yield (await next())!
    for await (const change of newsAndTicks(news, lookAgainMs, clock)) {
      if (change && (change.instance !== instance || !['nodes', 'cluster', 'config'].includes(change.part))) continue
      const nodes = await next()
      if (nodes) yield nodes
    }
  } finally {
    await news.return?.()
  }
}
