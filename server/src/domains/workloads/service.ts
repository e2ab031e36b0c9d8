import type { OperationRecord, Operations } from '../../operations/engine.ts'
import type { Door } from '../../platform/door.ts'
import { invalid } from '../../platform/errors.ts'
import type { ClusterEvent } from '../objects/index.ts'
import { eventsIn } from '../objects/index.ts'
import { adoptionOf } from './adoption.ts'
import { readDetails } from './details.ts'
import { drifted, shownDrift } from './drift.ts'
import { followLines, type LogDeps, lastLines } from './logs.ts'
import type { Details, Drift, PodLine, WorkloadInput } from './model.ts'
import { type PlaceDeps, placeOf } from './place.ts'
import { driftOperation } from './put-back/operation.ts'

/** What services and apps have in common once they are in the cluster. */
export interface WorkloadsService {
  /** Throws NOT_FOUND, CONFLICT (no cluster), CLUSTER_UNREACHABLE. */
  details(input: WorkloadInput): Promise<Details>
  /** The details now, and again when they have changed. */
  watch(input: WorkloadInput): AsyncGenerator<Details>
  logs(input: WorkloadInput, tail: number): Promise<PodLine[]>
  followLogs(input: WorkloadInput, tail: number): Promise<AsyncIterableIterator<PodLine>>
  events(input: WorkloadInput): Promise<ClusterEvent[]>
  followEvents(input: WorkloadInput): AsyncGenerator<ClusterEvent>
  /** What somebody changed or deleted in the cluster. */
  drift(input: WorkloadInput): Promise<Drift[]>
  /** Puts it back, or with `adopt` takes it over into the files; all of it, or only these objects. */
  settle(input: WorkloadInput & { adopt?: boolean; objects?: string[] }, via: Door): Promise<OperationRecord>
}

export interface WorkloadsDeps extends PlaceDeps, LogDeps {
  operations: Operations
  secrets: { allValues(instance: string): Promise<string[]> }
}

const lookMs = 2_000
const mostLines = 5_000

function checkTail(tail: number): number {
  if (!Number.isInteger(tail) || tail < 0 || tail > mostLines)
    throw invalid('tail', `tail: a whole number from 0 to ${mostLines}.`)
  return tail
}

/** Workloads over catalog, files and cluster; defines `workload.drift`. */
export function createWorkloadsService(deps: WorkloadsDeps): WorkloadsService {
  deps.operations.define(driftOperation(deps))
  const { reads, clock } = deps

  async function details(input: WorkloadInput): Promise<Details> {
    const place = await placeOf(deps, input)
    return readDetails(place, { reads, paths: deps.instances.paths(place.instance), now: clock.now() })
  }

  async function events(input: WorkloadInput, repeated = false): Promise<ClusterEvent[]> {
    const place = await placeOf(deps, input)
    return eventsIn(place.kubectl(reads), place.namespace, repeated)
  }

  async function* watch(input: WorkloadInput): AsyncGenerator<Details> {
    let told = ''
    for (let first = true; ; first = false) {
      try {
        const now = await details(input)
        const text = JSON.stringify(now)
        if (text !== told) yield now
        told = text
      } catch (error) {
        // A cluster that falls silent while somebody looks comes back.
        if (first) throw error
      }
      await clock.sleep(lookMs)
    }
  }

  async function* followEvents(input: WorkloadInput): AsyncGenerator<ClusterEvent> {
    const seen = new Map<string, number>()
    for (let first = true; ; first = false) {
      try {
        for (const event of await events(input, true)) {
          if (seen.get(event.id) === event.count) continue
          seen.set(event.id, event.count)
          yield event
        }
      } catch (error) {
        if (first) throw error
      }
      await clock.sleep(lookMs)
    }
  }

  return {
    details,
    watch,
    events,
    followEvents,
    logs: async (input, tail) => lastLines(deps, await placeOf(deps, input), checkTail(tail)),
    followLogs: async (input, tail) => followLines(deps, await placeOf(deps, input), checkTail(tail)),
    async drift(input) {
      const place = await placeOf(deps, input)
      return Promise.all(
        (await drifted(reads, place)).map(async (found) =>
          shownDrift(found, (await adoptionOf(place, found)) !== undefined),
        ),
      )
    },
    settle: (input, via) => deps.operations.start('workload.drift', input, via),
  }
}
