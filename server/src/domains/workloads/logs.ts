import type { Clock } from '../../platform/clock.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { createSignals } from '../../platform/signals.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { type PodLine, readPodLine } from './model.ts'
import type { Place } from './place.ts'

/** Pods whose logs are read at once; the rest is left out. */
const mostPods = 12
const lookMs = 3_000
/** Unread lines kept for a reader that is slow; the oldest go first. */
const unread = 5_000

export interface LogDeps {
  reads: RunTool
  /** A runner that hands out each line while the program runs. */
  streams(line: (text: string) => void, signal: AbortSignal): RunTool
  clock: Clock
}

/** The pods that have something to say, newest first. */
async function podsOf(deps: LogDeps, place: Place, repeated = false): Promise<KubeObject[]> {
  const pods = await place.kubectl(deps.reads).get('pods', { namespace: place.namespace, repeated })
  return pods
    .filter(({ status }) => status?.phase !== 'Pending')
    .sort((a, b) => (String(a.metadata.creationTimestamp) < String(b.metadata.creationTimestamp) ? 1 : -1))
    .slice(0, mostPods)
}

/** The last lines of each pod, oldest first. A container that did not start yet has none. */
export async function lastLines(deps: LogDeps, place: Place, tail: number): Promise<PodLine[]> {
  const kubectl = place.kubectl(deps.reads)
  const texts = await Promise.all(
    (await podsOf(deps, place)).map(({ metadata }) =>
      kubectl.prefixedLogs(metadata.name, place.namespace, tail).catch(() => ''),
    ),
  )
  const lines = texts.flatMap((text) => text.split('\n')).flatMap((line) => readPodLine(line) ?? [])
  return lines.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0))
}

/** The last lines of each pod, then those that are printed from now on; pods that come later are followed too. Ends when it is returned. */
export function followLines(deps: LogDeps, place: Place, tail: number): AsyncIterableIterator<PodLine> {
  const stop = new AbortController()
  const lines = createSignals<PodLine>()
  const iterator = lines.iterate({ signal: stop.signal, limit: unread })
  const followed = new Set<string>()

  function follow(pod: KubeObject): void {
    const { name, uid } = pod.metadata
    const key = `${String(uid)} ${JSON.stringify((pod.status?.containerStatuses ?? []).map((one: { restartCount?: number }) => one.restartCount))}`
    if (followed.has(key)) return
    const again = [...followed].some((other) => other.startsWith(`${String(uid)} `))
    followed.add(key)
    const run = deps.streams((text) => {
      const line = readPodLine(text)
      if (line) lines.emit(line)
    }, stop.signal)
    // A pod that goes ends its log; the next look finds what came in its place.
    place
      .kubectl(run)
      .followLogs(name, place.namespace, again ? 0 : tail)
      .catch(() => undefined)
  }

  async function look(): Promise<void> {
    while (!stop.signal.aborted) {
      for (const pod of await podsOf(deps, place, true).catch(() => [])) if (!stop.signal.aborted) follow(pod)
      await deps.clock.sleep(lookMs, stop.signal)
    }
  }
  look().catch(() => undefined)

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => iterator.next(),
    async return() {
      stop.abort()
      await iterator.return?.()
      return { value: undefined, done: true }
    },
  }
}
