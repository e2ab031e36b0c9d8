import type { Paint } from '../output/style.ts'
import { formatSeconds } from '../output/units.ts'
import type { Plan, PlannedStep } from '../rest/types.ts'

/** A plan as lines for a person: each step with what would become of it, below it the commands and file differences. */
export function planLines(plan: Plan, paint: Paint): string[] {
  return [
    paint('bold', `Plan: ${plan.title}`),
    ...(plan.usual_ms ? [paint('dim', usualText(plan.usual_ms))] : []),
    ...plan.steps.flatMap((step) => stepLines(step, plan.steps, paint)),
    summary(plan),
  ]
}

/** `Usually takes 2m 10s.` */
export function usualText(ms: number): string {
  return `Usually takes ${formatSeconds(ms / 1000)}.`
}

/** A step whose changes are known only when earlier ones have run. */
function isUnknown({ state, reason }: PlannedStep): boolean {
  return state === 'would_run' && Boolean(reason)
}

function stepLines(step: PlannedStep, all: PlannedStep[], paint: Paint): string[] {
  const indent = '  '.repeat(depth(step, all))
  const group = all.some(({ parent }) => parent === step.id)
  const why = step.reason ? ` (${step.reason})` : ''
  return [
    `${indent}${mark(step, paint)} ${step.title}${group ? '' : ` … ${verdict(step)}${why}`}`,
    ...step.changes.flatMap(({ kind, text, diff }) => [
      `${indent}    ${kind === 'command' ? paint('bold', `$ ${text}`) : text}`,
      ...(diff ? diffLines(diff, paint).map((line) => `${indent}      ${line}`) : []),
    ]),
  ]
}

function depth(step: PlannedStep, all: PlannedStep[]): number {
  const parent = step.parent ? all.find(({ id }) => id === step.parent) : undefined
  return parent ? depth(parent, all) + 1 : 0
}

function mark(step: PlannedStep, paint: Paint): string {
  if (step.state === 'done') return paint('green', '✔')
  if (step.state === 'would_fail') return paint('red', '✖')
  return isUnknown(step) ? paint('yellow', '?') : paint('blue', '→')
}

function verdict(step: PlannedStep): string {
  if (step.state === 'done') return 'done already'
  if (step.state === 'would_fail') return 'cannot run'
  return isUnknown(step) ? 'unknown yet' : 'would run'
}

function diffLines(diff: string, paint: Paint): string[] {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('+')) return paint('green', line)
      return line.startsWith('-') ? paint('red', line) : line
    })
}

function summary({ steps, nothing_to_do }: Plan): string {
  if (nothing_to_do) return 'Everything is done already.'
  const single = steps.filter(({ id }) => !steps.some(({ parent }) => parent === id))
  const count = (wanted: (step: PlannedStep) => boolean) => single.filter(wanted).length
  const parts: [number, string][] = [
    [count(({ state }) => state === 'done'), 'done already'],
    [count((step) => step.state === 'would_run' && !isUnknown(step)), 'would run'],
    [count(isUnknown), 'unknown yet'],
    [count(({ state }) => state === 'would_fail'), 'cannot run'],
  ]
  return `${single.length} step${single.length === 1 ? '' : 's'}: ${parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number} ${words}`)
    .join(', ')}.`
}
