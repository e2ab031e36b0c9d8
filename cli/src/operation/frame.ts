import type { Paint } from '../output/style.ts'
import { formatSeconds } from '../output/units.ts'
import { isOver, type OperationView, type StepView } from './state.ts'
import { stepEnd, stepTitle } from './step-text.ts'

export interface FrameOptions {
  paint: Paint
  /** The spinner's present character. */
  spinner: string
  now: number
  /** The most lines that fit. */
  rows: number
}

type Choice = (step: StepView) => boolean

const everyStep: Choice = () => true
const outerAndRunning: Choice = (step) => step.depth === 0 || step.state === 'running'
const onlyRunning: Choice = (step) => step.state === 'running' || step.state === 'failed'

/** The lines that show every operation: all steps when they fit, otherwise as much as the terminal has room for. */
export function frameLines(operations: OperationView[], options: FrameOptions): string[] {
  for (const choice of [everyStep, outerAndRunning]) {
    const lines = operations.flatMap((operation) => section(operation, choice, options))
    if (lines.length <= options.rows) return lines
  }
  const short = operations.flatMap((operation) => section(operation, onlyRunning, options))
  return short.slice(0, options.rows)
}

/** Every step as it ended, to stay on the screen when the display closes. */
export function finalLines(operations: OperationView[], options: FrameOptions): string[] {
  return operations.flatMap((operation) => section(operation, everyStep, options))
}

function section(operation: OperationView, choice: Choice, options: FrameOptions): string[] {
  const { label, steps } = operation
  const indent = label ? '  ' : ''
  const lines = steps.filter(choice).map((step) => `${indent}${'  '.repeat(step.depth)}${stepLine(step, options)}`)
  if (choice === onlyRunning) lines.unshift(`${indent}${options.paint('dim', countText(steps))}`)
  return label ? [options.paint('bold', label), ...lines] : lines
}

function countText(steps: StepView[]): string {
  const single = steps.filter((step) => !step.group)
  return `${single.filter(isOver).length} of ${single.length} steps done`
}

function stepLine(step: StepView, { paint, spinner, now }: FrameOptions): string {
  const title = stepTitle(step)
  switch (step.state) {
    case 'pending':
      return paint('dim', `· ${title}`)
    case 'blocked':
      return paint('dim', `· ${title} … ${stepEnd(step)}`)
    case 'running':
      return `${paint('blue', spinner)} ${title} … ${paint('dim', runningText(step, now))}`
    case 'failed':
      return `${paint('red', '✖')} ${title} … ${paint('red', stepEnd(step))}`
    case 'cancelled':
      return `${paint('yellow', '■')} ${title} … ${stepEnd(step)}`
    default:
      return `${paint('green', '✔')} ${title} … ${paint('dim', stepEnd(step))}`
  }
}

function runningText({ startedAt, message }: StepView, now: number): string {
  const elapsed = formatSeconds(Math.max(0, now - (startedAt ?? now)) / 1000)
  return message ? `${elapsed}  ${message}` : elapsed
}
