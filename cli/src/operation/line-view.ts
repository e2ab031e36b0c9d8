import type { Messages } from '../output/messages.ts'
import type { ProgressView } from './progress-view.ts'
import { isOver, type OperationView, type StepView } from './state.ts'
import { stepEnd, stepTitle } from './step-text.ts'

/** A step gets a line when it ends; one that takes longer than this gets another when it is under way. */
const SAY_STARTED_AFTER_MS = 10_000

/** The display for files and pipes. */
export function createLineView(messages: Messages): ProgressView {
  const told = new Map<string, string>()
  const timers = new Map<string, NodeJS.Timeout>()

  const tell = (operation: OperationView, step: StepView) => {
    const key = `${operation.id}/${step.id}`
    const line = `${prefix(operation)}${stepTitle(step)} …`
    if (step.state === 'running' && !step.group && !timers.has(key)) {
      timers.set(key, setTimeout(() => messages.info(line), SAY_STARTED_AFTER_MS).unref())
    }
    // What was never started needs no line: the step that failed says enough.
    if (!isOver(step) || step.state === 'blocked' || told.get(key) === step.state) return
    told.set(key, step.state)
    clearTimeout(timers.get(key))
    level(messages, step)(`${line} ${stepEnd(step)}`)
  }

  return {
    update(operations) {
      for (const operation of operations) for (const step of operation.steps) tell(operation, step)
    },
    log: (operation, message) => messages.plain(`  ${prefix(operation)}${message}`),
    note: (text) => messages.warning(text),
    close() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function level(messages: Messages, { state }: StepView): (text: string) => void {
  if (state === 'failed') return messages.error
  return state === 'cancelled' ? messages.warning : messages.info
}

function prefix(operation: OperationView): string {
  return operation.label ? `${operation.label}: ` : ''
}
