import type { ProgressNews } from '../rest/operation-events.ts'
import type { Step } from '../rest/types.ts'

export interface StepView {
  id: string
  title: string
  state: string
  /** `2/6`, for a step of a group `2/6 · 1/3`. */
  position: string
  /** 0 for a step of the operation itself, 1 for a step of a group. */
  depth: number
  /** Whether it consists of other steps. */
  group: boolean
  /** Which try it is, from 1; 0 before the first one. */
  attempt: number
  /** What it last said, such as what it waits for. */
  message: string
  /** When the step was seen to start, in ms since the epoch. */
  startedAt?: number
  /** How long it took, in seconds, when that is known. */
  seconds?: number
}

/** What is known of an operation that is being followed. */
export interface OperationView {
  id: string
  /** Tells operations apart when several are followed together. */
  label?: string
  status: string
  steps: StepView[]
}

/** An operation of which nothing is known yet. */
export function newOperationView(id: string, label?: string): OperationView {
  return { id, label, status: 'pending', steps: [] }
}

/** The view after news of progress; `now` in ms. News that were seen before change nothing. */
export function withProgress(view: OperationView, news: ProgressNews, now: number): OperationView {
  const status = news.status ?? view.status
  return { ...view, status, steps: news.steps ? stepViews(news.steps, view.steps, now) : view.steps }
}

/** Whether a step needs nothing more. */
export function isOver({ state }: StepView): boolean {
  return state !== 'pending' && state !== 'running'
}

/** True when there were steps and every one of them had been done before. */
export function wasAlreadyDone(view: OperationView): boolean {
  return view.steps.length > 0 && view.steps.every((step) => step.state === 'skipped')
}

function stepViews(steps: Step[], before: StepView[], now: number): StepView[] {
  const views = new Map<string, StepView>()
  for (const step of steps) {
    const parent = step.parent ? views.get(step.parent) : undefined
    const siblings = steps.filter((other) => (other.parent ?? undefined) === (step.parent ?? undefined))
    const place = `${siblings.indexOf(step) + 1}/${siblings.length}`
    views.set(step.id, {
      id: step.id,
      title: step.title,
      state: step.state,
      position: parent ? `${parent.position} · ${place}` : place,
      depth: parent ? parent.depth + 1 : 0,
      group: steps.some((other) => other.parent === step.id),
      attempt: step.attempt ?? 0,
      message: step.message ?? '',
      ...times(
        step,
        before.find(({ id }) => id === step.id),
        now,
      ),
    })
  }
  return [...views.values()]
}

/** The daemon's times count; without them only a step that was watched while it ran has a known duration. */
function times(step: Step, before: StepView | undefined, now: number): Pick<StepView, 'startedAt' | 'seconds'> {
  const startedAt = time(step.started_at) ?? before?.startedAt ?? (step.state === 'running' ? now : undefined)
  if (step.state === 'running' || startedAt === undefined) return { startedAt }
  const ended = time(step.ended_at) ?? (before?.state === 'running' ? now : undefined)
  return { startedAt, seconds: ended === undefined ? before?.seconds : (ended - startedAt) / 1000 }
}

function time(iso: string | null | undefined): number | undefined {
  const ms = iso ? Date.parse(iso) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}
