import type { StepRecord } from './record.ts'

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
