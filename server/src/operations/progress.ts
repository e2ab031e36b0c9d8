import type { OperationRecord, StepRecord } from './record.ts'

const ended = new Set(['done', 'skipped'])

function share(step: StepRecord, children: Map<string | undefined, StepRecord[]>): number {
  if (ended.has(step.state)) return 1
  const inner = children.get(step.id)
  return inner?.length ? weighted(inner, children) : step.progress / 100
}

function weighted(steps: StepRecord[], children: Map<string | undefined, StepRecord[]>): number {
  const total = steps.reduce((sum, step) => sum + step.weight, 0)
  if (total === 0) return 0
  return steps.reduce((sum, step) => sum + step.weight * share(step, children), 0) / total
}

/** 0–100 from the steps' weights and states; a group counts as its children do. */
export function overallProgress(steps: StepRecord[]): number {
  const children = byParent(steps)
  return Math.floor(100 * weighted(children.get(undefined) ?? [], children))
}

function byParent(steps: StepRecord[]): Map<string | undefined, StepRecord[]> {
  const children = new Map<string | undefined, StepRecord[]>()
  for (const step of steps) children.set(step.parent, [...(children.get(step.parent) ?? []), step])
  return children
}

/**
 * Median duration, ms, of runs that really did something (one where every step was done already says nothing).
 * Undefined with fewer than two of them.
 */
export function usualDuration(records: OperationRecord[]): number | undefined {
  const real = records.filter(({ steps }) => steps.some(({ state }) => state === 'done'))
  const times = real
    .map(({ startedAt, completedAt }) => Date.parse(completedAt ?? '') - Date.parse(startedAt ?? ''))
    .filter((ms) => ms >= 0)
    .sort((a, b) => a - b)
  return times.length < 2 ? undefined : times[Math.floor(times.length / 2)]
}
