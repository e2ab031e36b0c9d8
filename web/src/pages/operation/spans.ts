import type { FeedStep } from '../../graphql/operation-feed.ts'

/** A step as a bar: where it begins and how long it is, in percent of the whole. */
export interface Bar {
  step: FeedStep
  /** How many steps it is inside of. */
  depth: number
  /** It holds other steps. */
  group: boolean
  left: number
  width: number
  /** Milliseconds from the beginning of the operation, and how long it took. */
  afterMs: number
  tookMs: number
}

/** Pure: the steps that took time, in their order, between two moments in milliseconds. Steps at work reach to the end. */
export function barsOf(steps: readonly FeedStep[], from: number, to: number): Bar[] {
  const whole = Math.max(1, to - from)
  const within = (moment: number) => Math.min(to, Math.max(from, moment)) - from
  const parents = new Map(steps.map(({ id, parent }) => [id, parent]))
  const depthOf = (id: string | null): number => (id === null ? 0 : 1 + depthOf(parents.get(id) ?? null))
  const holders = new Set(steps.map(({ parent }) => parent))
  return steps
    .filter(({ startedAt, state }) => startedAt !== null && state !== 'skipped')
    .map((step) => {
      const afterMs = within(Date.parse(step.startedAt!))
      const tookMs = Math.max(0, within(step.endedAt ? Date.parse(step.endedAt) : to) - afterMs)
      const group = holders.has(step.id)
      const share = (ms: number) => (ms / whole) * 100
      return { step, depth: depthOf(step.parent), group, left: share(afterMs), width: share(tookMs), afterMs, tookMs }
    })
}

const niceMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].map((seconds) => seconds * 1_000)

/** The words of a tick stand to its right: nearer to the end than this they would not fit. */
const lastShare = 0.85

/** Pure: round moments inside a length of time, at most `most` of them, without its ends. */
export function ticksOf(wholeMs: number, most: number): number[] {
  const every = niceMs.find((ms) => wholeMs / ms <= most) ?? Math.ceil(wholeMs / most / 3_600_000) * 3_600_000
  const ticks: number[] = []
  for (let at = every; at < wholeMs * lastShare; at += every) ticks.push(at)
  return ticks
}
